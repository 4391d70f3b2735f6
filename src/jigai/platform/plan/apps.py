"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Where the plan stands (规划进展)."""

    name = "jigai.platform.plan"
    label = "plan"
    verbose_name = "规划进展"

    def ready(self) -> None:
        """Have report forms and the bulletin ask this app for figures."""
        from jigai.platform.plan.for_reports import BoardFigures
        from jigai.platform.reporting.figures import provide

        provide(BoardFigures())
