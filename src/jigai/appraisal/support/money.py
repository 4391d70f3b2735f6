"""Money that goes on paper: Decimal yuan to the fen (decision D22)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

FEN: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)
ROUNDINGS: Final[Mapping[str, Fraction]] = {"half_up": Fraction(1, 2), "down": Fraction(0)}
"""Ways to round to the fen, by their names in ``parameters.csv``: what is added before the rest is cut off."""


def fen(amount: Decimal | Fraction, rounding: str = "half_up") -> Decimal:
    """Return ``amount`` [yuan, not below zero] to the fen, by a way of `ROUNDINGS`."""
    return Decimal(floor(Fraction(amount) * 100 + ROUNDINGS[rounding])) * FEN


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """Return ``percent`` [%] of ``amount`` [yuan], not rounded yet: round once, at the end."""
    return amount * percent / 100


def written(amount: Decimal) -> str:
    """Return an amount [yuan] as people read it: in 万元 from ten thousand on, else in yuan."""
    if abs(amount) >= 10000:
        text = f"{amount / 10000:,.2f}"
        return f"{text.rstrip('0').rstrip('.')} 万元"
    return f"{amount:,.2f} 元"
