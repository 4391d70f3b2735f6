"""How long until the money is back."""

from __future__ import annotations

from math import expm1, inf, log1p
from typing import Final

from jigai.appraisal.economics.discounting import checked_rate
from jigai.appraisal.economics.outcome import Reason, because, percent

_ROUNDING: Final = 1e-9
"""Share of the capital that rounding may lack on the last day of the life."""


def simple_payback(capital: float, yearly_saving: float) -> float | Reason:
    """Return capital / yearly_saving [a], interest left out.

    Args:
        capital: paid today, net of what the old device brings [yuan]; zero or less is back at once: 0.
        yearly_saving: money saved a year less what it costs to run [yuan/a], the same every year.

    A `Reason` where nothing is saved. The life of the device is not looked at: compare with it.
    """
    if capital <= 0:
        return 0.0
    return capital / yearly_saving if yearly_saving > 0 else because("no_saving")


def discounted_payback(capital: float, yearly_saving: float, rate: float, life: float = inf) -> float | Reason:
    """Return the years until the saving, discounted, has brought back the capital [a].

    n = −ln(1 − capital · rate / yearly_saving) / ln(1 + rate), from capital = yearly_saving / annuity(rate, n); at a
    rate of zero it is the simple payback. Between two year ends the formula carries on evenly.

    Args:
        capital: paid today, net of what the old device brings [yuan]; zero or less is back at once: 0.
        yearly_saving: the same every year, at its end [yuan/a].
        rate: discount rate [1/a], not negative.
        life: of the new device [a].

    A `Reason` where nothing is saved, where the saving never catches up with the interest, and where the money comes
    back only after the end of the life.
    """
    checked_rate(rate)
    if rate < 0 or not life > 0:
        raise ValueError(f"a rate of {rate} over {life} years: rate ≥ 0 and life > 0")
    simple = simple_payback(capital, yearly_saving)
    if isinstance(simple, Reason) or simple == 0.0:
        return simple
    if simple * rate >= 1:
        return because("never_at_rate", rate=percent(rate))
    years = -log1p(-simple * rate) / log1p(rate) if rate > 0 else simple
    # a rate next to zero loses the digits of the quotient; it never pays back sooner than without interest
    years = max(years, simple)
    if years > life and _brought(yearly_saving, rate, life) < capital * (1 - _ROUNDING):
        return because("never_within_life", rate=percent(rate), life=f"{life:g}")
    return min(years, life)


def _brought(yearly_saving: float, rate: float, life: float) -> float:
    """Return what the saving of ``life`` years is worth today [yuan]."""
    if rate == 0:
        return yearly_saving * life
    return yearly_saving * -expm1(-life * log1p(rate)) / rate
