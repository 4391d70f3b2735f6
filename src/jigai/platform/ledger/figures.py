"""Machines by managing unit or county, for the workbench: how many there are, and how many must go."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Sum, Value, When
from django.db.models.functions import Coalesce

from jigai.platform.ledger.models import Device
from jigai.platform.ledger.offered import kept


@dataclass(frozen=True)
class Machines:
    """Machines of one unit, weighted by quantity: ``total``, and those that must be replaced."""

    total: int
    must_replace: int


def machines_by(partition: str) -> dict[str, Machines]:
    """Return the machines in scope by ``manager_code`` or ``place_code``; kept until devices change or are judged."""

    def count() -> list[str]:
        machines = Coalesce(F("quantity"), 1)
        must = Case(When(verdict="must_replace", then=machines), default=Value(0), output_field=IntegerField())
        rows = Device.objects.filter(gone_at=None).order_by().values_list(partition)
        return [json.dumps(row) for row in rows.annotate(total=Sum(machines), must=Sum(must))]

    told = [json.loads(one) for one in kept(f"machines {partition}", count)]
    return {code: Machines(total or 0, must or 0) for code, total, must in told}
