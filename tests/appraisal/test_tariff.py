"""Prices by time of use: dated, weighted by shares, and the sample marked as one."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.appraisal.refusal import ImpossibleFigureError
from jigai.appraisal.tariff import SAMPLE, cost_yuan, in_force, mean_price, tariffs
from jigai.appraisal.undecided import Undecided

TODAY = date(2026, 11, 23)
OWN = """tariff,from,to,period,price_yuan_per_kwh,hours_per_day,sample,source
大工业 110 kV,2025-01-01,2025-12-31,peak,0.9,10,no,2025 年电费单
大工业 110 kV,2025-01-01,2025-12-31,valley,0.3,14,no,2025 年电费单
大工业 110 kV,2026-01-01,,peak,0.8,8,no,2026 年电费单
大工业 110 kV,2026-01-01,,flat,0.5,8,no,2026 年电费单
大工业 110 kV,2026-01-01,,valley,0.2,8,no,2026 年电费单
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "tariffs.csv"
    path.write_text(OWN, encoding="utf-8")
    return tariffs(path)


def test_the_shipped_tariff_is_a_sample_and_says_so():
    sample = in_force(tariffs(), SAMPLE, TODAY)
    assert sample.sample and "示例" in sample.source
    assert sample.price().sample


def test_the_price_of_the_day_is_taken(own):
    assert in_force(own, "大工业 110 kV", date(2025, 12, 31)).prices == {"peak": 0.9, "valley": 0.3}
    assert in_force(own, "大工业 110 kV", date(2026, 1, 1)).prices == {"peak": 0.8, "flat": 0.5, "valley": 0.2}
    before = in_force(own, "大工业 110 kV", date(2024, 12, 31))
    assert isinstance(before, Undecided)
    assert before.field == "tariff:大工业 110 kV" and "2024-12-31" in before.say("zh")


def test_the_mean_price_by_hand(own):
    """0.3·0.8 + 0.5·0.5 + 0.2·0.2 = 0.53."""
    price = in_force(own, "大工业 110 kV", TODAY).price({"peak": 0.3, "flat": 0.5, "valley": 0.2})
    assert (price.low, price.likely, price.high) == (pytest.approx(0.53),) * 3
    assert not price.sample


def test_without_shares_the_price_lies_between_valley_and_peak(own):
    """Running evenly in 2025: (10·0.9 + 14·0.3)/24 = 0.55."""
    price = in_force(own, "大工业 110 kV", date(2025, 6, 1)).price()
    assert (price.low, price.likely, price.high) == (0.3, pytest.approx(0.55), 0.9)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ({"peak": 0.5, "flat": 0.4}, "shares_sum"),
        ({"peak": 0.5, "night": 0.5}, "shares_sum"),
        ({"peak": 50, "flat": 50}, "not_a_share"),
        ({"peak": -0.5, "flat": 1.5}, "not_a_share"),
    ],
)
def test_shares_that_cannot_be_are_refused(shares, code):
    with pytest.raises(ImpossibleFigureError) as refused:
        mean_price({"peak": 0.8, "flat": 0.5}, shares)
    assert refused.value.code == code


def test_money_is_amount_times_price_and_a_price_is_never_negative():
    assert cost_yuan(17348.9, 0.55) == pytest.approx(9541.895)
    assert cost_yuan(-100.0, 0.5) == -50.0
    with pytest.raises(ImpossibleFigureError):
        cost_yuan(100.0, -0.1)
