"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what when, in a chain that shows tampering (审计)."""

    name = "jigai.platform.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Listen for people signing in and out."""
        from jigai.platform.audit.signins import connect

        connect()
