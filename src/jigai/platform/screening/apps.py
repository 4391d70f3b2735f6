"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Runs, the findings in force, and their comparison (筛查)."""

    name = "jigai.platform.screening"
    label = "screening"
    verbose_name = "筛查"
