"""A kept sum as a figure: unit, coverage, grey, why there is none, what is held back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jigai.plan.registry import registry
from jigai.platform.plan.kept import HIDDEN, held_back, missing, numbers

SHARE = Decimal("0.8")


def row(**more):
    said = {"partition": "city", "key": "", "period": "2025", "numerator": 0, "denominator": 0, "should": 1}
    said |= {"reported": 1, "data_date": date(2026, 2, 1), "reason": ""} | more
    return said | {name: Decimal(str(said[name])) for name in ("numerator", "denominator")}


def one(indicator, **more):
    return next(iter(numbers([row(indicator=indicator, **more)], SHARE)[indicator].values()))


@pytest.mark.parametrize(
    ("indicator", "sums", "text"),
    [
        ("equipment_investment_cumulative", {"numerator": 15_222_000_000}, "152.22"),
        ("equipment_investment_growth", {"numerator": 125, "denominator": 100}, "+25.0"),
        ("equipment_investment_growth", {"numerator": 75, "denominator": 100}, "-25.0"),
        ("nc_rate", {"numerator": "1.5", "denominator": 2}, "75.0"),
        ("newness", {"numerator": 55, "denominator": 100}, "0.550"),
        ("green_factories", {"numerator": 17}, "17"),
        ("green_factories", {"numerator": 0}, "0"),
    ],
)
def test_a_sum_is_told_in_the_unit_it_is_shown_in(indicator, sums, text):
    assert one(indicator, **sums).text == text


def test_too_few_reports_make_a_figure_grey_and_not_reportable():
    grey = one("nc_rate", numerator=7, denominator=7, should=10, reported=7)
    assert (grey.grey, grey.reportable, grey.percent, grey.text) == (True, False, "70%", "100.0")
    enough = one("nc_rate", numerator=7, denominator=8, should=10, reported=8)
    assert (enough.grey, enough.reportable) == (False, True)


def test_nobody_having_reported_is_no_zero():
    silent = one("digital_covered", should=5, reported=0)
    assert (silent.value, silent.text, silent.grey) == (None, "—", True)
    assert "没有报" in silent.reason.zh


def test_a_source_that_is_not_there_is_a_zero_that_says_so():
    absent = one("renovation_projects", reported=0, reason="项目库尚未启用。")
    assert (absent.text, absent.reason.zh, absent.reportable) == ("0", "项目库尚未启用。", False)
    assert "source" in absent.reason.en
    nothing = one("obsolete_open", reported=0, reason="项目库尚未启用。")
    assert nothing.value is None, "only where the register of indicators says a nought is meant"


def test_why_there_is_no_growth_is_told_by_its_reason():
    found = one("equipment_investment_growth", reported=0, reason="base_missing")
    assert found.value is None
    assert "基期" in found.reason.zh


def test_groups_of_different_units_have_figures_of_their_own_only():
    name = "capacity_at_benchmark_by_product"
    rows = [
        row(indicator=name, numerator=3, denominator=10),
        row(indicator=name, partition="group", key="水泥", numerator=1, denominator=2),
        row(indicator=name, partition="group", key="钢", numerator=2, denominator=8),
    ]
    found = numbers(rows, SHARE)[name]
    assert found["city", "", "2025"].value is None
    assert found["group", "水泥", "2025"].text == "50.0"
    assert found["group", "钢", "2025"].text == "25.0"


@pytest.mark.parametrize(("reported", "hidden"), [(1, True), (2, True), (3, False)])
def test_a_financial_part_of_too_few_enterprises_is_held_back(reported, hidden):
    sums = {"numerator": 5, "denominator": 10, "should": reported, "reported": reported}
    part = held_back(one("newness", partition="division", key="31", **sums))
    assert (part.value is None, part.hidden) == (hidden, hidden)
    if hidden:
        assert part.reason == HIDDEN
        assert part.numerator == part.denominator == 0
    assert held_back(one("newness", **sums)).value is not None, "the city's own figure is everybody's"
    assert held_back(one("nc_rate", partition="division", key="31", **sums)).value is not None


def test_a_part_nobody_is_of_says_so():
    found = missing(registry()["nc_rate"], "manager", "510402", "2025")
    assert (found.text, found.coverage, found.percent) == ("—", None, "")
    assert "没有应报对象" in found.reason.zh


def test_nothing_kept_is_no_figure():
    assert numbers([], SHARE) == {}


def test_indicators_finished_together_keep_apart():
    rows = [row(indicator=name, numerator=1, denominator=2) for name in ("nc_rate", "newness", "design_tool_rate")]
    found = numbers([*rows, row(indicator="green_factories", numerator=7)], SHARE)
    said = {name: one["city", "", "2025"].text for name, one in found.items()}
    assert said == {"nc_rate": "50.0", "newness": "0.500", "design_tool_rate": "50.0", "green_factories": "7"}
