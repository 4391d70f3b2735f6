"""Answers on loans: the re-lending facility, and the interest subsidy of those tranches that lie in the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from jigai.appraisal.support.answers import Answer, Checked
from jigai.appraisal.support.asking import Asked, amounts, why_no_amount
from jigai.appraisal.support.case import Loan, Tranche
from jigai.appraisal.support.money import NOTHING
from jigai.appraisal.support.subsidy import subsidy_range
from jigai.appraisal.support.windows import sides
from jigai.appraisal.support.words import said


def loan_entry(asked: Asked) -> Answer:
    """Answer on a loan where only the tests can be told (re-lending, guarantee); its row says why no amount is."""
    return asked.answer(_unknown_days(asked), days_that_count(asked), no_amount=why_no_amount(asked.instrument))


def subsidy(asked: Asked) -> Answer:
    """Answer for an interest subsidy, by calendar year: counted from the day the money is paid to the supplier."""
    loan = asked.loan
    days = days_that_count(asked)
    inside = _inside(asked, loan)
    ways = asked.instrument.asked("starts_on").ways
    begun = [day for place in inside for way in ways if (day := getattr(loan.tranches[place], way)) is not None]
    if not begun:
        return asked.answer(_unknown_days(asked), days, no_amount=said("no_tranche"))
    day = min(begun)
    found = subsidy_range(asked.instrument, loan, inside, day)
    notes = [said("ways_differ")] if any(low != high for low, high in found.values()) else []
    if loan.matures_on is None:
        notes.append(said("maturity_unknown", years=asked.instrument.asked("years", day).value))
        found = {year: (NOTHING, high) for year, (_, high) in found.items()}
    made = asked.answer(_unknown_days(asked), days, notes)
    return replace(made, amounts=amounts(made.status, [(year, *pair) for year, pair in found.items()]))


def days_that_count(asked: Asked) -> list[date]:
    """Return the days that may decide whether the loan lies in the window; none while nothing has happened.

    Which of giving out and payment decides is the parameter ``window_day``; where it is not held both may.
    """
    return [day for tranche in asked.loan.tranches for day in _days(asked, tranche)]


def _ways(asked: Asked) -> tuple[str, ...]:
    found = asked.instrument.parameter("window_day")
    return found.ways if found is not None else ("drawn_on", "paid_on")


def _days(asked: Asked, tranche: Tranche) -> Iterator[date]:
    for way in _ways(asked):
        day = getattr(tranche, way)
        if day is not None:
            yield day
        elif way == "paid_on" or tranche.paid_on is None:
            yield max(asked.as_of, tranche.drawn_on or asked.as_of)  # still to come: not before the day of asking


def _unknown_days(asked: Asked) -> list[Checked]:
    """Return a check without outcome where money has moved and a day that may decide is not said."""
    moved = [one for one in asked.loan.tranches if one.drawn_on or one.paid_on]
    names = [
        way for way in _ways(asked) if any(getattr(one, way) is None for one in moved) and not _to_come(way, moved)
    ]
    return [
        Checked(way, said(way), "", None, "transcribed", says=said("window_day_missing", label=said(way)))
        for way in names
    ]


def _to_come(way: str, moved: list[Tranche]) -> bool:
    """Tell whether the day is merely not here yet: money given out that has not reached the supplier."""
    return way == "paid_on" and all(one.drawn_on for one in moved if one.paid_on is None)


def _inside(asked: Asked, loan: Loan) -> list[int]:
    """Return the places of the tranches that lie in the window on at least one of the days that may count."""
    first, last = asked.instrument.parameter("window_from"), asked.instrument.parameter("window_to")
    found = []
    for place, tranche in enumerate(loan.tranches):
        if "in" in sides(first, last, _days(asked, tranche)):
            found.append(place)
    return found
