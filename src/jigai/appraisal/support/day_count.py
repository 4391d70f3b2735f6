"""Days between two dates as a share of a year, by the conventions a subsidy may use.

Shares are exact fractions: a third of a year written in decimals would lose a fen where amounts are rounded down.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final


def add_years(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes 28 February in a year without one."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def actual_360(start: date, end: date) -> Fraction:
    """Return the days from ``start`` up to, not with, ``end`` as a share of 360 days [a]."""
    return Fraction((end - start).days, 360)


def actual_365(start: date, end: date) -> Fraction:
    """Return the days from ``start`` up to, not with, ``end`` as a share of 365 days, leap year or not [a]."""
    return Fraction((end - start).days, 365)


def actual_actual(start: date, end: date) -> Fraction:
    """Return each calendar year's days as a share of its own 365 or 366 days [a]."""
    found = Fraction(0)
    while start < end:
        stop = min(end, date(start.year + 1, 1, 1))
        found += Fraction((stop - start).days, 366 if isleap(start.year) else 365)
        start = stop
    return found


def thirty_360(start: date, end: date) -> Fraction:
    """Return months of 30 days as a share of 360 days [a]; the 31st counts as the 30th (30E/360)."""
    days = (end.year - start.year) * 360 + (end.month - start.month) * 30 + min(end.day, 30) - min(start.day, 30)
    return Fraction(days, 360)


DAY_COUNTS: Final[Mapping[str, Callable[[date, date], Fraction]]] = {
    "actual/360": actual_360,
    "actual/365": actual_365,
    "actual/actual": actual_actual,
    "30/360": thirty_360,
}
"""Conventions by their names in ``parameters.csv``."""

_ONE: Final = timedelta(days=1)


def span(start: date, last: date, ends: str) -> tuple[date, date]:
    """Return first day and day after the last of the days that bear interest.

    Args:
        start: the day the money goes out.
        last: the day it comes back, or the limit is reached.
        ends: ``first_day`` counts the day it goes out and not the day it comes back (算头不算尾), ``last_day`` the
            other way round, ``both_days`` both.
    """
    if ends not in ("first_day", "last_day", "both_days"):
        raise ValueError(f"ends {ends!r}: first_day, last_day or both_days")
    return (start + _ONE if ends == "last_day" else start), (last if ends == "first_day" else last + _ONE)
