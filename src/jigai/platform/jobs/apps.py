"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work in the background with progress, cancelling and resuming (任务)."""

    name = "jigai.platform.jobs"
    label = "jobs"
    verbose_name = "任务"
