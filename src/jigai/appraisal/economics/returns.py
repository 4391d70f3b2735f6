"""Internal rate of return: only where exactly one rate can be meant."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jigai.appraisal.economics.discounting import checked
from jigai.appraisal.economics.outcome import Reason, because, percent

MOST: Final = 1000.0
"""Highest rate looked for [1/a]: 100,000 % a year. Beyond it capital was entered wrongly."""
_STEPS: Final = 200
_CLOSE: Final = 1e-15
"""Share of x below which a step changes nothing any more."""
_VANISHING: Final = 1e-12
"""A flow of less than this share of the largest is rounding."""
_REAL: Final = 1e-6
"""Imaginary part, relative to its size, up to which a computed root counts as real."""


def internal_rate_of_return(flows: ArrayLike) -> float | Reason:
    """Return the rate at which the flows are worth nothing today [1/a].

    What it means: the interest the money would have to earn elsewhere to be as good. It can be below zero, down to
    -100 %, where less comes back than was paid.

    Args:
        flows: net money in at the end of year t [yuan], shape (years + 1,); see `net_present_value`.

    A `Reason` instead of a value where
        - no year brings money in, or none costs money (no change of sign);
        - the sign changes more than once: even where only one rate fits, it does not tell whether the measure pays, so
          the reason names what fits and points to the net present value;
        - the rate would be above `MOST`.

    References: Descartes' rule of signs bounds the number of rates by the changes of sign.
    """
    money = _told(flows)
    changes = sign_changes(money)
    if changes == 0:
        return because("no_cash_out" if (money > 0).any() else "no_cash_in")
    if changes > 1:
        return _several(money, changes)
    # one change of sign: the present value falls (or rises) through zero exactly once
    outward = 1.0 if money[np.flatnonzero(money)[0]] < 0 else -1.0
    discounts = _discounts(outward * money)
    return because("rate_beyond", most=percent(MOST)) if discounts is None else 1.0 / discounts - 1.0


def sign_changes(flows: ArrayLike) -> int:
    """Return how often the flows, zeros left out, change their sign."""
    money = _told(flows)
    signs = np.sign(money[money != 0])
    return int((signs[1:] != signs[:-1]).sum())


def _told(flows: ArrayLike) -> NDArray[np.float64]:
    """Return the flows with what vanishes beside the largest left out: it is rounding, and no change of sign."""
    money = checked(flows, 1)
    return np.where(np.abs(money) < _VANISHING * np.abs(money).max(), 0.0, money)


def _discounts(money: NDArray[np.float64]) -> float | None:
    """Return x = 1 / (1 + rate) with Σ money · xᵗ = 0, for money that is first paid and then comes in.

    Newton's steps from above, where they cannot overshoot while the years after the first are all of one sign; a step
    out of what is known to hold the zero is replaced by halving, so that no flows make it fail.
    """
    paid = np.trim_zeros(money, "b") / np.abs(money).max()
    years = [float(value) for value in paid]
    low, high = 1.0 / (1.0 + MOST), 1.0
    if _worth(years, low)[0] > 0:
        return None
    while _worth(years, high)[0] < 0:
        low, high = high, high * 2.0
    x = high
    for _ in range(_STEPS):
        value, slope = _worth(years, x)
        low, high = (x, high) if value < 0 else (low, x)
        after = x - value / slope if slope > 0 else low
        if not low < after < high:
            after = (low + high) / 2.0
        if abs(after - x) <= _CLOSE * x:
            return after
        x = after
    return x


def _worth(years: list[float], x: float) -> tuple[float, float]:
    """Return Σ yearsₜ · xᵗ and its slope in x, by Horner's scheme."""
    value = slope = 0.0
    for money in reversed(years):
        slope = slope * x + value
        value = value * x + money
    return value, slope


def _several(money: NDArray[np.float64], changes: int) -> Reason:
    """Say which rates fit flows that change sign more than once."""
    roots = np.polynomial.Polynomial(np.trim_zeros(money / np.abs(money).max(), "b")).roots()
    real = roots.real[np.abs(roots.imag) <= _REAL * np.maximum(np.abs(roots), 1.0)]
    rates = sorted({round(1.0 / x - 1.0, 6) for x in real if x > 1.0 / (1.0 + MOST)})
    said = ", ".join(percent(rate) for rate in rates)
    if not rates:
        return because("several_changes_no_rate", changes=changes)
    if len(rates) == 1:
        return because("several_changes_one_rate", changes=changes, rates=said)
    return because("several_rates", changes=changes, count=len(rates), rates=said)
