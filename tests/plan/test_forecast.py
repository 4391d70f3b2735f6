"""What holds of every forecast, which method is taken, and how often the interval holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import commitments, series, target

from jigai.plan import forecast as module
from jigai.plan.forecast import Asked, Settings, as_growth, forecast
from jigai.plan.forecast_words import accuracy, reasons, say

PLAN = Asked(2024, 2027, date(2026, 9, 30), "亿元")
FINISHED = [
    [date(2023, 1, 1), date(2023, 10, 31), date(2023, 10 + late, 28), True, 10, 10 - late] for late in (0, 1, 2)
]
ONE = settings(deadline=None, max_examples=40)


def season(size, growth=0.0, noise=0.0, seed=0):
    """Points of a series with a seasonal profile, growing by ``growth`` a year, with multiplicative noise."""
    drawn = np.random.default_rng(seed)
    profile = drawn.uniform(0.6, 1.6, 11)
    level = 4 * (1 + growth) ** (np.arange(size) / 11)
    return np.round(level * profile[np.arange(size) % 11] * np.exp(drawn.normal(0, noise, size)), 4).tolist()


@ONE
@given(st.lists(st.decimals(0, 100, places=2), min_size=24, max_size=48), st.integers(2023, 2030))
def test_a_cumulative_forecast_never_falls_below_what_has_come(added, last):
    made = forecast(replace(PLAN, first=2023, last=last), series(added))
    if made.method == "complete":
        assert made.low == made.value == made.high == made.so_far
        return
    assert made.so_far == sum(added).quantize(Decimal("0.000001"))
    assert made.so_far <= made.low <= made.value <= made.high
    track = made.track
    assert [one.on for one in track] == sorted({one.on for one in track})
    assert all(one.low <= one.value <= one.high for one in track)
    assert all(a.value <= b.value and a.high <= b.high for a, b in pairwise(track))
    assert (track[-1].value, track[-1].low, track[-1].high) == (made.value, made.low, made.high)
    assert "预计" in say(made).zh and len(accuracy(made)) >= 1


MONTHS = st.tuples(st.sampled_from("ABC"), st.integers(2026, 2027), st.integers(1, 12), st.decimals(0, 50, places=2))


@ONE
@given(st.lists(MONTHS, max_size=10), st.lists(MONTHS, max_size=10), st.decimals(0, 200, places=2))
def test_more_committed_never_lowers_a_forecast(schedule, more, so_far):
    asked, held = replace(PLAN, so_far=so_far), Settings(finished=3)
    one = forecast(asked, projects=commitments(schedule, FINISHED), settings=held)
    both = forecast(asked, projects=commitments(schedule + more, FINISHED), settings=held)
    assert one.method == both.method == "committed_slippage"
    assert so_far <= one.low <= one.value <= one.high
    assert all(getattr(both, name) >= getattr(one, name) for name in ("low", "value", "high", "committed"))
    assert one.value <= one.committed


@pytest.mark.parametrize("points", [0, 1, 11, 23])
def test_below_24_points_nothing_is_forecast(points):
    made = forecast(replace(PLAN, first=2023), series(season(points)) if points else None)
    assert made.method == "history_short"
    assert (made.value, made.low, made.high, made.test, made.track) == (None, None, None, None, ())
    assert say(made).zh.startswith("历史不足，不作预测")


def test_with_24_points_it_is_forecast_and_tested():
    made = forecast(PLAN, series(season(24)))
    assert made.value is not None
    assert (made.points, len(made.test.origins), made.settings.level) == (24, 12, Decimal("0.8"))
    assert [len(one.origins) for one in made.compared] == [2, 2]


def test_the_library_is_shown_where_it_is_better():
    made = forecast(PLAN, series(season(40, growth=0.15, noise=0.02)))
    assert made.method == "mstl"
    assert made.reasons == ("better",)
    library, naive = made.compared
    assert library.per_point < naive.per_point
    assert made.test == library
    said = accuracy(made)
    assert said[0].zh.startswith("最近 12 次回测，平均每月误差")
    assert said[1].zh.startswith("同样 12 次回测，季节趋势法平均每月误差")
    naive_alone = forecast(PLAN, series(season(40, growth=0.15, noise=0.02)), settings=Settings(points=41))
    assert naive_alone.method == "history_short"


def test_the_year_before_is_shown_where_the_library_is_no_better():
    made = forecast(PLAN, series(season(40)))
    assert made.method == "seasonal_naive"
    assert made.reasons == ("not_better",)
    assert made.test.method == "seasonal_naive"
    assert "上年同期法" in reasons(made)[0].zh


def test_without_the_library_the_year_before_is_shown_and_said(monkeypatch):
    monkeypatch.setattr(module, "has_library", lambda: False)
    made = forecast(PLAN, series(season(40, growth=0.15, noise=0.02)))
    assert (made.method, made.reasons, made.compared) == ("seasonal_naive", ("library_missing",), ())
    assert len(accuracy(made)) == 1


def test_a_wider_level_needs_more_tests_and_gives_a_wider_interval():
    values = series(season(44, noise=0.2))
    narrow, wide = (forecast(PLAN, values, settings=Settings(level=Decimal(level))) for level in ("0.5", "0.95"))
    assert len(wide.test.origins) >= 19
    assert wide.high - wide.low > narrow.high - narrow.low
    short = forecast(PLAN, series(season(26)), settings=Settings(level=Decimal("0.95")))
    assert (short.method, short.reasons) == ("history_short", ("few_tests",))
    assert reasons(short)[0].zh == "回测次数不够，给不出 95% 的区间，不作预测。"


def test_revised_figures_change_the_forecast_and_nothing_remembers_the_old():
    values = season(40, noise=0.1)
    revised = [*values[:-1], values[-1] + 3]
    before, after, again = (forecast(PLAN, series(one)) for one in (values, revised, values))
    assert after.so_far == before.so_far + 3
    assert after.value != before.value
    assert again == before


def test_twelve_figures_a_year_are_another_cycle():
    made = forecast(PLAN, series([1] * 24 + [1] * 8, (2024, 1), joined=False))
    assert made.value == 48
    assert made.low == made.high == 48


def test_a_forecast_of_an_amount_becomes_one_of_growth():
    asked = Asked(2025, 2025, date(2025, 3, 31), "亿元")
    amount = forecast(asked, series([2] * 11 + [3] * 11 + [4] * 2))
    grown = as_growth(amount, Decimal(28), 2023)
    assert (grown.value, grown.low, grown.high) == (25, Decimal("-7.142857"), Decimal("57.142857"))
    assert grown.so_far is None
    assert grown.asked.unit == "%"
    goal = target(operator=">=", value=30, unit="%", counting="whole", baseline=0)
    assert say(grown, goal) == (
        "按现有进度，2025年预计比2023年增长 25.0%（-7.1%–57.1%），差 5.0 个百分点",
        "At the present pace growth of 25.0% (-7.1%–57.1%) on 2023 in 2025, 5.0 percentage points short",
    )
    assert accuracy(grown, "亿元")[0].zh == "最近 12 次回测，平均每月误差 1.00 亿元（30.7%）"
    over = as_growth(forecast(replace(asked, last=2024, first=2024), series([2] * 11 + [3] * 11)), Decimal(22), 2023)
    assert say(over).zh == "2024年比2023年增长 50.0%"
    plan = commitments([["A", 2025, 6, 22]])
    committed = as_growth(forecast(replace(asked, so_far=Decimal(0)), projects=plan), Decimal(20), 2023)
    assert say(committed).zh == "历史不足，不作预测；已定项目按计划数（未计延期）2025年比2023年增长 10.0%"
    for base, made in ((Decimal(0), amount), (Decimal(5), forecast(PLAN, series(season(30))))):
        with pytest.raises(ValueError, match="growth"):
            as_growth(made, base, 2023)


def test_the_gap_is_that_of_the_numbers_shown():
    made = forecast(PLAN, series(season(33, noise=0.1)))
    shown = replace(made, value=Decimal("187.4"), low=Decimal("171.6"), high=Decimal("203.4"))
    goal = target(operator=">", value=200, unit="亿元", counting="running")
    assert say(shown, goal).zh == "按现有进度，2027年底预计完成 187 亿元（172–203），差 13 亿元"
    assert say(shown).zh == "按现有进度，2027年底预计完成 187 亿元（172–203）"
    assert say(replace(shown, value=Decimal("199.8")), goal).zh.endswith("199.8 亿元（171.6–203.4），差 0.2 亿元")
    assert say(replace(shown, value=Decimal(200)), goal).zh.endswith("，与目标值相等")
    less = target(operator="<=", value=180, unit="亿元", counting="running")
    assert say(shown, less).zh.endswith("，差 7 亿元")
    assert say(shown, target(operator=">=", unit="亿元")).zh.endswith("（172–203）")


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="begin in 2028"):
        Asked(2028, 2027, date(2026, 1, 1), "亿元")
    with pytest.raises(ValueError, match="between 0 and 1"):
        Settings(level=Decimal(1))


@pytest.mark.parametrize(("growth", "least"), [(0.0, 0.85), (0.08, 0.65), (0.2, 0.45)])
def test_how_often_the_interval_holds_is_what_the_documents_say(growth, least):
    """Made-up series: 31 points known, the rest to the end of 2027 drawn beside (docs/reference/forecast.md)."""
    held = []
    for seed in range(40):
        values = season(55, growth=growth, noise=0.15, seed=seed)
        made, whole = forecast(PLAN, series(values[:31])), series(values).counted(2024, 2027)
        held.append(made.low <= whole <= made.high)
    assert sum(held) / len(held) >= least
