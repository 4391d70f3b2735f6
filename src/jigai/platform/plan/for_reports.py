"""The board's figures as report forms and the bulletin ask for them (``reporting.figures.FigureSource``).

They are the kept sums the board shows, judged reportable by the share of the plan in force: a form never says anything
else than the board, and never says it of what the board greys.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jigai.plan.contributions import CONTRIBUTION
from jigai.plan.period import Period
from jigai.plan.registry import Indicator, registry
from jigai.platform.plan import refreshing, store, words
from jigai.platform.plan.goals import share
from jigai.platform.plan.kept import FEWEST, Key, Number, missing, numbers
from jigai.platform.plan.models import Computing, IndicatorValue
from jigai.platform.plan.papers import words as told
from jigai.platform.plan.reading import Ask, ObjectiveView, TargetView, read_board
from jigai.platform.plan.store import Part
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.work import in_use
from jigai.platform.reporting import figures
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

NO_PLAN: Final = "还没有启用规划文件，没有指标数"
NO_DAY: Final = "没有保存按{day}已知的数；请先在目标看板选这一天生成，再来取数"
_CITY: Final = "city"


class BoardFigures:
    """The figures of the plan in force; one of its ``reading`` reads every indicator and partition once."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, date | None, str, str], dict[Key, Number]] = {}

    def prepare(self, day: date) -> None:
        """Compute anew whom something was recorded of since the last time; nothing without a plan in force."""
        if in_force() is None:
            return
        with transaction.atomic(), use_scope(command_scope("figures of a report")):
            refreshing.refresh(in_use(), timezone.now(), day)

    def reading(self) -> BoardFigures:
        """Return the source with nothing read yet."""
        return BoardFigures()

    def indicators(self) -> Sequence[figures.Indicator]:
        """Return every indicator of the register; a rate has no unit: 0.75, not 75 %."""
        return [figures.Indicator(one.id, one.zh, one.en, one.unit, one.finance) for one in registry().values()]

    def figure(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> figures.Figure:
        """Return a kept figure, in the unit of its indicator.

        A yearly figure asked for a part of a year is that of the last year enough have reported for, as on the board.
        """
        one, plan = registry().get(indicator), in_force()
        if one is None or plan is None:
            return figures.Figure(None, reportable=False, why=NO_PLAN if one else f"没有指标“{indicator}”")
        day, why = _kept_as(known_on)
        if why:
            return figures.Figure(None, reportable=False, why=why)
        at = self._period(one, period, day)
        found = self._numbers(one, day, partition, at).get((partition, key, at)) or missing(one, partition, key, at)
        said = _figure(found, at if at != period.key else "")
        return figures.Figure(**{**vars(said), "least": share(plan.plan)})

    def listed(self, indicator: str, period: Period, known_on: date, partition: str, key: str) -> pl.DataFrame:
        """Return the contributions of a figure; none for a day that was not kept."""
        one, (day, why) = registry().get(indicator), _kept_as(known_on)
        if one is None or why or in_force() is None:
            return pl.DataFrame(schema=CONTRIBUTION)
        rows = store.stored(Part(indicator, self._period(one, period, day), day)).select(list(CONTRIBUTION))
        column = store.PARTITIONS[partition]
        if not column:
            return rows
        part = pl.col(column).str.head(store.DIVISION) if partition == figures.INDUSTRY else pl.col(column)
        return rows.filter(part == key)

    def standings(self, period: Period, known_on: date) -> Sequence[figures.Standing]:
        """Return the cards of the board in words; every target of an objective is one."""
        day, why = _kept_as(known_on)
        board = None if why else read_board(command("bulletin"), Ask(period, day), known_on)
        if board is None:
            return ()
        return [_standing(held, one) for held in board.objectives for one in held.targets]

    def _period(self, one: Indicator, asked: Period, day: date | None) -> str:
        """Return the period a figure is of: that asked for, but of a yearly figure a whole year.

        Whoever asks for a whole year gets that year or nothing; whoever asks for a part of one gets the last year up
        to it that enough have reported for, else that anybody has.
        """
        if one.monthly or asked.month is None:
            return asked.key
        kept = self._numbers(one, day, _CITY, "").items()
        years = sorted(
            ((key[2], held) for key, held in kept if int(key[2]) <= asked.year and held.reported), reverse=True
        )
        enough = [year for year, held in years if not held.grey]
        return next(iter([*enough, *(year for year, _held in years)]), str(asked.year))

    def _numbers(self, one: Indicator, day: date | None, partition: str, period: str) -> dict[Key, Number]:
        """Return the kept figures of a partition for a period; with an empty one those of whole years."""
        at = (one.id, day, partition, period)
        plan = in_force() if at not in self._held else None
        if plan is not None:
            which = Q(period=period) if period else Q(period__regex=r"^\d{4}$")
            rows = IndicatorValue.objects.filter(which, indicator=one.id, known_on=day, partition=partition)
            made = numbers(rows.order_by().values(*_FIELDS), share(plan.plan))
            self._held[at] = made.get(one.id, {})
        return self._held.get(at, {})


_FIELDS: Final = (
    "indicator", "partition", "key", "period", "numerator", "denominator", "should", "reported", "data_date", "reason",
)  # fmt: skip


def _kept_as(known_on: date) -> tuple[date | None, str]:
    """Return under which day figures as known on ``known_on`` are kept (None: now), or why they are not."""
    now = Computing.objects.filter(pk=1).values_list("day", flat=True).first()
    if now is None or known_on >= now:
        return None, ""
    if IndicatorValue.objects.filter(known_on=known_on).exists():
        return known_on, ""
    return None, NO_DAY.format(day=f"{known_on:%Y-%m-%d}")


def _standing(held: ObjectiveView, one: TargetView) -> figures.Standing:
    name = told.heading(held) if one is held.main else f"{held.objective.id} {words.title(one.indicator)}"
    return figures.Standing(
        name=name,
        asked=told.target(one),
        value=words.with_unit(one.number).replace(" %", "%"),
        state=words.state_of(one).word,
        coverage=one.number.percent,
        sentence=words.sentence(one),
    )


def _figure(number: Number, period: str) -> figures.Figure:
    one = number.indicator
    known = number.should > 0 or number.value is not None
    part = number.partition != _CITY
    return figures.Figure(
        value=None if number.value is None else number.value * one.scale,
        numerator=number.numerator if known else None,
        denominator=number.denominator if known else None,
        coverage=number.coverage,
        data_date=number.data_date,
        reportable=number.reportable,
        why=number.reason.zh if number.reason else "",
        period=period,
        few=one.finance and part and number.reported < FEWEST,
    )
