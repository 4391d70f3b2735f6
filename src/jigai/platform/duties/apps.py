"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """The task ledger (任务台账)."""

    name = "jigai.platform.duties"
    label = "duties"
    verbose_name = "任务台账"

    def ready(self) -> None:
        """Tell the bulletin who knows what is late."""
        from jigai.platform.duties import bulletin
        from jigai.platform.reporting import overdue

        overdue.provide(bulletin.overdue)
