"""Where a series will stand at the end of its target year, with an interval; or why that cannot be said.

Three ways, the first that has what it needs: committed schedules, slipped as finished projects have slipped; a monthly
series, carried on by a library only where back-tests show it better than repeating the year before; else nothing is
forecast, and what is committed is told as it is. The formulas are in ``docs/reference/forecast.md``.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from jigai.plan.amounts import SIX
from jigai.plan.backtest import Backtest, backtest, reach, trials_needed
from jigai.plan.methods import CYCLES_NEEDED, METHODS, has_library
from jigai.plan.monthly import Monthly
from jigai.plan.slippage import Commitments, as_scheduled, quantiles, slipped

Way = Literal["complete", "committed_slippage", "mstl", "seasonal_naive", "committed_only", "history_short", "yearly"]


@dataclass(frozen=True)
class Settings:
    """What a forecast takes: parameters of a plan file.

    Attributes:
        level: share of cases the interval is to hold (0–1).
        points: monthly points needed, from the last gap on.
        finished: finished projects needed before schedules are slipped.
        tests: back-tests looked at, at most; never fewer than the interval takes.
    """

    level: Decimal = Decimal("0.8")
    points: int = 24
    finished: int = 10
    tests: int = 12

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ValueError(f"the level of an interval lies between 0 and 1, not {self.level}")


@dataclass(frozen=True)
class Asked:
    """What is to be forecast.

    Attributes:
        first: first year that counts; the same as ``last`` for the amount of one year.
        last: the target year, whole.
        day: last day the figures speak of.
        unit: name of a unit, as in ``data/unit_words.csv``.
        so_far: what has come of the years that count [unit], where no monthly series tells; None while unknown.
        yearly: one figure a year (a count, a share): never forecast.
    """

    first: int
    last: int
    day: date
    unit: str
    so_far: Decimal | None = None
    yearly: bool = False

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the years that count begin in {self.first}, after they end in {self.last}")


@dataclass(frozen=True)
class TrackPoint:
    """Where the forecast stands at the end of the day ``on`` [unit]."""

    on: date
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Forecast:
    """A forecast, or that there is none and why.

    Attributes:
        method: a key of ``data/forecast_methods.csv``.
        reasons: keys of ``data/forecast_reasons.csv``: why this method, and what to keep in mind.
        value, low, high: at the end of the target year [unit]; None where nothing is forecast.
        so_far: what has come of the years that count [unit]; None where that cannot be told.
        committed: so far and all that is scheduled in time, nothing slipped [unit]; None without projects.
        points: unbroken monthly points; ``finished``: finished projects.
        test: back-test of the method shown, which the interval comes from.
        compared: library and yardstick tested from the same months; empty where not both could be.
        track: the way there, month by month.
        base_year: year the growth is measured on, when the forecast is one of growth.
    """

    asked: Asked
    settings: Settings
    method: Way
    reasons: tuple[str, ...] = ()
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    so_far: Decimal | None = None
    committed: Decimal | None = None
    points: int = 0
    finished: int = 0
    test: Backtest | None = None
    compared: tuple[Backtest, ...] = ()
    track: tuple[TrackPoint, ...] = field(default=(), repr=False)
    base_year: int | None = None


def forecast(
    asked: Asked,
    monthly: Monthly | None = None,
    projects: Commitments | None = None,
    settings: Settings | None = None,
) -> Forecast:
    """Return the forecast of one series; the two series of investment are asked for one by one and never added (D23).

    Without projects pass None: an empty schedule says that nothing is committed.
    """
    held = settings or Settings()
    series = monthly or Monthly(())
    so_far = series.counted(asked.first, asked.last) if monthly else asked.so_far
    none = Forecast(asked, held, "history_short", so_far=so_far, points=len(series.points()))
    if projects is not None:
        left, now = projects.remaining(_month(asked.day)), _month(asked.day)
        inside = max(asked.first * 12 - now, 0), asked.last * 12 + 11 - now
        committed = None if so_far is None else so_far + as_scheduled(left, *inside)
        none = replace(none, committed=committed, finished=projects.finished.height)
    if asked.yearly:
        return replace(none, method="yearly", reasons=("yearly",))
    over = asked.day >= date(asked.last, 12, 31)
    known = series.last >= (asked.last, 12) if series.last else over
    if so_far is not None and known:
        return replace(none, method="complete", value=so_far, low=so_far, high=so_far)
    if projects is not None and so_far is not None and not over and none.finished >= held.finished:
        return _committed(none, projects, so_far)
    few = ("few_finished",) if projects is not None else ()
    if so_far is None:
        return replace(none, reasons=(*few, "so_far_unknown"))
    if none.points >= held.points and (found := _carried_on(none, series, so_far)):
        return replace(found, reasons=(*few, *found.reasons))
    short = "history_short" if none.points < held.points else "few_tests"
    reasons = (*few, short, *_gaps(series))
    return replace(none, method="committed_only" if none.committed is not None else "history_short", reasons=reasons)


def as_growth(amount: Forecast, base: Decimal, base_year: int) -> Forecast:
    """Return the forecast of a year's amount as its growth on the amount ``base`` of ``base_year`` [%].

    Part of a year is no growth: what has come so far is left out.

    Raises:
        ValueError: the base is not above zero, or more than one year counts.
    """
    if base <= 0 or amount.asked.first != amount.asked.last:
        raise ValueError("growth is that of one year on an amount above zero")

    def grown(value: Decimal | None) -> Decimal | None:
        return None if value is None else ((value / base - 1) * 100).quantize(SIX)

    return replace(
        amount,
        asked=replace(amount.asked, unit="%", so_far=None),
        value=grown(amount.value),
        low=grown(amount.low),
        high=grown(amount.high),
        committed=grown(amount.committed),
        so_far=None,
        track=(),
        base_year=base_year,
    )


def _committed(none: Forecast, projects: Commitments, so_far: Decimal) -> Forecast:
    """Return what committed projects bring if they slip like each of the finished ones."""
    asked, now = none.asked, _month(none.asked.day)
    months = range(max(asked.first * 12, now), asked.last * 12 + 12)
    first = max(asked.first * 12 - now, 0)
    come = slipped(projects.remaining(now), projects.ways(), first, [month - now for month in months])
    track = []
    for number, month in enumerate(months):
        low, likely, high = (
            so_far + Decimal(one).quantize(SIX) for one in quantiles(come[:, number], none.settings.level)
        )
        track.append(TrackPoint(_end(month // 12, month % 12 + 1), likely, low, high))
    return _arrived(replace(none, method="committed_slippage", reasons=("only_committed",)), track)


def _carried_on(none: Forecast, series: Monthly, so_far: Decimal) -> Forecast | None:
    """Return the series carried on by the better of the two methods; None where no interval can be told."""
    points, level = series.points(), none.settings.level
    ahead = []
    for slot in series.following(points[-1][0]):
        if slot > (none.asked.last, 12):
            break
        ahead.append(slot)
    most = max(none.settings.tests, trials_needed(level))
    chosen = replace(none, method="seasonal_naive", reasons=_gaps(series))
    test = backtest("seasonal_naive", points, series.cycle, len(ahead), most)
    if not has_library():
        chosen = replace(chosen, reasons=("library_missing", *chosen.reasons))
    else:
        known = CYCLES_NEEDED["mstl"] * series.cycle
        library = backtest("mstl", points, series.cycle, len(ahead), most)
        yardstick = backtest("seasonal_naive", points, series.cycle, len(ahead), most, known)
        chosen = replace(chosen, compared=(library, yardstick))
        if len(library.origins) < trials_needed(level):
            chosen = replace(chosen, reasons=("library_few_tests", *chosen.reasons))
        elif _better(library, yardstick):
            chosen, test = replace(chosen, method="mstl", reasons=("better", *chosen.reasons)), library
        else:
            chosen = replace(chosen, reasons=("not_better", *chosen.reasons))
    width = test.width(level)
    if width is None:
        return None
    values = np.array([float(value) for _, value in points])
    carried = METHODS[chosen.method](values, series.cycle, len(ahead))
    track, come, counted = [], Decimal(0), []
    for step, ((year, month), added) in enumerate(zip(ahead, carried, strict=True), 1):
        if year >= none.asked.first:
            counted.append(step)
            come += Decimal(float(added)).quantize(SIX)
            half = (Decimal(width) * reach(counted, series.cycle)).quantize(SIX)
            low = max(so_far, so_far + come - half)
            track.append(TrackPoint(_end(year, month), so_far + come, low, so_far + come + half))
    return _arrived(replace(chosen, test=test), track)


def _better(library: Backtest, yardstick: Backtest) -> bool:
    """Tell whether the library was less far off; as good as the yardstick is not better."""
    return (library.per_point or 0.0) < (yardstick.per_point or 0.0) * (1 - 1e-9)


def _arrived(made: Forecast, track: list[TrackPoint]) -> Forecast:
    end = track[-1]
    return replace(made, value=end.value, low=end.low, high=end.high, track=tuple(track))


def _gaps(series: Monthly) -> tuple[str, ...]:
    return ("broken",) if series.broken else ()


def _month(day: date) -> int:
    """Return the number of a month, counted through the years."""
    return day.year * 12 + day.month - 1


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
