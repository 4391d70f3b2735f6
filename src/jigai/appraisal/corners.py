"""The least and the greatest value of a formula over the corners of a box, for one device or a column of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Final

import numpy as np

from jigai.appraisal.numbers import Number

ALL_CORNERS: Final = 6
"""Up to so many inputs every combination of their ends is tried: 64 evaluations a side."""

_ROUNDS: Final = 4
"""Exchanges settle after two rounds for all formulas of this package; more only cost time."""

Ends = Mapping[str, tuple[Number, Number]]
"""Low and high of each input without a declared direction."""


def every_corner(formula: Callable[..., Number], fixed: Mapping[str, Number], free: Ends, side: int) -> Number:
    """Return the least (``side`` −1) or greatest (+1) value of ``formula`` over all combinations of the ends.

    ``fixed`` holds the inputs that do not move. Devices of a column are looked at each for itself.
    """
    worst = np.minimum if side < 0 else np.maximum
    found: Number | None = None
    for ends in product((0, 1), repeat=len(free)):
        moved = {name: pair[end] for (name, pair), end in zip(free.items(), ends, strict=True)}
        value = formula(**{**fixed, **moved})
        found = value if found is None else worst(found, value)
    assert found is not None  # the product of nothing is one corner
    return found


def exchanged_corners(formula: Callable[..., Number], fixed: Mapping[str, Number], free: Ends, side: int) -> Number:
    """Return the least or greatest value found by exchanging one end after the other, from the low and the high corner.

    Each device keeps the end that is worse for it, and the inputs are gone through until nothing changes. A formula
    that is monotone in each input is held exactly; one whose direction in an input turns with another (hours, when the
    saving itself changes its sign) is followed round by round. It can miss the worst corner only where two inputs each
    turn the direction of the other. It costs a few evaluations per input instead of two to their power.
    """
    first = _exchanged(formula, fixed, free, side, start=0)
    other = _exchanged(formula, fixed, free, side, start=1)
    worst: Number = np.minimum(first, other) if side < 0 else np.maximum(first, other)
    return worst


def _exchanged(
    formula: Callable[..., Number], fixed: Mapping[str, Number], free: Ends, side: int, start: int
) -> Number:
    now: dict[str, Number] = {name: pair[start] for name, pair in free.items()}
    best = formula(**{**fixed, **now})
    for _ in range(_ROUNDS):
        before = best
        for name, (low, high) in free.items():
            turned = np.where(now[name] == low, high, low)
            value = formula(**{**fixed, **now, name: turned})
            worse = value < best if side < 0 else value > best
            now[name] = np.where(worse, turned, now[name])
            best = np.where(worse, value, best)
        if np.array_equal(before, best, equal_nan=True):
            break
    return best
