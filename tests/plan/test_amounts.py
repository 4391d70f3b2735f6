"""Numbers as people read them, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.plan.amounts import amount, apart, as_written, bare, decimals, difference, percent, rounded, unit_words
from jigai.plan.registry import registry
from jigai.plan.tables import table


@pytest.mark.parametrize(
    ("unit", "number", "zh", "en"),
    [
        ("亿元", "187.4", "187 亿元", "18.7 billion yuan"),
        ("亿元", "18.74", "18.7 亿元", "1.87 billion yuan"),
        ("亿元", "1.874", "1.87 亿元", "0.187 billion yuan"),
        ("万元", "18745.2", "18745 万元", "187.45 million yuan"),
        ("%", "72.46", "72.5%", "72.5%"),
        ("%", "-3.04", "-3.04%", "-3.04%"),
        ("家", "21.5", "22 家", "22"),
        ("台", "12345", "12345 台", "12,345 machines"),
        ("万吨标准煤", "3.25", "3.25 万吨标准煤", "32.5 thousand tce"),
        ("万锭", "2.554", "2.55 万锭", "2.55 万锭"),
        ("", "0.5125", "0.513", "0.513"),
    ],
)
def test_an_amount_has_three_figures_and_its_unit(unit, number, zh, en):
    words, value = unit_words(unit), Decimal(number)
    digits = 2 if number == "-3.04" else decimals(words, (value,))
    assert amount(words, value, digits) == (zh, en)


def test_in_an_interval_only_signs_stay_with_the_number():
    assert bare(unit_words("亿元"), Decimal("172.2"), 0) == ("172", "17.2")
    assert bare(unit_words("%"), Decimal("10.2"), 1) == ("10.2%", "10.2%")


def test_shares_differ_by_percentage_points():
    assert difference(unit_words("%"), Decimal("-2.5"), 1) == ("2.5 个百分点", "2.5 percentage points")
    assert difference(unit_words("亿元"), Decimal(13), 0) == ("13 亿元", "1.3 billion yuan")
    assert difference(unit_words("家"), Decimal(2), 0) == ("2 家", "2")


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        ("200", "200 亿元", "20 billion yuan"),
        ("7.50", "7.5 亿元", "0.75 billion yuan"),
        ("0", "0 亿元", "0 billion yuan"),
    ],
)
def test_what_people_set_is_shown_as_they_set_it(number, zh, en):
    assert as_written(unit_words("亿元"), Decimal(number)) == (zh, en)


def test_what_is_not_equal_is_not_shown_equal():
    money = unit_words("亿元")
    assert apart(money, Decimal("187.4"), Decimal(200)) == 0
    assert apart(money, Decimal("199.7"), Decimal(200)) == 1
    assert apart(money, Decimal("199.99"), Decimal(200), Decimal("199.98")) == 2
    assert apart(money, Decimal(200), Decimal(200)) == 0
    # Beyond four decimals nobody looks, and half a factory is none.
    assert apart(money, Decimal("199.9999999"), Decimal(200)) == 4
    assert apart(unit_words("家"), Decimal("19.7"), Decimal(20)) == 0


def test_a_share_is_cut_not_rounded():
    assert percent(Decimal("0.7999")) == "79.9%"
    assert percent(Decimal("0.8")) == "80%"
    assert percent(Decimal(1)) == "100%"


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_rounding_moves_by_half_a_place_at_most(number, digits):
    assert abs(rounded(number, digits) - number) * 2 <= Decimal(1).scaleb(-digits)
    assert not str(rounded(number, digits)).startswith("-0E") and str(rounded(number, 0)) != "-0"


def test_every_unit_of_the_register_has_words():
    known = {row["key"] for row in table("unit_words.csv")}
    assert {one.display_unit for one in registry().values()} <= known
