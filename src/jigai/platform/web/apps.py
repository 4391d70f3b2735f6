"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What all pages share: layout, lists, forms, errors."""

    name = "jigai.platform.web"
    label = "web"
    verbose_name = "页面"
