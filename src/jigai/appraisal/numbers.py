"""One number, or a column of them: what every formula of this package takes and gives."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Number: TypeAlias = float | NDArray[np.float64]
"""A figure for one device, or an array with one figure per device; arrays of one call share their shape."""

Mask: TypeAlias = bool | np.bool_ | NDArray[np.bool_]
"""Yes or no for one device, or an array of them."""


def as_number(value: Any) -> Number:
    """Return ``value`` as a float, or as an array of floats when it is a sequence, a column or an array."""
    array = np.asarray(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array


def anywhere(mask: Mask) -> bool:
    """Tell whether a mask is true for any device."""
    return bool(np.any(mask))
