"""``jigai manage load_places``: bring divisions, managing units and parks in line with the regions dataset."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jigai.platform.places.services import load
from jigai.platform.standards import active


class Command(BaseCommand):
    """Load the places of the city."""

    help = "装入本市的行政区划、管理主体和园区（数据集 regions，可用 JIGAI_REFERENCE 换成本市的）"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many there are."""
        try:
            loaded = load(active.reference(timezone.localdate()))
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"区划 {loaded.places}，管理主体 {loaded.managing_units}，园区 {loaded.parks}")
