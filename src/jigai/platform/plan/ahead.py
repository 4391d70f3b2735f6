"""Where objectives will stand: forecasts from the kept sums of the monthly investment series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from jigai.plan.forecast import Asked, Forecast, as_growth, forecast
from jigai.plan.monthly import Monthly
from jigai.plan.period import Period
from jigai.plan.targets import Target
from jigai.platform.plan.kept import Key, Number

AMOUNT: Final = "equipment_investment_cumulative"
GROWTH: Final = "equipment_investment_growth"
KEPT: Final = 128
Numbers = Mapping[Key, Number]


@dataclass(frozen=True)
class Series:
    """The monthly series of the bureau as kept: its months, and what the base year of growth amounted to."""

    monthly: Monthly
    base: Decimal | None
    base_year: int | None


def series(amounts: Numbers, growth: Numbers, until: Period, base_year: int) -> Series:
    """Return the monthly series out of the kept figures of the whole city, up to the end of ``until``.

    The figures add up through the years; what the years before had come to is taken off. A month counts where its
    table is there: then more months are reported than the month before.
    """
    found = []
    years = sorted({int(key[2]) for key in amounts if key[0] == "city" and len(key[2]) == 4})
    for year in years:
        last = amounts.get(("city", "", str(year - 1)))
        before = last.value if last and last.value is not None else Decimal(0)
        reported = last.reported if last else 0
        for month in range(1, 13):
            one = amounts.get(("city", "", Period(year, month).key))
            if one is None or Period(year, month).end > until.end:
                break
            if one.reported > reported and one.value is not None:
                found.append(((year, month), one.value - before))
            reported = one.reported
    base = None
    for key, number in growth.items():
        if key[0] == "city" and (len(key[2]) == 4 or key[2].endswith("-12")) and number.denominator:
            whole = int(key[2][:4]) < until.year or until.month in (None, 12)
            base = number.denominator / Decimal(10) ** 8 if whole and _december(amounts, key[2]) else base
    return Series(Monthly(tuple(found)), base, base_year)


def _december(amounts: Numbers, period: str) -> bool:
    """Tell whether the table of December of a year is there."""
    year = int(period[:4])
    december = amounts.get(("city", "", Period(year, 12).key))
    november = amounts.get(("city", "", Period(year, 11).key))
    return bool(december and november and december.reported > november.reported)


def foresee(goal: Target, number: Number, day: date, found: Series) -> Forecast:
    """Return where an objective will stand at the end of its target year, or that it cannot be told and why.

    Projects are not kept yet, so nothing is committed; only the investment series is carried on.
    """
    last, unit = goal.due.year, goal.unit
    if number.indicator.id == AMOUNT:
        return _carried(Asked(goal.since.year, last, day, unit), found.monthly)
    if number.indicator.id == GROWTH and found.base and found.base_year:
        amount = _carried(Asked(last, last, day, "亿元"), found.monthly)
        return as_growth(amount, found.base, found.base_year)
    return _carried(Asked(last, last, day, unit, so_far=number.value, yearly=True), None)


@lru_cache(maxsize=KEPT)
def _carried(asked: Asked, monthly: Monthly | None) -> Forecast:
    """Return a forecast; back-tests take a while, and the same question has the same answer."""
    return forecast(asked, monthly)


def known_until(amounts: Numbers, period: Period) -> date | None:
    """Return the last day the tables of the bureau speak of, up to the end of ``period``."""
    slot = series(amounts, {}, period, 0).monthly.last
    return Period(*slot).end if slot else None


NOTHING: Final = Series(Monthly(()), None, None)
"""No series: for figures that are never carried on."""
