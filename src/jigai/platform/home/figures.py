"""The region or the enterprise at a glance: figures for the workbench, each with the list behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from jigai.platform.enterprises.models import AboveScale, Line, Site
from jigai.platform.ledger.figures import Machines, machines_by
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.web.period import When


@dataclass(frozen=True)
class UnitRow:
    """One managing unit or county: how much of each, and the address of the list behind it."""

    code: str
    name: str
    above_scale: int
    sites: int
    lines: int
    url: str
    machines: int = 0
    must_replace: int = 0
    devices_url: str = ""


def by_unit(when: When, *, devices: bool = False) -> list[UnitRow]:
    """Return a row per managing unit or county in scope, with ``devices`` its machines too; units where nothing lies
    are left out."""
    machines = machines_by(when.partition) if devices else {}
    narrowed = "manager" if when.partition == "manager_code" else "place"
    counts = {
        "above_scale": _count(AboveScale.objects.filter(year=when.year, superseded_at=None), when.partition),
        "sites": _count(Site.objects.filter(active=True), when.partition),
        "lines": _count(Line.objects.filter(retired=None), when.partition),
    }
    present = set().union(*counts.values())
    rows = []
    for code, name in _units(when.partition):
        if code in present:
            query = urlencode({when.partition: code, "above_scale": when.year})
            url = f"{reverse('enterprises:list')}?{query}"
            own = machines.get(code, Machines(0, 0))
            more = {
                "machines": own.total,
                "must_replace": own.must_replace,
                "devices_url": f"{reverse('ledger:list')}?{narrowed}={code}",
            }
            numbers = {key: found.get(code, 0) for key, found in counts.items()}
            rows.append(UnitRow(code, name, url=url, **numbers, **more))  # type: ignore[arg-type]
    return rows


def total(rows: Iterable[UnitRow], name: str) -> int:
    """Return the sum of one column."""
    return sum(getattr(row, name) for row in rows)


def _count(rows: Any, partition: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(partition).annotate(number=Count("pk")))


def _units(partition: str) -> list[tuple[str, str]]:
    if partition == "manager_code":
        return [(unit.code, str(unit)) for unit in ManagingUnit.objects.all()]
    return [(place.code, place.name) for place in Place.objects.filter(level="county")]
