"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Messages to people: one outbox, several ways out (通知)."""

    name = "jigai.platform.notices"
    label = "notices"
    verbose_name = "通知"
