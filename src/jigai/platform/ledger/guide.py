"""What the city's plan wants renewed: the sector guide as a filter of devices, and what it says of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import polars as pl
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.models import Device
from jigai.reference.condition import Condition, Test
from jigai.screening.sector_guide import OUTCOMES, directions, entries, triggers

_LOOKUPS: Final = {"=": "in", "in": "in", "!=": "in", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def choices() -> Sequence[tuple[str, str]]:
    """Return the entries of the guide in force today, by what they want renewed."""
    return [(row["entry_id"], f"{_said(row, 'focus')}（{row['clause']}）") for row in _entries()]


def by_entry(rows: QuerySet[Device], entry_id: str) -> QuerySet[Device]:
    """Narrow devices to those whose renewal an entry of the guide wants now; an unknown entry narrows nothing."""
    row = next((one for one in _entries() if one["entry_id"] == entry_id), None)
    if row is None:
        return rows
    meant = [Q(name__contains=word) | Q(model__contains=word) for word in row["name_any"] or ()]
    if row["kinds"]:
        meant.append(Q(kind__in=row["kinds"]))
    rows = rows.filter(reduce(or_, meant))
    if row["sectors"] or row["industries"]:
        rows = rows.filter(industry_code__in=row["classes"])
    rules = triggers(reference(timezone.localdate()))[row["trigger"]]
    return rows.filter(reduce(or_, [_holds(one) for one in rules]))


def of_device(device: Device) -> list[dict[str, Any]]:
    """Return what the guide says of a device: ``focus``, ``direction``, ``clause``, and ``due`` (None: not known)."""
    known = {name: getattr(device, name) or None for name in ("kind", "name", "model", "industry_code", *OUTCOMES)}
    frame = pl.DataFrame([{"device_id": str(device.pk), **known}], schema_overrides=dict.fromkeys(known, pl.String()))
    told = directions(frame, reference(timezone.localdate())).to_dicts()
    return [
        {"focus": _said(row, "focus"), "direction": _said(row, "direction"), "clause": row["clause"], "due": row["due"]}
        for row in told
    ]


def _entries() -> list[dict[str, Any]]:
    return entries(reference(timezone.localdate()))


def _said(row: dict[str, Any], what: str) -> str:
    return str(row[f"{what}_en" if (get_language() or "").startswith("en") else f"{what}_zh"])


def _holds(condition: Condition) -> Q:
    return reduce(and_, [_test(one) for one in condition.tests])


def _test(test: Test) -> Q:
    several = _LOOKUPS[test.op] == "in"
    asked = Q(**{f"{test.field}__{_LOOKUPS[test.op]}": list(test.values) if several else test.values[0]})
    return ~asked if test.op == "!=" else asked
