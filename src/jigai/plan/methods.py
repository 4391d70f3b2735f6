"""The two ways a series of points is carried on: as in the year before, and by a library."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Method = Callable[[Points, int, int], Points]
"""From points, points of a full year and how many are wanted, to the points that follow."""
CYCLES_NEEDED: Final = {"seasonal_naive": 1, "mstl": 2}
"""Full years a method must have seen before it can say anything."""


def seasonal_naive(points: Points, cycle: int, wanted: int) -> Points:
    """Return the last full year again and again: every month as in the year before, never below zero.

    The yardstick no method may be worse than (Hyndman, Athanasopoulos: Forecasting, principles and practice, 5.2).
    """
    return np.resize(np.maximum(points[-cycle:], 0.0), wanted)


def mstl(points: Points, cycle: int, wanted: int) -> Points:
    """Return seasonal profile plus trend: MSTL with exponential smoothing of the trend, by the library ``augurs``.

    What is forecast never falls below zero: purchases are not taken back (Bandara, Hyndman, Bergmeir 2021,
    arXiv 2107.13462).

    Raises:
        ImportError: the library is not installed; see `has_library`.
    """
    from augurs import MSTL  # only where a forecast is made: the core works without it

    model = MSTL.ets([cycle])
    model.fit(points)
    return np.maximum(np.asarray(model.predict(wanted, None).point(), dtype=np.float64), 0.0)


def has_library() -> bool:
    """Tell whether the library of `mstl` is installed (extra ``forecast``; there is none for every Python)."""
    return find_spec("augurs") is not None


METHODS: Final[dict[str, Method]] = {"seasonal_naive": seasonal_naive, "mstl": mstl}
"""The ways of carrying on, by their key in ``data/forecast_methods.csv``."""
