"""A plan in force and kept sums for tests of the scorecard: numbers an officer can check by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils import timezone
from tests.platform.people import EAST, WEST

from jigai.plan.file import read_plan
from jigai.platform.plan.models import IndicatorValue, PlanVersion

PLANS = Path(__file__).parents[3] / "plans"
YEAR = 2025


def put_in_force(name="panzhihua-2024"):
    """Have figures go by a plan of this project."""
    place = PLANS / name
    plan = read_plan(place)
    PlanVersion.objects.filter(in_force=True).update(in_force=False)
    return PlanVersion.objects.create(
        title=plan.title.zh, content=(place / "plan.yaml").read_text(encoding="utf-8"), text=plan.text.content,
        content_hash=plan.content_hash, loaded_at=timezone.now(), loaded_by="x", in_force=True,
    )  # fmt: skip


def keep_sums(indicator, units, period=YEAR, known_on=None, reason=""):
    """Keep sums of units (code → numerator, denominator, should, reported) and of the city they make up."""
    city = [sum(column, Decimal(0)) for column in zip(*units.values(), strict=True)] or [0, 0, 1, 0]
    for partition, key, numbers in [("city", "", city), *(("manager", code, one) for code, one in units.items())]:
        numerator, denominator, should, reported = numbers
        IndicatorValue.objects.create(
            indicator=indicator, partition=partition, key=key, period=str(period), known_on=known_on,
            numerator=numerator, denominator=denominator, should=should, reported=reported,
            data_date=date(2026, 3, 1), reason=reason if partition == "city" else "", computed_at=timezone.now(),
        )  # fmt: skip


def sample():
    """East does well and reports in full; West reports little, and has no line that is judged.

    Of ten above-scale enterprises six are in the east. Nobody has a project library.
    """
    version = put_in_force()
    keep_sums("equipment_investment_cumulative", {EAST: (12 * 10**8, 0, 12, 12), WEST: (4 * 10**8, 0, 12, 12)})
    keep_sums("equipment_investment_growth", {EAST: (150, 120, 1, 1), WEST: (90, 100, 1, 1)})
    keep_sums("capacity_below_baseline", {EAST: (0, 0, 2, 2)})
    keep_sums("capacity_at_benchmark", {EAST: (15, 100, 2, 2)})
    keep_sums("digital_coverage", {EAST: (3, 6, 6, 6), WEST: (1, 1, 4, 1)})
    keep_sums("digital_coverage", {EAST: (0, 6, 6, 6), WEST: (0, 4, 4, 4)}, period=2023)
    keep_sums("design_tool_rate", {EAST: (6, 6, 6, 6), WEST: (2, 2, 4, 2)})
    keep_sums("nc_rate", {EAST: (Decimal("4.5"), 6, 6, 6), WEST: (1, 2, 4, 2)})
    keep_sums("renovation_projects", {}, reason="项目库尚未建立")
    keep_sums("green_factories", {EAST: (3, 0, 3, 3)})
    keep_sums("obsolete_closed", {EAST: (8, 8, 8, 8), WEST: (0, 3, 3, 3)})
    keep_sums("saving_level_share", {EAST: (40, 100, 2, 2), WEST: (10, 100, 2, 2)})
    return version
