"""Work days and due dates by the register of holidays; a period is counted in days, work days or months (D22)."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from jigai.platform.registers.models import PublicVersion

REGISTER: Final = "holidays"
UNITS: Final = ("natural_day", "workday", "month")
"""自然日、工作日、月."""
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Calendar:
    """The days off and the shifted work days that are known; ``years`` are those for which any are entered."""

    holidays: frozenset[date]
    workdays: frozenset[date]

    @property
    def years(self) -> frozenset[int]:
        """The years whose arrangements are entered."""
        return frozenset(day.year for day in self.holidays)

    def works(self, day: date) -> bool:
        """Say whether people work on ``day``: what is entered counts, else Monday to Friday."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < _SATURDAY

    def next_workday(self, day: date) -> date:
        """Return ``day`` when people work on it, else the first work day after."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def unknown(self, first: date, last: date) -> list[int]:
        """Return the years between two days whose arrangements are not entered."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


@dataclass(frozen=True)
class Due:
    """The last day of a period; not ``certain`` where the holidays of a year were not entered, as ``note`` says."""

    day: date
    certain: bool = True
    note: str = ""


def calendar() -> Calendar:
    """Return the calendar as entered now; fetch it once where many periods are counted."""
    rows = PublicVersion.objects.filter(register=REGISTER, removed=False, superseded_at__isnull=True)
    days: dict[str, set[date]] = {"holiday": set(), "workday": set()}
    for values in rows.values_list("values", flat=True):
        days.setdefault(values["kind"], set()).add(date.fromisoformat(values["day"]))
    return Calendar(frozenset(days["holiday"]), frozenset(days["workday"]))


def due(start: date, amount: int, unit: str, *, known: Calendar | None = None, extend: bool = False) -> Due:
    """Return the last day of a period of ``amount`` days, work days or months that begins the day after ``start``.

    Args:
        start: the day of the event (service of a notice); it is not counted.
        amount: how many, at least 1.
        unit: ``natural_day``, ``workday`` or ``month`` (the same day of the month, or its last day).
        known: the calendar, where it is at hand.
        extend: whether a last day on which nobody works moves to the next work day.
    """
    if amount < 1:
        raise ValueError(f"a period of {amount} has no last day")
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is none of {UNITS}")
    known = known or calendar()
    if unit == "workday":
        day = start
        for _step in range(amount):
            day = known.next_workday(day + timedelta(days=1))
    elif unit == "month":
        day = _months_later(start, amount)
    else:
        day = start + timedelta(days=amount)
    last = known.next_workday(day) if extend else day
    counted = unit == "workday" or extend
    missing = known.unknown(start if unit == "workday" else day, last) if counted else []
    if not missing:
        return Due(last)
    years = "、".join(map(str, missing))
    return Due(last, False, _("%(years)s 年的节假日安排还没有登记，暂按周末推算。") % {"years": years})


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
