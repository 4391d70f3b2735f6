"""Which devices in sight rest on a row of a dataset: by the findings of the runs in force that need someone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from jigai.platform.ledger.models import Device
from jigai.platform.screening.models import Finding
from jigai.reference import Dataset

NAMES: Final = ("entry_id", "life_class")
"""Columns whose value findings name as their rule."""


@dataclass(frozen=True)
class Resting:
    """Findings that name a rule: the rows, and lines, machines and enterprises behind them."""

    findings: QuerySet[Finding]
    lines: int
    machines: int
    enterprises: int


def rule_of(dataset: Dataset, row: dict[str, Any]) -> str:
    """Return what findings call the rule of a row; empty where none rests on a single row.

    A standard's limits are named by dataset and product, for a device is compared with a table, not with one row.
    """
    for name in NAMES:
        if row.get(name):
            return str(row[name])
    return f"{dataset.id}:{row['product']}" if dataset.check == "efficiency" and row.get("product") else ""


def resting_on(dataset: Dataset, rule: str = "") -> Resting:
    """Return what rests on a rule of a dataset, on the whole dataset where no rule is named."""
    found = Finding.objects.filter(dataset=dataset.id)
    if rule:
        found = found.filter(rule_id=rule)
    told = Device.objects.filter(pk__in=found.order_by().values("device")).aggregate(
        lines=Count("pk"), machines=Sum(Coalesce("quantity", 1)), enterprises=Count("legal_person", distinct=True)
    )
    rows = found.select_related("device", "device__site").order_by("pk")
    return Resting(rows, told["lines"], told["machines"] or 0, told["enterprises"])
