"""What a scorecard is made of: items by the plan's weights, and of every unit the kept sums of their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

import polars as pl

from jigai.plan import targets
from jigai.plan.amounts import SIX
from jigai.plan.contributions import AMOUNT
from jigai.plan.figures import finish
from jigai.plan.file import Objective, Plan, Target, Words
from jigai.plan.parameters import parameters
from jigai.plan.paths import expected
from jigai.plan.period import Period
from jigai.plan.registry import Indicator
from jigai.plan.scorecard import Item
from jigai.plan.scoring import Cell
from jigai.platform.plan.models import IndicatorValue

SIZE: Final = "digital_coverage"
"""The indicator everybody on the yearly above-scale list should report to: how many should is how many there are."""
PART: Final = "·"
"""Between an objective and the number of its target, where it has several."""
SHARE: Final = "reportable_share"
_RATES: Final = ("ratio", "mean", "index", "growth")
_RANKED: Final = ("share", "growth")
_CENT: Final = Decimal("0.01")
_SUMS: Final = {"key": pl.String(), "numerator": AMOUNT, "denominator": AMOUNT, "should": pl.Int64(),
                "reported": pl.Int64(), "data_date": pl.Date()}  # fmt: skip
NOBODY: Final = ("本单位没有应报对象", "nobody of the unit should report")


@dataclass(frozen=True)
class Part:
    """One item of the scorecard with what it measures; ``number`` is that of its target in the objective, from 1."""

    item: Item
    objective: Objective
    target: Target
    number: int


@dataclass(frozen=True)
class Known:
    """One figure of one unit: value in the unit shown, and who should report and did."""

    value: Decimal | None
    should: int
    reported: int


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


def least_share(plan: Plan) -> Decimal:
    """Return the coverage below which a figure is grey (0–1)."""
    given = plan.values([SHARE]).get(SHARE, parameters()[SHARE].default)
    return Decimal(str(given))


class Kept:
    """The kept sums a scorecard needs, fetched at once."""

    def __init__(
        self, registry: Mapping[str, Any], names: Iterable[str], periods: Iterable[Period], known_on: date | None
    ) -> None:
        self.registry = registry
        wanted = sorted({*names, SIZE})
        rows = IndicatorValue.objects.filter(
            indicator__in=wanted, partition__in=("city", "manager"), known_on=known_on,
            period__in=sorted({one.key for one in periods}),
        )  # fmt: skip
        self._rows: dict[tuple[str, str, str], dict[str, IndicatorValue]] = {}
        for row in rows:
            self._rows.setdefault((row.indicator, row.period, row.partition), {})[row.key] = row
        self._made: dict[tuple[str, str], dict[str, Known]] = {}

    def city(self, name: str, period: Period) -> IndicatorValue | None:
        """Return the sums of the whole city."""
        return self._rows.get((name, period.key, "city"), {}).get("")

    def latest(self) -> Any:
        """Return when the newest of them was computed, and the last day their data was recorded."""
        rows = [one for part in self._rows.values() for one in part.values()]
        dates = [one.data_date for one in rows if one.data_date]
        return max((one.computed_at for one in rows), default=None), max(dates, default=None)

    def units(self, name: str, period: Period) -> dict[str, Known]:
        """Return the figure of every unit that has sums."""
        if (name, period.key) not in self._made:
            rows = self._rows.get((name, period.key, "manager"), {})
            self._made[name, period.key] = _figures(self.registry[name], rows.values()) if rows else {}
        return self._made[name, period.key]


def _figures(indicator: Indicator, rows: Iterable[IndicatorValue]) -> dict[str, Known]:
    told = [{name: getattr(row, name) for name in _SUMS} for row in rows]
    frame = pl.DataFrame(told, schema=_SUMS).rename({"key": "manager_code"})
    found = {}
    for row in finish(indicator, frame, ["manager_code"]).iter_rows(named=True):
        value = None if row["value"] is None else (Decimal(str(row["value"])) / indicator.scale).quantize(SIX)
        found[row["manager_code"]] = Known(value, row["should"], row["reported"])
    return found


def periods_of(parts: Sequence[Part], plan: Plan, period: Period) -> set[Period]:
    """Return every period whose figures are needed: this one, a year before, and those the targets start from."""
    starts = {start for part in parts if (start := _start(part.target, plan))}
    return {period, Period(period.year - 1, period.month), *starts}


def cells_of(parts: Sequence[Part], plan: Plan, kept: Kept, period: Period, day: date) -> list[Cell]:
    """Return what is known of every unit for every item, for ``period``; ``day`` is the last day known."""
    least = least_share(plan)
    sizes = kept.units(SIZE, period)
    found = []
    for part in parts:
        indicator, name = kept.registry[part.target.indicator], part.target.indicator
        whole = kept.city(name, period)
        now, before = kept.units(name, period), kept.units(name, Period(period.year - 1, period.month))
        start = _start(part.target, plan)
        base = kept.units(name, start) if start else {}
        counted = whole is not None and whole.reported > 0
        additive = indicator.aggregate in ("sum", "count")
        for unit in units_of(plan):
            one = now.get(unit)
            cell = Cell(unit, part.item.objective, drill=f"{name}/{period.key}/{unit}")
            if counted and whole is not None and whole.should and (one is None or not one.should):
                ranked = additive and part.item.measure in _RANKED
                known = one.value if one else None
                change = {"value": known or Decimal(0)} if ranked else {"not_applicable": NOBODY}
                cell = replace(cell, **change)
            elif counted and one is not None:
                cell = replace(cell, value=one.value, coverage=_coverage(one))
            baseline = _baseline(base.get(unit), least)
            cell = replace(
                cell,
                target=_target(part.target, indicator),
                baseline=baseline,
                expected=_expected(part.target, indicator, plan, baseline, min(day, period.end)),
                before=before[unit].value if unit in before and period.end <= day else None,
                size=Decimal(sizes[unit].should if unit in sizes else 0) if sizes else None,
            )
            found.append(cell)
    return found


def gaps(parts: Sequence[Part], kept: Kept, period: Period) -> dict[str, str]:
    """Return why an item has no figure anywhere, by item: ``not_computed``, a key of ``reasons.csv``, or in words."""
    found = {}
    for part in parts:
        whole = kept.city(part.target.indicator, period)
        if whole is None:
            found[part.item.objective] = "not_computed"
        elif not whole.reported:
            found[part.item.objective] = whole.reason or ("nothing_reported" if whole.should else "nobody")
    return found


def _coverage(one: Known) -> Decimal | None:
    return (Decimal(one.reported) / one.should).quantize(SIX, ROUND_DOWN) if one.should else None


def _target(target: Target, indicator: Indicator) -> Decimal | None:
    """Return what a unit must reach: a rate or nothing is asked of everyone alike, an amount of the city as a whole."""
    if indicator.aggregate in _RATES or target.value == 0:
        return target.value
    return None


def _start(target: Target, plan: Plan) -> Period | None:
    """Return the year whose own figure a unit starts from; None where the plan misses its baseline without a year.

    Where the plan says nothing of a baseline it is the year before it begins.
    """
    if target.baseline is not None:
        return Period(target.baseline.year) if target.baseline.year else None
    return Period(plan.period.first.year - 1)


def _baseline(one: Known | None, least: Decimal) -> Decimal | None:
    """Return where a unit started; a figure too few reported to is no beginning to measure from."""
    coverage = _coverage(one) if one else None
    if one is None or (coverage is not None and coverage < least):
        return None
    return one.value


def _expected(target: Target, indicator: Indicator, plan: Plan, baseline: Decimal | None, day: date) -> Decimal | None:
    value = _target(target, indicator)
    if value is None or target.operator in ("up", "down"):
        return None
    since = target.since.first if target.since else plan.period.first
    counting: targets.Counting = "running" if indicator.time == "cumulative" else "level"
    steps = {one.by.last: one.value for one in target.path}
    try:
        made = targets.Target(
            target.operator, value, target.unit or "", since, target.deadline, counting,  # type: ignore[arg-type]
            target.each_year, baseline, steps=steps,
        )  # fmt: skip
    except targets.TargetError:
        return None
    return expected(made.of_year(day.year), day)
