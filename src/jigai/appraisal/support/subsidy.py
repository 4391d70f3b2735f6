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
from jigai.appraisal.support.money import NOTHING, fen
from jigai.appraisal.support.rules import Instrument


@dataclass(frozen=True)
class Conventions:
    """How a subsidy is counted, by names of ``parameters.csv``.

    Attributes:
        day_count: one of ``DAY_COUNTS``.
        ends: whether the first and the last day count, see ``span``.
        rounding: to the fen, one of ``ROUNDINGS``.
        rounded: ``each_tranche`` rounds every tranche of a year, ``total`` the year's sum.
        years_from: the limit runs from ``each_tranche``'s own payment or from that of the ``first_tranche``.
    """

    day_count: str
    ends: str
    rounding: str
    rounded: str
    years_from: str


@dataclass(frozen=True)
class Stretch:
    """Days over which a principal stays the same [yuan]: from ``start``, back on ``end``; ``tranche`` is its place."""

    tranche: int
    start: date
    end: date
    principal: Decimal


def conventions(instrument: Instrument, day: date) -> tuple[Conventions, ...]:
    """Return every way the subsidy may be counted on ``day``: one where all is held, else all alternatives combined."""
    names = ("day_count", "ends", "rounding", "rounded", "years_from")
    return tuple(Conventions(*one) for one in product(*(instrument.asked(name, day).ways for name in names)))


def stretches(loan: Loan, inside: Collection[int], years: int, years_from: str) -> list[Stretch]:
    """Return the days each principal is subsidised.

    A tranche begins on the day its money is paid to the supplier (``paid_on``) and ends with its last repayment, with
    maturity, or ``years`` after it began, whichever comes first.

    Args:
        loan: tranches, repayments and maturity; a repayment that names no tranche takes the oldest first.
        inside: places of the tranches that are subsidised; the others still take their share of the repayments.
        years: limit [a].
        years_from: see `Conventions`; the first tranche is the first of those inside.
    """
    begun = sorted((one.paid_on, place) for place, one in enumerate(loan.tranches) if one.paid_on is not None)
    begun = [(start, place) for start, place in begun if place in inside]
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
    exact: dict[tuple[int, int], Fraction] = {}
    for one in _joined(pieces, how):
        start, end = one.start, one.end
        while start < end:
            cut = min(end, date(start.year + 1, 1, 1))
            part = Fraction(one.principal) * Fraction(points) / 100 * DAY_COUNTS[how.day_count](start, cut)
            key = (start.year, one.tranche)
            exact[key] = exact.get(key, Fraction(0)) + part
            start = cut
    found: dict[int, Fraction] = {}
    for (year, _), amount in sorted(exact.items()):
        rounded = Fraction(fen(amount, how.rounding)) if how.rounded == "each_tranche" else amount
        found[year] = found.get(year, Fraction(0)) + rounded
    return {year: fen(amount, how.rounding) for year, amount in found.items()}


def _joined(pieces: Iterable[Stretch], how: Conventions) -> list[Stretch]:
    """Apply the rule of ends once to each tranche: within it a repayment day counts for one principal, not two."""
    by_tranche: dict[int, list[Stretch]] = {}
    for one in pieces:
        by_tranche.setdefault(one.tranche, []).append(one)
    found = []
    for place, own in by_tranche.items():
        for number, one in enumerate(own):
            inner = "last_day" if how.ends == "last_day" else "first_day"
            ends = how.ends if number == len(own) - 1 else inner
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
    pieces = {way: stretches(loan, inside, years, way) for way in instrument.asked("years_from", day).ways}
    told = [subsidy_by_year(pieces[how.years_from], points, how) for how in conventions(instrument, day)]
    every = sorted({year for one in told for year in one})
    amounts = {year: [one.get(year, NOTHING) for one in told] for year in every}
    return {year: (min(one), max(one)) for year, one in amounts.items()}
