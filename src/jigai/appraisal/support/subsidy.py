"""The interest subsidy of a loan in tranches: from payment to the supplier, for at most so many years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

from jigai.appraisal.support.case import Loan
from jigai.appraisal.support.day_count import DAY_COUNTS, add_years, span
from jigai.appraisal.support.instruments import Instrument
from jigai.appraisal.support.money import NOTHING, fen

Accrued = dict[tuple[int, int], Fraction]
"""Subsidy by year and place of the tranche [yuan], not rounded."""


@dataclass(frozen=True)
class Conventions:
    """How a subsidy is counted, by names of ``parameters.csv``.

    Attributes:
        day_count: one of ``DAY_COUNTS``.
        ends: whether the first and the last day count, see ``span``.
        rounding: to the fen, one of ``ROUNDINGS``.
        rounded: ``each_tranche`` rounds every tranche of a year, ``total`` the year's sum.
        years_from: the limit runs from ``each_tranche``'s own payment or from that of the ``first_tranche``.
        starts_on: the day of a `Tranche` it runs from.
    """

    day_count: str
    ends: str
    rounding: str
    rounded: str
    years_from: str
    starts_on: str = "paid_on"


@dataclass(frozen=True)
class Stretch:
    """Days over which a principal stays the same [yuan]: from ``start``, back on ``end``; ``tranche`` is its place."""

    tranche: int
    start: date
    end: date
    principal: Decimal


def conventions(instrument: Instrument, day: date) -> tuple[Conventions, ...]:
    """Return every way the subsidy may be counted on ``day``: one where all is held, else all alternatives combined."""
    names = ("day_count", "ends", "rounding", "rounded", "years_from", "starts_on")
    return tuple(Conventions(*one) for one in product(*(instrument.asked(name, day).ways for name in names)))


def stretches(
    loan: Loan, inside: Collection[int], years: int, years_from: str, starts_on: str = "paid_on"
) -> list[Stretch]:
    """Return the days each principal is subsidised.

    A tranche begins on the day its money is paid to the supplier (``starts_on``) and ends with its last repayment, with
    maturity, or ``years`` after it began, whichever comes first.

    Args:
        loan: tranches, repayments and maturity; a repayment that names no tranche takes the oldest first.
        inside: places of the tranches that are subsidised; the others still take their share of the repayments.
        years: limit [a].
        years_from: see `Conventions`; the first tranche is the first of those inside.
        starts_on: the day of a `Tranche` it runs from: ``paid_on`` or ``drawn_on``.
    """
    days = {place: getattr(one, starts_on) for place, one in enumerate(loan.tranches) if place in inside}
    begun: list[tuple[date, int]] = sorted((day, place) for place, day in days.items() if day is not None)
    found: list[Stretch] = []
    taken = _repaid(loan)
    for start, place in begun:
        limit = add_years(begun[0][0] if years_from == "first_tranche" else start, years)
        end = min(limit, loan.matures_on) if loan.matures_on is not None else limit
        principal = loan.tranches[place].amount
        for day, amount in taken.get(place, []):
            if start < min(day, end):
                found.append(Stretch(place, start, min(day, end), principal))
            start, principal = max(start, day), principal - amount
        if principal > 0 and start < end:
            found.append(Stretch(place, start, end, principal))
    return found


def _repaid(loan: Loan) -> dict[int, list[tuple[date, Decimal]]]:
    """Share repayments out by day: to the tranche they name, else to the oldest that is still open."""
    left = {place: one.amount for place, one in enumerate(loan.tranches)}
    oldest = sorted(left, key=lambda place: (loan.tranches[place].paid_on or date.max, place))
    found: dict[int, list[tuple[date, Decimal]]] = {}
    for one in sorted(loan.repayments, key=lambda one: (one.day, one.tranche is None)):
        amount = one.amount
        for place in [one.tranche] if one.tranche is not None else oldest:
            part = min(amount, left[place])
            if part > 0:
                found.setdefault(place, []).append((one.day, part))
                left[place] -= part
                amount -= part
    return found


def subsidy_by_year(pieces: Iterable[Stretch], points: Decimal, how: Conventions) -> dict[int, Decimal]:
    """Return the subsidy of each calendar year [yuan] to the fen.

    principal · points · share of the year, the share by the day count; a stretch over New Year is cut there.

    Args:
        pieces: see `stretches`.
        points: percentage points a year [%/a].
        how: see `Conventions`.
    """
    return _rounded(_accrued(pieces, points, how.day_count, how.ends), how.rounding, how.rounded)


def _accrued(pieces: Iterable[Stretch], points: Decimal, day_count: str, ends: str) -> Accrued:
    """Return the exact subsidy by year and tranche."""
    exact: Accrued = {}
    for one in _joined(pieces, ends):
        start, end = one.start, one.end
        a_year = Fraction(one.principal) * Fraction(points) / 100
        while start < end:
            cut = min(end, date(start.year + 1, 1, 1))
            key = (start.year, one.tranche)
            exact[key] = exact.get(key, Fraction(0)) + a_year * DAY_COUNTS[day_count](start, cut)
            start = cut
    return exact


def _rounded(exact: Accrued, rounding: str, rounded: str) -> dict[int, Decimal]:
    found: dict[int, Fraction] = {}
    for (year, _), amount in sorted(exact.items()):
        part = Fraction(fen(amount, rounding)) if rounded == "each_tranche" else amount
        found[year] = found.get(year, Fraction(0)) + part
    return {year: fen(amount, rounding) for year, amount in found.items()}


def _joined(pieces: Iterable[Stretch], rule: str) -> list[Stretch]:
    """Apply the rule of ends once to each tranche: within it a repayment day counts for one principal, not two."""
    by_tranche: dict[int, list[Stretch]] = {}
    for one in pieces:
        by_tranche.setdefault(one.tranche, []).append(one)
    found = []
    for place, own in by_tranche.items():
        for number, one in enumerate(own):
            inner = "last_day" if rule == "last_day" else "first_day"
            ends = rule if number == len(own) - 1 else inner
            start, end = span(one.start, one.end, ends)
            found.append(Stretch(place, start, end, one.principal))
    return found


def subsidy_range(
    instrument: Instrument, loan: Loan, inside: Collection[int], day: date
) -> dict[int, tuple[Decimal, Decimal]]:
    """Return the least and the most subsidy of each year [yuan] over all ways it may be counted.

    ``inside`` are the places of the tranches in the window; ``day`` chooses the parameters. While maturity is not known
    the whole limit is counted. What is agreed to be repaid later counts as repaid.
    """
    points, years = instrument.asked("points", day).number, int(instrument.asked("years", day).number)
    ways = conventions(instrument, day)
    pieces = {
        (way.years_from, way.starts_on): stretches(loan, inside, years, way.years_from, way.starts_on) for way in ways
    }
    # ways that differ in rounding alone share the exact amounts, which are what takes time
    exact = {
        key: _accrued(pieces[key[:2]], points, *key[2:])
        for key in {(way.years_from, way.starts_on, way.day_count, way.ends) for way in ways}
    }
    told = [
        _rounded(exact[way.years_from, way.starts_on, way.day_count, way.ends], way.rounding, way.rounded)
        for way in ways
    ]
    every = sorted({year for one in told for year in one})
    amounts = {year: [one.get(year, NOTHING) for one in told] for year in every}
    return {year: (min(one), max(one)) for year, one in amounts.items()}
