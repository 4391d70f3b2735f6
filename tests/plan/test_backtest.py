"""Back-tests whose answers are known, and methods at the edges."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import series

from jigai.plan import methods
from jigai.plan.backtest import Backtest, Origin, backtest, reach, trials_needed
from jigai.plan.methods import METHODS, mstl, seasonal_naive

CYCLE = 11


def points(values):
    return series(values).points()


def season(size, growth=0.0, start=10.0):
    """A seasonal profile that grows by ``growth`` every point, without noise."""
    return [start + 3 * np.sin(2 * np.pi * number / CYCLE) + growth * number for number in range(size)]


def test_naive_is_exact_where_every_year_is_alike():
    made = backtest("seasonal_naive", points(season(40)), CYCLE, 13, most=12)
    assert len(made.origins) == 12
    assert made.per_point == pytest.approx(0, abs=1e-5)
    assert made.origins[-1].known == made_known(39)


def made_known(count):
    return points([1] * count)[-1][0]


def test_naive_lags_a_trend_by_a_year():
    # 0.1 more every point is 1.1 more every year: what naive misses of each of the first eleven points.
    made = backtest("seasonal_naive", points(season(40, growth=0.1)), CYCLE, 11, most=12)
    assert [one.error for one in made.origins] == pytest.approx([-1.1] * 12, abs=1e-5)
    assert made.per_point == pytest.approx(1.1, abs=1e-5)
    assert made.width(Decimal("0.8")) == pytest.approx(1.1, abs=1e-5)


def test_the_library_sees_season_and_trend():
    values = points(season(50, growth=0.1))
    library = backtest("mstl", values, CYCLE, 11, most=12)
    naive = backtest("seasonal_naive", values, CYCLE, 11, most=12)
    assert len(library.origins) == len(naive.origins) == 12
    assert library.per_point < 0.3 * naive.per_point


def test_a_test_knows_nothing_of_what_came_later():
    values = season(40, growth=0.1)
    changed = [*values[:30], *[value * 3 for value in values[30:]]]
    before, after = (backtest("mstl", points(one), CYCLE, 5, most=12) for one in (values, changed))
    known = [one.known for one in before.origins].index(made_known(30))
    assert before.origins[known].forecast == after.origins[known].forecast
    assert before.origins[known].actual != after.origins[known].actual


def test_a_method_is_tested_only_where_it_had_what_it_needs():
    values = points(season(24))
    assert [one.known for one in backtest("mstl", values, CYCLE, 9, most=12).origins] == [
        made_known(22),
        made_known(23),
    ]
    assert len(backtest("seasonal_naive", values, CYCLE, 9, most=12).origins) == 12
    assert len(backtest("seasonal_naive", values, CYCLE, 9, most=99).origins) == 13
    same = backtest("seasonal_naive", values, CYCLE, 9, most=12, least_known=22)
    assert len(same.origins) == 2
    assert backtest("mstl", values[:22], CYCLE, 9, most=12).origins == ()


def made(*errors):
    origins = tuple(Origin((2025, 2), 1, 1, 10 + error, 10) for error in errors)
    return Backtest("seasonal_naive", origins)


def test_the_interval_is_a_quantile_of_the_errors():
    # Eleven of twelve: the smallest rank at which four fifths of thirteen are held.
    twelve = made(*[(-1) ** number * number for number in range(1, 13)])
    assert twelve.width(Decimal("0.8")) == 11
    assert twelve.width(Decimal("0.5")) == 7
    assert twelve.width(Decimal("0.95")) is None
    assert made(1, 2, 3, 4).width(Decimal("0.8")) == 4
    assert made(1, 2, 3).width(Decimal("0.8")) is None
    assert made().width(Decimal("0.8")) is None
    assert [trials_needed(Decimal(level)) for level in ("0.5", "0.8", "0.9", "0.95")] == [1, 4, 9, 19]


@settings(deadline=None)
@given(st.decimals("0.05", "0.97", places=2), st.integers(0, 40))
def test_there_is_an_interval_exactly_with_the_tests_it_needs(level, count):
    width = made(*range(count)).width(level)
    assert (width is None) == (count < trials_needed(level))
    assert width is None or 0 <= width <= count


def test_errors_are_told_as_amount_and_share():
    two = Backtest("mstl", (Origin((2025, 2), 4, 4, 44.0, 40.0), Origin((2025, 3), 2, 2, 18.0, 20.0)))
    assert two.per_point == 1
    assert two.share == pytest.approx(6 / 60)
    assert made().per_point is None
    assert Backtest("mstl", (Origin((2025, 2), 4, 4, 0.0, 0.0),)).share is None


def test_points_further_ahead_count_more():
    assert reach(range(1, 12), 11) == 11
    assert reach(range(1, 14), 11) == 11 + 2 * 2
    assert reach(range(12, 24), 11) == 11 * 2 + 3
    assert reach([], 11) == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "values",
    [
        [0.0] * 30,
        [7.0] * 30,
        [0.0] * 29 + [1e9],
        [1e12 * number for number in range(30)],
        [5.0, -2.0] * 15,
    ],
    ids=["zeros", "constant", "one jump", "steep", "below zero"],
)
def test_no_method_stumbles(method, values):
    carried = METHODS[method](np.array(values), CYCLE, 25)
    assert carried.shape == (25,)
    assert np.isfinite(carried).all()
    assert (carried >= 0).all()
    assert (METHODS[method](np.array(values), CYCLE, 25) == carried).all()


def test_constant_stays_constant():
    assert mstl(np.full(30, 7.0), CYCLE, 12) == pytest.approx(np.full(12, 7.0))
    assert seasonal_naive(np.arange(22.0), 11, 13).tolist() == [*range(11, 22), 11, 12]


def test_a_machine_without_the_library_says_so(monkeypatch):
    assert methods.has_library()
    monkeypatch.setattr(methods, "find_spec", lambda name: None)
    assert not methods.has_library()
