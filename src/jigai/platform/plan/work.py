"""What is computed: the indicators in use, their parameters, and for which periods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol

import polars as pl

from jigai import __version__
from jigai.plan.period import Period
from jigai.plan.sources import Sources
from jigai.plan.standings import standings
from jigai.platform.plan.models import PlanVersion
from jigai.platform.plan.versions import in_force
from jigai.platform.standards import active

MODULE: Final = "jigai.plan.registry"
FIRST_YEAR: Final = 2023
"""The year the plan's growth is measured against."""


class Indicator(Protocol):
    """What is asked of an indicator of the registry.

    Where it also says ``finance`` (its contributions are for finance.view), ``monthly`` (computed for months too) and
    ``sources`` (names it reads), that is heeded. Of one legal person it must rest on rows of that person and of nobody
    in particular, so that those who changed can be computed anew by themselves; ``jigai manage plan check`` shows one
    that does not.
    """

    def compute(self, sources: Sources, period: Period, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """Return the contributions of everybody who should contribute."""


@dataclass(frozen=True)
class Work:
    """Indicators by their id, with the parameters of the plan."""

    registry: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def periods(self, name: str, day: date) -> Iterator[Period]:
        """Yield the periods an indicator is computed for as known on ``day``: years, and months of monthly ones."""
        monthly = getattr(self.registry[name], "monthly", False)
        for year in range(FIRST_YEAR, day.year + 1):
            yield Period(year)
            if monthly:
                last = day.month if year == day.year else 12
                yield from (Period(year, month) for month in range(1, last + 1))

    def parts(self, day: date) -> list[tuple[str, Period]]:
        """Return every indicator with every period."""
        return [(name, period) for name in sorted(self.registry) for period in self.periods(name, day)]

    def reason(self, name: str, sources: Sources, found: pl.DataFrame | None = None) -> str:
        """Return why an indicator has nothing to add up: the words of a source that is absent, else the key of the
        reason that a contribution among ``found`` gives by its standing.
        """
        wanted = getattr(self.registry[name], "sources", ())
        absent = " ".join(sources.absent[one] for one in wanted if one in sources.absent)[:200]
        if absent or found is None:
            return absent
        given = set(found["standing"])
        return next((one.reason for key, one in standings().items() if one.reason and key in given), "")

    def is_financial(self, name: str) -> bool:
        """Tell whether what each contributes needs the capability finance.view."""
        return bool(getattr(self.registry.get(name), "finance", False))

    @property
    def basis(self) -> str:
        """A hash of what figures rest on beside the sources; where it changes all are computed anew."""
        plan = PlanVersion.objects.filter(in_force=True).values_list("content_hash", flat=True).first()
        parts = [__version__, plan, sorted(self.registry), dict(self.parameters), active.in_use().packages]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def in_use() -> Work:
    """Return the indicators of this installation with the parameters of the plan in force."""
    if find_spec(MODULE) is None:
        return Work({})
    plan = in_force()
    parameters = import_module("jigai.plan.parameters").parameters()
    return Work(import_module(MODULE).registry(), plan.plan.values(parameters) if plan else {})
