"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The interface for other systems (接口)."""

    name = "jigai.platform.api"
    label = "api"
    verbose_name = "接口"
