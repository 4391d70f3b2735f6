"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Report forms (报表)."""

    name = "jigai.platform.reporting"
    label = "reporting"
    verbose_name = "报表"
