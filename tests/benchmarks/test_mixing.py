"""Repeatable randomness: the same on every machine, even, one to one."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.mixing import mix, percent, pick, spread

NUMBERS = np.arange(10_000, dtype=np.uint64)


def test_known_values_never_change() -> None:
    assert mix(NUMBERS[:2], 0).tolist() == mix(NUMBERS[:2], 0).tolist()
    assert mix(NUMBERS, 0)[0] != mix(NUMBERS, 1)[0]
    assert len(set(mix(NUMBERS, 3).tolist())) == 10_000


def test_shares_are_even() -> None:
    shares = percent(NUMBERS, 1)
    assert shares.min() >= 0
    assert shares.max() < 100
    assert abs(shares.mean() - 50) < 1


def test_picks_stay_in_range_and_reach_all() -> None:
    assert set(pick(NUMBERS, 2, 7).tolist()) == set(range(7))


@pytest.mark.parametrize("size", [1, 2, 10, 9_973, 10_000])
def test_spread_is_one_to_one(size: int) -> None:
    assert sorted(spread(NUMBERS[:size], size, salt=1).tolist()) == list(range(size))
