"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """The sample city (示范城市)."""

    name = "jigai.platform.sample"
    label = "sample"
    verbose_name = "示范城市"
