"""Repeatable randomness without state: a row's number decides everything about the row."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]


def mix(numbers: Numbers, salt: int) -> Numbers:
    """Scatter ``numbers`` over 64 bits (splitmix64); the same salt always gives the same result, on every machine."""
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def percent(numbers: Numbers, salt: int) -> NDArray[np.float64]:
    """Give each number a share in 0 … 100."""
    return (mix(numbers, salt) >> np.uint64(11)).astype(np.float64) * (100.0 / 2**53)


def pick(numbers: Numbers, salt: int, count: int) -> NDArray[np.int64]:
    """Give each number one of ``count`` choices, evenly."""
    return (mix(numbers, salt) % np.uint64(count)).astype(np.int64)


def spread(numbers: Numbers, size: int, salt: int) -> Numbers:
    """Map 0 … size-1 one to one onto itself, so that neighbours end far apart (an affine map modulo ``size``)."""
    step = max(1, int(size * 0.6180339887) | 1)
    while gcd(step, size) != 1:
        step += 2
    start = int(mix(np.array([salt], dtype=np.uint64), 7)[0]) % size
    return (numbers % np.uint64(size) * np.uint64(step) + np.uint64(start)) % np.uint64(size)
