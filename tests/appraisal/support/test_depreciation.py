"""Deductions by year: examples of textbooks, and what must hold of any cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.appraisal.support.depreciation import (
    METHODS,
    at_once,
    double_declining,
    shortened,
    straight_line,
    sum_of_years,
)
from jigai.appraisal.support.money import fen, share, written

COSTS = st.integers(min_value=1, max_value=10**10).map(lambda cents: Decimal(cents) / 100)


def test_double_declining_balance_of_a_textbook() -> None:
    """原价100000元、5年、残值4000元：40000、24000、14400、8800、8800（会计教材例题）."""
    found = double_declining(Decimal(100000), Decimal(4000), 5)
    assert found == (40000, 24000, 14400, 8800, 8800)


def test_sum_of_the_years_of_a_textbook() -> None:
    """原价100000元、5年、残值4000元，年数总和15：32000、25600、19200、12800、6400（会计教材例题）."""
    assert sum_of_years(Decimal(100000), Decimal(4000), 5) == (32000, 25600, 19200, 12800, 6400)


def test_straight_line_leaves_the_rest_of_rounding_to_the_last_year() -> None:
    assert straight_line(Decimal(100), Decimal(0), 3) == (Decimal("33.33"), Decimal("33.33"), Decimal("33.34"))
    assert at_once(Decimal("99.99")) == (Decimal("99.99"),)


@pytest.mark.parametrize(("years", "cut"), [(10, 6), (5, 3), (4, 3), (3, 2), (20, 12), (1, 1)])
def test_a_life_is_cut_to_sixty_per_cent_and_not_below(years: int, cut: int) -> None:
    assert shortened(Decimal(years), Decimal(60)) == cut
    assert cut >= years * 0.6


@given(COSTS, st.integers(0, 20), st.integers(1, 20), st.sampled_from(sorted(METHODS)))
def test_all_is_written_off_down_to_the_salvage_value(cost: Decimal, percent: int, years: int, method: str) -> None:
    salvage = fen(share(cost, Decimal(percent)))
    found = METHODS[method](cost, salvage, years)
    assert len(found) == years
    assert sum(found) == cost - salvage
    assert all(part >= Decimal("-0.10") for part in found)


@given(COSTS.filter(lambda cost: cost > 1000), st.integers(3, 20))
def test_the_faster_methods_are_never_behind_the_straight_line(cost: Decimal, years: int) -> None:
    """Of the double-declining balance only in the first half: towards the end of a long life it has more left."""
    even = straight_line(cost, Decimal(0), years)
    for fast, last in ((double_declining, years // 2), (sum_of_years, years)):
        found = fast(cost, Decimal(0), years)
        for year in range(1, last + 1):
            assert sum(found[:year]) >= sum(even[:year]) - Decimal("0.10")


def test_rounding_ends() -> None:
    assert [fen(Decimal(text)) for text in ("0.004", "0.005", "1.115", "2")] == [
        0, Decimal("0.01"), Decimal("1.12"), 2,
    ]  # fmt: skip
    assert [fen(Decimal(text), "down") for text in ("0.009", "1.119999", "1.12")] == [
        0, Decimal("1.11"), Decimal("1.12"),
    ]  # fmt: skip


def test_money_is_written_as_people_read_it() -> None:
    amounts = ("9999.99", "10000", "123456.78", "30000000", "0")
    assert [written(Decimal(text)) for text in amounts] == [
        "9,999.99 元", "1 万元", "12.35 万元", "3,000 万元", "0.00 元",
    ]  # fmt: skip
