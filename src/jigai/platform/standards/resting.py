"""Which devices in sight rest on a row of a dataset: those of a finding, and those of which nothing is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from jigai.platform.ledger.models import Device
from jigai.platform.screening.models import Finding, RestsOn
from jigai.reference import Dataset

NAMES: Final = ("entry_id", "life_class")
"""Columns whose value findings name as their rule."""
PAGE: Final = 50
"""Devices on a page."""


@dataclass(frozen=True)
class Resting:
    """What rests on a rule: lines, machines and enterprises, and by verdict how many lines and machines."""

    lines: int
    machines: int
    enterprises: int
    verdicts: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Judged:
    """A device that rests on a rule: what came of it there; ``finding`` is None where that needs nobody."""

    device: Device
    check: str
    outcome: str
    finding: Finding | None


def rule_of(dataset: Dataset, row: dict[str, Any]) -> str:
    """Return what findings call the rule of a row; empty where none rests on a single row.

    A standard's limits are named by dataset and product, for a device is compared with a table, not with one row.
    """
    for name in NAMES:
        if row.get(name):
            return str(row[name])
    return f"{dataset.id}:{row['product']}" if dataset.check == "efficiency" and row.get("product") else ""


def resting_on(dataset: Dataset, rule: str = "") -> Resting:
    """Return how much rests on a rule of a dataset, on the whole dataset where no rule is named."""
    named = [Q(pk__in=rows.order_by().values("device")) for rows in _rows(dataset, rule)]
    devices = Device.objects.filter(named[0] | named[1], gone_at=None)
    counted = devices.order_by().values("verdict").annotate(lines=Count("pk"), machines=Sum(Coalesce("quantity", 1)))
    verdicts = {one["verdict"]: (one["lines"], one["machines"]) for one in counted}
    lines, machines = (sum(each[place] for each in verdicts.values()) for place in (0, 1))
    enterprises = devices.order_by().aggregate(n=Count("legal_person", distinct=True))["n"] if lines else 0
    return Resting(lines, machines, enterprises, verdicts)


def page_of(dataset: Dataset, rule: str, verdict: str, after: int) -> tuple[list[Judged], int]:
    """Return a page of the devices that rest on a rule, and the key of the next page (0: it is the last).

    Pages are cut by the number of the device, so that the hundredth costs what the first does.

    Args:
        dataset: the dataset.
        rule: what findings call the rule.
        verdict: only devices of this verdict; empty for all.
        after: the key of the page; 0 is the first.
    """
    numbers: set[int] = set()
    for rows in _rows(dataset, rule):
        mine = rows.filter(device__gt=after, device__gone_at=None)
        mine = mine.filter(device__verdict=verdict) if verdict else mine
        numbers.update(mine.order_by("device").values_list("device", flat=True).distinct()[: PAGE + 1])
    shown = sorted(numbers)[:PAGE]
    devices = Device.objects.select_related("site").in_bulk(shown)
    found = _first(_rows(dataset, rule)[0].filter(device__in=shown).order_by("pk"))
    rests = _first(_rows(dataset, rule)[1].filter(device__in=shown).order_by("pk"))
    judged = [_judged(devices[number], found.get(number), rests.get(number)) for number in shown if number in devices]
    return judged, shown[-1] if len(numbers) > PAGE else 0


def _rows(dataset: Dataset, rule: str) -> tuple[QuerySet[Finding], QuerySet[RestsOn]]:
    named = {"dataset": dataset.id, **({"rule_id": rule} if rule else {})}
    return Finding.objects.filter(**named), RestsOn.objects.filter(**named)


def _first(rows: Iterable[Any]) -> dict[int, Any]:
    told: dict[int, Any] = {}
    for row in rows:
        told.setdefault(row.device_id, row)
    return told


def _judged(device: Device, finding: Finding | None, rests: RestsOn | None) -> Judged:
    told = finding or rests
    return Judged(device, told.check_name if told else "", told.outcome if told else "", finding)
