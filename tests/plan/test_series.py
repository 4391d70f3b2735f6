"""Frames of charts: what was, what was asked for, what is forecast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
from tests.plan.building import months, series, target

from jigai.plan.forecast import Asked, forecast
from jigai.plan.monthly import Monthly
from jigai.plan.series import CHART, chart, cumulative, yearly

PLAN = Asked(2024, 2027, date(2026, 6, 30), "亿元")
GOAL = target(operator=">", value=200, unit="亿元", counting="running")


def test_cumulative_figures_add_up_over_the_years():
    made = cumulative(series([1] * 38), 2024, 2027)
    assert made["on"][0] == date(2024, 2, 29)
    assert made.filter(pl.col("on") == date(2025, 3, 31))["value"].item() == 13
    assert made["value"][-1] == 27
    assert made["value"].is_sorted()


def test_what_cannot_be_added_up_is_left_out():
    frame = months([1] * 38).filter(~((pl.col("year") == 2024) & (pl.col("month") == 12)))
    made = cumulative(Monthly.read(frame), 2024, 2027)
    assert made["on"].max() == date(2024, 11, 30)


def test_a_chart_has_actual_path_and_band_that_meet():
    held = series([4] * 38)
    actual = cumulative(held, 2024, 2027)
    made = chart(actual, GOAL, forecast(PLAN, held))
    assert made.schema == CHART
    assert made["series"].unique(maintain_order=True).to_list() == ["actual", "path", "forecast"]
    ahead = made.filter(series="forecast")
    assert ahead.row(0, named=True) | {"given": None} == {
        "series": "forecast", "on": date(2026, 6, 30), "value": 108, "low": 108, "high": 108, "given": None,
    }  # fmt: skip
    assert ahead["on"][-1] == date(2027, 12, 31)
    assert ahead["value"][-1] == 108 + 4 * 17
    assert (ahead["low"] <= ahead["value"]).all() and (ahead["value"] <= ahead["high"]).all()
    assert made.filter(series="path")["given"].to_list() == [True, False, False, False, True]


def test_a_chart_by_years_shows_the_last_point_of_each():
    held = series([4] * 38)
    made = yearly(chart(cumulative(held, 2024, 2027), GOAL, forecast(PLAN, held)))
    values = {(row["series"], row["year"]): row["value"] for row in made.iter_rows(named=True)}
    assert values["actual", 2025] == 88
    assert values["actual", 2026] == 108
    assert values["path", 2026] == 150
    assert values["forecast", 2026] == 132
    assert values["forecast", 2027] == 176


def test_yearly_figures_need_no_months():
    actual = pl.DataFrame(
        {"on": [date(2024, 12, 31), date(2025, 12, 31), date(2026, 12, 31)], "value": [Decimal(12), None, Decimal(18)]}
    )
    made = chart(actual, target(operator=">=", value=20, unit="家", baseline=9))
    assert made.filter(series="actual")["value"].to_list() == [12, 18]
    assert made.filter(series="path")["value"].to_list() == [9, Decimal("11.75"), Decimal("14.5"), Decimal("17.25"), 20]


def test_without_figures_path_and_forecast_there_is_an_empty_frame():
    nothing = pl.DataFrame(schema={"on": pl.Date(), "value": pl.Float64()})
    assert chart(nothing).is_empty()
    assert chart(nothing).schema == CHART
    assert chart(nothing, target(operator=">=", unit="家"), forecast(PLAN)).is_empty()
    assert yearly(chart(nothing)).is_empty()
