"""Where every objective of the plan stands: read from kept sums only, judged and forecast by the core.

`read_board` is the one door for pages, documents and the scorecard:

    board = read_board(actor, Ask(Period(2026), known_on=None, partition="manager"), today)
    board.objectives[0].targets[0].number.value      # the city's figure, in the unit of the target
    board.objectives[0].targets[0].units[0].number   # that of a managing unit or county
    board.objectives[0].targets[0].judgement         # `jigai.plan.judging`; words with `say`
    board.objectives[0].targets[0].forecast          # `jigai.plan.forecast`; words with `forecast_words.say`

However many enterprises report, it costs a handful of queries: nothing is added up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db.models import Q

from jigai.plan.amounts import Both
from jigai.plan.file import Objective, Plan
from jigai.plan.file import Target as Written
from jigai.plan.forecast import Forecast
from jigai.plan.judging import Judgement, Measured, judge
from jigai.plan.parameters import completed, parameters, whole
from jigai.plan.period import Period
from jigai.plan.registry import Indicator, registry
from jigai.plan.targets import Target
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.plan import ahead, goals
from jigai.platform.plan.kept import Key, Number, held_back, missing, numbers
from jigai.platform.plan.models import IndicatorValue
from jigai.platform.plan.services import FINANCE, VIEW
from jigai.platform.plan.versions import InForce, in_force
from jigai.platform.walls.actor import Actor

CITY: Final = "city"
ALL: Final = Decimal(100)
"""What a target of everybody asks for [%]."""
PARTS: Final = ("manager", "place", "division", "group")
ORDER: Final = ("behind", "at_risk", "not_judged", "on_path", "reached")
"""Outcomes, the one an objective with several targets is known by first."""
_FIELDS: Final = (
    "indicator", "partition", "key", "period", "numerator", "denominator", "should", "reported", "data_date", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """What is looked at: a year or the year up to a month, as known on a day (None: now), by *manager* or *place*."""

    period: Period
    known_on: date | None = None
    partition: str = "manager"


@dataclass(frozen=True)
class UnitView:
    """One managing unit or county under a target: its figure, how that stands, how far it is from what is asked.

    ``judgement`` is None where the target speaks of the city only (a sum that nobody has shared out). ``gap`` is the
    figure less what the path asks for, or less the target where there is no path [unit of the target].
    """

    key: str
    name: str
    number: Number
    judgement: Judgement | None
    gap: Decimal | None

    @property
    def behind(self) -> bool:
        """Whether it has to do more: behind, at risk, or short of the target where there is no path."""
        if self.judgement is None or self.number.value is None:
            return False
        if self.judgement.outcome in ("behind", "at_risk"):
            return True
        goal = self.judgement.target
        lacking = goal.gap(self.number.value) if self.judgement.outcome == "not_judged" else None
        return lacking is not None and lacking > 0


@dataclass(frozen=True)
class TargetView:
    """One target of an objective: the city's figure, judged and forecast, those beside it, the units, its history.

    ``goal`` is None where the plan leaves no way to judge. ``day`` is the last day the figure speaks of. ``numbers``
    holds every kept figure of the indicator that was read, by partition, part and period.
    """

    written: Written
    indicator: Indicator
    goal: Target | None
    number: Number
    day: date
    judgement: Judgement | None
    forecast: Forecast | None
    units: tuple[UnitView, ...]
    beside: tuple[Number, ...]
    numbers: Mapping[Key, Number]

    @property
    def outcome(self) -> str:
        """A key of ``outcomes.csv``."""
        return self.judgement.outcome if self.judgement else "not_judged"

    @property
    def history(self) -> list[Number]:
        """The city's figures of whole years, the oldest first."""
        years = sorted(key for key in self.numbers if key[0] == CITY and len(key[2]) == 4)
        return [self.numbers[key] for key in years]

    @property
    def behind(self) -> list[UnitView]:
        """The units that have to do more, the farthest behind first."""
        found = [one for one in self.units if one.behind]
        direction = self.goal.direction if self.goal else 1
        return sorted(found, key=lambda one: (one.gap or Decimal(0)) * (direction or 1))


@dataclass(frozen=True)
class ObjectiveView:
    """One objective with its targets; it is known by the one that stands worst."""

    objective: Objective
    targets: tuple[TargetView, ...]

    @property
    def main(self) -> TargetView:
        """The target the card shows: the first of the plan."""
        return self.targets[0]

    @property
    def outcome(self) -> str:
        """The worst outcome of its targets."""
        return min((one.outcome for one in self.targets), key=ORDER.index)


@dataclass(frozen=True)
class Board:
    """All objectives of the plan in force for what was asked.

    ``kept`` tells whether figures as known on that day have been computed; where not, every figure is missing.
    """

    ask: Ask
    version: int
    plan: Plan
    share: Decimal
    units: tuple[tuple[str, str], ...]
    objectives: tuple[ObjectiveView, ...]
    kept: bool

    def objective(self, id: str) -> ObjectiveView:
        """Return one objective; ``KeyError`` when there is none of this id."""
        for one in self.objectives:
            if one.objective.id == id:
                return one
        raise KeyError(id)

    @cached_property
    def by_outcome(self) -> dict[str, list[ObjectiveView]]:
        """The objectives by how they stand, the worst first; outcomes of none are left out."""
        found: dict[str, list[ObjectiveView]] = {key: [] for key in ORDER}
        for one in self.objectives:
            found[one.outcome].append(one)
        return {key: held for key, held in found.items() if held}

    @property
    def data_date(self) -> date | None:
        """The youngest day anything on the board was recorded."""
        days = [one.number.data_date for held in self.objectives for one in held.targets if one.number.data_date]
        return max(days, default=None)


def read_board(
    actor: Actor,
    ask: Ask,
    today: date,
    *,
    plan: InForce | None = None,
    only: str = "",
    parts: Iterable[str] = (),
    language: str = "zh",
) -> Board | None:
    """Return the board of the plan in force; None before there is a plan.

    Args:
        actor: needs plan.view; parts of financial figures resting on few enterprises are held back without
            finance.view.
        ask: the period, the day known, and the partition of the units.
        today: the day it is asked on.
        plan: the plan in force, where it is at hand.
        only: id of one objective, where the others are not wanted.
        parts: further partitions to read for that (*division*, *group*, *place*, *manager*).
        language: of the names of units.

    Raises:
        PermissionDenied: without plan.view.
        KeyError: the plan has no objective ``only``.
    """
    actor.require(VIEW)
    plan = plan or in_force()
    if plan is None:
        return None
    wanted = [plan.plan.objective(only)] if only else list(plan.plan.objectives)
    units = units_of(plan.plan, ask.partition, language)
    held = _Held(plan, ask, today, units, financial=actor.may(FINANCE))
    held.read(wanted, parts)
    views = tuple(ObjectiveView(one, tuple(held.target(written) for written in one.targets)) for one in wanted)
    return Board(ask, plan.pk, plan.plan, held.share, tuple(held.units), views, held.kept)


def units_of(plan: Plan, partition: str, language: str = "zh") -> list[tuple[str, str]]:
    """Return code and name of the units of a partition: those of the plan where it is the plan's, else the site's."""
    if partition == plan.partition:
        said = [(unit.code or unit.key, unit.name.say("en" if language == "en" else "zh")) for unit in plan.units]
        short = {code: name for code, name in said}
        if partition == "manager":
            short |= {
                one.code: str(one) for one in ManagingUnit.objects.all() if one.code in short and language == "zh"
            }
        return list(short.items())
    if partition == "manager":
        return [(one.code, str(one)) for one in ManagingUnit.objects.filter(active=True)]
    return list(Place.objects.filter(level="county").order_by("order", "code").values_list("code", "name"))


class _Held:
    """The kept sums a board is made of, and the views made of them."""

    def __init__(self, plan: InForce, ask: Ask, today: date, units: list[tuple[str, str]], *, financial: bool) -> None:
        self.plan, self.ask, self.today, self.units = plan.plan, ask, today, units
        self.financial = financial
        self.allowed = goals.tolerance(plan.plan)
        self.share = self.allowed.coverage
        self.base_year = whole(completed(dict(plan.plan.values(parameters()))), "base_year")
        self.values: dict[str, dict[Key, Number]] = {}
        self.kept = True

    def read(self, wanted: Iterable[Objective], parts: Iterable[str]) -> None:
        """Read the sums of the city of every period, then those of the parts of the periods that are shown."""
        ids = {target.indicator for one in wanted for target in one.targets if target.indicator in registry()}
        beside = {other for id in ids for other in registry()[id].beside}
        series = {ahead.AMOUNT, ahead.GROWTH}
        rows = self._rows(Q(partition=CITY, indicator__in=ids | beside | (series if ids & series else set())))
        self.kept = bool(rows) or self.ask.known_on is None
        self._take(rows)
        shown = Q()
        for id in ids:
            period = self.period(registry()[id])
            shown |= Q(indicator=id, period=period, partition__in={self.ask.partition, *parts})
            counted = [one.id for one in heads(registry()[id])]
            shown |= Q(indicator__in=counted, period=period, partition=self.ask.partition)
            if parts:  # an objective by itself: its units through the years
                shown |= Q(indicator=id, partition=self.ask.partition, period__regex=r"^\d{4}$")
        if ids:
            self._take(self._rows(shown))

    def _rows(self, which: Q) -> list[dict[str, Any]]:
        return list(IndicatorValue.objects.filter(which, known_on=self.ask.known_on).order_by().values(*_FIELDS))

    def _take(self, rows: Iterable[dict[str, Any]]) -> None:
        for id, made in numbers(rows, self.share).items():
            seen = made if self.financial else {key: held_back(one) for key, one in made.items()}
            self.values[id] = {**self.values.get(id, {}), **seen}

    def period(self, indicator: Indicator) -> str:
        """Return the period whose figure is shown: that asked for; of a yearly figure the last year up to it that
        enough have reported for, else that anybody has.
        """
        asked = self.ask.period
        if indicator.monthly:
            return asked.key
        own = {key[2]: one for key, one in self.values.get(indicator.id, {}).items() if key[0] == CITY}
        years = sorted((year for year in own if len(year) == 4 and int(year) <= asked.year), reverse=True)
        enough = (year for year in years if own[year].reported and not own[year].grey)
        some = (year for year in years if own[year].reported)
        return next(enough, None) or next(some, None) or str(asked.year)

    def number(self, indicator: Indicator, partition: str = CITY, key: str = "", period: str = "") -> Number:
        """Return one kept figure; one that says nobody counts there where none is kept."""
        at = (partition, key, period or self.period(indicator))
        return self.values.get(indicator.id, {}).get(at) or missing(indicator, *at)

    def day(self, number: Number) -> date:
        """Return the last day a figure speaks of: that of its last table, or of its period as far as it is over."""
        period = Period.read(number.period)
        known = min(period.end, self.ask.known_on or self.today)
        if number.indicator.id == ahead.AMOUNT:
            return ahead.known_until(self.values.get(ahead.AMOUNT, {}), period) or known
        return known

    def target(self, written: Written) -> TargetView:
        """Return the view of one target."""
        indicator = registry()[written.indicator]
        goal = goals.goal(written, self.plan, indicator)
        number = self.number(indicator)
        day = self.day(number)
        seen = self._ahead(goal, number, day) if goal else None
        due = seen.value if seen and goal and seen.asked.last == goal.due.year else None
        judged = judge(goal, self.measured(goal, number, day), self.allowed, due) if goal else None
        units = tuple(self._unit(goal, number, day, code, name) for code, name in self.units)
        return TargetView(
            written=written,
            indicator=indicator,
            goal=goal,
            number=number,
            day=day,
            judgement=judged,
            forecast=seen,
            units=units,
            beside=tuple(self.number(registry()[other]) for other in indicator.beside),
            numbers=self.values.get(indicator.id, {}),
        )

    def _unit(self, goal: Target | None, city: Number, day: date, code: str, name: str) -> UnitView:
        number = self.number(city.indicator, self.ask.partition, code, city.period)
        if goal is None or not shared(goal, city.indicator) or number.hidden:
            return UnitView(code, name, number, None, None)
        judged = judge(goal, self.measured(goal, number, day), self.allowed)
        line = judged.expected if judged.expected is not None else judged.target.against
        gap = None if number.value is None or line is None else number.value - line
        return UnitView(code, name, number, judged, gap)

    def measured(self, goal: Target, number: Number, day: date) -> Measured:
        """Return a figure as it is judged. Where all are asked for (= 100 %) and the register has the number of those
        beside the share, that number is held against everybody who should report: a share of those who did is not all.
        """
        plain = _measured(number, day)
        if goal.operator != "=" or goal.against != ALL or goal.unit != "%" or plain.value is None:
            return plain
        for one in heads(number.indicator):
            known = self.number(one, number.partition, number.key, number.period)
            # The number of the same ones, and not of something else that is shown beside it.
            if known.should and (known.numerator, known.should) == (number.numerator, number.should):
                return Measured(min(plain.value, known.numerator / known.should * ALL), day, plain.coverage)
        return plain

    def _ahead(self, goal: Target, number: Number, day: date) -> Forecast:
        amounts, growth = self.values.get(ahead.AMOUNT, {}), self.values.get(ahead.GROWTH, {})
        wanted = number.indicator.id in (ahead.AMOUNT, ahead.GROWTH)
        found = ahead.series(amounts, growth, self.ask.period, self.base_year) if wanted else ahead.NOTHING
        return ahead.foresee(goal, number, day, found)


def _measured(number: Number, day: date) -> Measured:
    """Return a figure as it is judged: a nought that stands for a source that is not there is none."""
    unknown = number.should > 0 and number.reported == 0
    return Measured(None if unknown else number.value, day, number.coverage)


def heads(indicator: Indicator) -> list[Indicator]:
    """Return the numbers of those an indicator is the share of, where the register has them beside it."""
    beside = (registry()[one] for one in indicator.beside)
    return [one for one in beside if one.aggregate == "count"] if indicator.aggregate == "ratio" else []


def shared(goal: Target, indicator: Indicator) -> bool:
    """Tell whether every unit can be held to a target of the city: a rate, or a number that must be nought."""
    if indicator.aggregate in ("sum", "count"):
        return goal.value == 0
    return True


def period_words(key: str) -> Both:
    """Return what a figure is of: a year, or a year up to a month."""
    period = Period.read(key)
    if period.month:
        return Both(f"{period.year}年1—{period.month}月", f"January–{period.month:02d} {period.year}")
    return Both(f"{period.year}年", str(period.year))
