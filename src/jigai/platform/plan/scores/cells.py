"""What a scorecard is made of: items by the plan's weights, and of every unit the kept sums of their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from jigai.plan.amounts import SIX, Both
from jigai.plan.file import Objective, Plan, Target, Words
from jigai.plan.paths import expected
from jigai.plan.period import Period
from jigai.plan.registry import Indicator
from jigai.plan.scorecard import Item
from jigai.plan.scoring import Cell
from jigai.platform.plan.goals import goal
from jigai.platform.plan.kept import Number, numbers
from jigai.platform.plan.models import IndicatorValue

CITY: Final = "city"
MANAGER: Final = "manager"
SIZE: Final = "digital_coverage"
"""The indicator everybody on the yearly above-scale list should report to: how many should is how many there are."""
PART: Final = "·"
"""Between an objective and the number of its target, where it has several."""
_RATES: Final = ("ratio", "mean", "index", "growth")
_RANKED: Final = ("share", "growth")
_CENT: Final = Decimal("0.01")
NOBODY: Final = ("本单位没有应报对象", "nobody of the unit should report")


@dataclass(frozen=True)
class Part:
    """One item of the scorecard with what it measures; ``number`` is that of its target in the objective, from 1."""

    item: Item
    objective: Objective
    target: Target
    number: int


def parts_of(plan: Plan, weights: Mapping[str, Decimal] | None = None) -> list[Part]:
    """Return the items of a plan's scorecard, in its order.

    An objective with several targets is scored by each; its weight is shared evenly, cents left over to the first.

    Args:
        plan: the plan.
        weights: other weights by objective, to try; zero leaves an objective out. None: the plan's own.

    Raises:
        ScorecardError: of the core: a weight that cannot be.
    """
    found = []
    for one in plan.scorecard.items:
        weight = one.weight if weights is None else weights.get(one.objective, one.weight)
        objective = plan.objective(one.objective)
        if weight == 0:
            continue
        for number, (target, share) in enumerate(zip(objective.targets, _shared(weight, objective), strict=True), 1):
            key = objective.id if len(objective.targets) == 1 else f"{objective.id}{PART}{number}"
            measure, operator = one.measure, target.operator
            item = Item(key, share, measure, operator, target.unit or "")  # type: ignore[arg-type]
            found.append(Part(item, objective, target, number))
    return found


def _shared(weight: Decimal, objective: Objective) -> list[Decimal]:
    count = len(objective.targets)
    each = (weight / count).quantize(_CENT, ROUND_DOWN)
    return [weight - each * (count - 1), *[each] * (count - 1)]


def units_of(plan: Plan) -> dict[str, Words]:
    """Return the units a plan compares: the code figures are kept by (their key where none is given), and the name."""
    return {one.code or one.key: one.name for one in plan.units}


class Kept:
    """The kept figures a scorecard needs, fetched at once: of the city and of every unit."""

    def __init__(
        self,
        registry: Mapping[str, Any],
        names: Iterable[str],
        periods: Iterable[Period],
        known_on: date | None,
        share: Decimal,
    ) -> None:
        self.registry = registry
        rows = IndicatorValue.objects.filter(
            indicator__in={*names, SIZE}, partition__in=(CITY, MANAGER), known_on=known_on,
            period__in={one.key for one in periods},
        )  # fmt: skip
        found = list(rows.order_by().values())
        self.computed_at = max((row["computed_at"] for row in found), default=None)
        self._numbers = numbers(found, share)

    @property
    def data_date(self) -> date | None:
        """The youngest day anything in them was recorded."""
        days = [one.data_date for held in self._numbers.values() for one in held.values() if one.data_date]
        return max(days, default=None)

    def city(self, name: str, period: Period) -> Number | None:
        """Return the figure of the whole city; None where none was computed."""
        return self._numbers.get(name, {}).get((CITY, "", period.key))

    def unit(self, name: str, period: Period | None, code: str) -> Number | None:
        """Return the figure of a unit; None where it has none."""
        return self._numbers.get(name, {}).get((MANAGER, code, period.key)) if period else None


def periods_of(parts: Sequence[Part], plan: Plan, period: Period) -> set[Period]:
    """Return every period whose figures are needed: this one, a year before, and those the targets start from."""
    starts = {start for part in parts if (start := _start(part.target, plan))}
    return {period, Period(period.year - 1, period.month), *starts}


def cells_of(parts: Sequence[Part], plan: Plan, kept: Kept, period: Period, day: date) -> list[Cell]:
    """Return what is known of every unit for every item, for ``period``; ``day`` is the last day known."""
    listed = kept.city(SIZE, period)
    sized = listed is not None and listed.should > 0
    found = []
    for part in parts:
        name = part.target.indicator
        indicator, start = kept.registry[name], _start(part.target, plan)
        before = Period(period.year - 1, period.month) if period.end <= day else None
        for unit in units_of(plan):
            size = kept.unit(SIZE, period, unit)
            baseline = _baseline(kept.unit(name, start, unit))
            cell = replace(
                _reported(part, indicator, kept.city(name, period), kept.unit(name, period, unit)),
                unit=unit,
                target=_target(part.target, indicator),
                baseline=baseline,
                expected=_expected(part.target, indicator, plan, baseline, min(day, period.end)),
                before=_value(kept.unit(name, before, unit)),
                size=Decimal(size.should if size else 0) if sized else None,
                drill=f"{name}/{period.key}/{unit}",
            )
            found.append(cell)
    return found


def _reported(part: Part, indicator: Indicator, city: Number | None, one: Number | None) -> Cell:
    """Return what a unit reported: nothing known where nobody in the city has; else a unit of which nobody should is
    not concerned, but for a number it may have nought of.
    """
    cell = Cell("", part.item.objective)
    if city is None or not city.reported:
        return cell
    if one is not None and one.should:
        return replace(cell, value=_value(one), coverage=_coverage(one))
    if part.item.measure in _RANKED and indicator.aggregate in ("sum", "count"):
        return replace(cell, value=_value(one) or Decimal(0))
    return replace(cell, not_applicable=NOBODY)


def gaps(parts: Sequence[Part], kept: Kept, period: Period) -> dict[str, Both]:
    """Return why an item has no figure anywhere, by item; empty words where it was never computed."""
    found = {}
    for part in parts:
        city = kept.city(part.target.indicator, period)
        if city is None or not city.reported:
            found[part.item.objective] = (city.reason if city else None) or Both("", "")
    return found


def _value(one: Number | None) -> Decimal | None:
    """Return a figure in the unit shown; one that nobody reported to is none, whatever its sum."""
    if one is None or one.value is None or (one.should and not one.reported):
        return None
    return one.value.quantize(SIX)


def _coverage(one: Number) -> Decimal | None:
    return None if one.coverage is None else one.coverage.quantize(SIX, ROUND_DOWN)


def _target(target: Target, indicator: Indicator) -> Decimal | None:
    """Return what a unit must reach: a rate or nothing is asked of everyone alike, an amount of the city as a whole."""
    return target.value if indicator.aggregate in _RATES or target.value == 0 else None


def _start(target: Target, plan: Plan) -> Period | None:
    """Return the year whose own figure a unit starts from; None where the plan misses its baseline without a year.

    Where the plan says nothing of a baseline it is the year before it begins.
    """
    if target.baseline is not None:
        return Period(target.baseline.year) if target.baseline.year else None
    return Period(plan.period.first.year - 1)


def _baseline(one: Number | None) -> Decimal | None:
    """Return where a unit started; a figure too few reported to is no beginning to measure from."""
    return None if one is None or one.grey else _value(one)


def _expected(target: Target, indicator: Indicator, plan: Plan, baseline: Decimal | None, day: date) -> Decimal | None:
    """Return where the unit's own path stands: from its own beginning to what the city asks of everyone."""
    made = goal(replace(target, baseline=None), plan, indicator)
    if made is None or _target(target, indicator) is None or target.operator in ("up", "down"):
        return None
    return expected(replace(made, baseline=baseline).of_year(day.year), day)
