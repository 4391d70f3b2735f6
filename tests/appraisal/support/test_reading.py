"""A case as it is written down: read, or every mistake told at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import held

from jigai.appraisal.support.case import Given, Repayment, Tranche
from jigai.appraisal.support.reading import CaseError, read_case

LOAN: dict[str, Any] = {"key": "L", "tranches": [{"amount": 100, "drawn_on": "2026-01-01", "paid_on": "2026-01-05"}]}


def mistakes(content: dict[str, Any]) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_case(content, held())
    assert str(caught.value) == "\n".join(problem.zh for problem in caught.value.problems)
    assert all(problem.en for problem in caught.value.problems)
    return [problem.zh for problem in caught.value.problems]


def test_facts_keep_their_origin_and_a_block_lends_its_own() -> None:
    item = {
        "key": "甲",
        "origin": "invoice",
        "unit_value_yuan": 1200.5,
        "quantity": 2,
        "kind": {"value": "motor", "origin": "city_assumption", "sample": True},
        "bought_on": None,
    }
    case = read_case({"items": [item], "enterprise": {"trade": "制造业"}}, held())
    facts = case.items[0].facts
    assert facts["unit_value_yuan"] == Given(Decimal("1200.5"), "invoice")
    assert facts["kind"] == Given("motor", "city_assumption", True)
    assert case.enterprise["trade"] == Given("制造业", "enterprise")
    assert "bought_on" not in facts
    assert case.items[0].price == Decimal("2401.0")


def test_of_several_words_on_a_fact_the_surest_origin_counts() -> None:
    """Decision D27: invoice before quotation before the enterprise's own word, and a sample after all of them."""
    said = [
        {"value": 900, "origin": "enterprise"},
        {"value": 1100, "origin": "quotation"},
        {"value": 1000, "origin": "invoice", "sample": True},
    ]
    facts = read_case({"items": [{"key": "甲", "unit_value_yuan": said}]}, held()).items[0].facts
    assert facts["unit_value_yuan"] == Given(Decimal(1100), "quotation")


def test_the_region_follows_from_the_division_code() -> None:
    case = read_case({"enterprise": {"origin": "supply_list", "division_code": 510402}}, held())
    assert case.enterprise["city_code"] == Given("5104", "supply_list")
    assert case.enterprise["province_code"] == Given("51", "supply_list")


def test_a_loan_with_tranches_and_repayments() -> None:
    repaid = [{"day": "2026-06-01", "amount": 40, "tranche": 1}, {"day": date(2026, 7, 1), "amount": 10}]
    loan = read_case({"loans": [{**LOAN, "matures_on": date(2028, 1, 1), "repayments": repaid}]}, held()).loans[0]
    assert loan.tranches == (Tranche(Decimal(100), date(2026, 1, 1), date(2026, 1, 5)),)
    assert loan.repayments == (
        Repayment(date(2026, 6, 1), Decimal(40), 0),
        Repayment(date(2026, 7, 1), Decimal(10), None),
    )
    assert loan.matures_on == date(2028, 1, 1)


def test_tax_payable_is_cut_to_the_fen_and_not_shown() -> None:
    case = read_case({"tax_payable": {2026: "1000.129", 2027: 0}}, held())
    assert case.tax_payable == {2026: Decimal("1000.12"), 2027: 0}
    assert "1000" not in repr(case)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"firm": {}}, "“firm”不认识"),
        ({"enterprise": {"turnover": 1}}, "没有字段“turnover”"),
        ({"enterprise": {"unit_value_yuan": 1}}, "没有字段“unit_value_yuan”"),
        ({"enterprise": {"trade": "农业"}}, "应填制造业、信息技术服务业、其他"),
        ({"enterprise": {"little_giant": "是"}}, "应填true 或 false"),
        ({"enterprise": {"division_code": "5104"}}, "区划代码"),
        ({"enterprise": {"division_code": "51040a"}}, "区划代码"),
        ({"enterprise": {"city_code": "5104"}}, "由区划代码得出"),
        ({"project": {"progress_pct": "八成"}}, "应填不小于零的数"),
        ({"project": {"progress_pct": -1}}, "应填不小于零的数"),
        ({"project": {"progress_pct": float("nan")}}, "应填不小于零的数"),
        ({"project": {"fixed_asset_investment_yuan": 1e18}}, "应填不小于零的数"),
        ({"project": {"progress_pct": True}}, "应填不小于零的数"),
        ({"items": [{"key": "甲", "bought_on": "2026-02-30"}]}, "应填日期"),
        ({"items": [{"key": "甲", "bought_on": 20260201}]}, "应填日期"),
        ({"items": [{"unit_value_yuan": 1}]}, "空着或重复"),
        ({"items": [{"key": "甲"}, {"key": "甲"}]}, "“甲”空着或重复"),
        ({"items": [{"key": "甲", "origin": "hearsay", "quantity": 1}]}, "来源“hearsay”不对"),
        ({"loans": [{"key": "L", "tranches": [{"amount": 0}]}]}, "amount 填的是“0”"),
        ({"loans": [{"key": "L", "tranches": [{"amount": 1, "drawn_on": "soon"}]}]}, "drawn_on"),
        (
            {"loans": [{"key": "L", "tranches": [{"amount": 1, "drawn_on": "2026-02-01", "paid_on": "2026-01-01"}]}]},
            "早于",
        ),
        ({"loans": [{**LOAN, "repayments": [{"amount": 1}]}]}, "还款要有日期"),
        ({"loans": [{**LOAN, "repayments": [{"day": "2026-03-01", "amount": 1, "tranche": 2}]}]}, "还款要有日期"),
        ({"loans": [{**LOAN, "repayments": [{"day": "2026-03-01", "amount": 101}]}]}, "大于贷款合计"),
        ({"tax_payable": {"2026": 1}}, "应为年份"),
        ({"tax_payable": {2026: -1}}, "应为年份"),
        ({"tax_payable": {26: 1}}, "应为年份"),
        ({"tax_payable": [2026]}, "tax_payable：应是“字段: 值”"),
        ({"enterprise": ["制造业"]}, "enterprise：应是“字段: 值”"),
        ({"items": {"key": "甲"}}, "items：应是列表"),
        ({"loans": ["L"]}, "loans：应是列表"),
        ({"loans": [{"key": "L", "tranches": 100}]}, "tranches：应是列表"),
        ({"loans": [{"key": "L", "origin": "hearsay"}]}, "来源“hearsay”不对"),
        ({"project": {"progress_pct": 100.5}}, "应填0 至 100"),
        ({"items": [{"key": "甲", "tax_life_years": 0}]}, "应填1"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(content: dict[str, Any], told: str) -> None:
    (found,) = mistakes(content)
    assert told in found


def test_all_mistakes_are_told_at_once() -> None:
    content = {"enterprise": {"turnover": 1, "little_giant": 3}, "loans": [{"key": "", "repays_debt": "no"}], "x": 1}
    assert len(mistakes(content)) == 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["key", "tranches", "repayments", "amount", "day", "drawn_on", "origin", "quantity", "value", "repays_debt"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(["enterprise", "project", "items", "loans", "tax_payable"]), ANYTHING))
def test_no_shape_makes_it_fall_over(content: dict[str, Any]) -> None:
    try:
        read_case(content, held())
    except CaseError as error:
        assert error.problems and all(problem.zh and problem.en for problem in error.problems)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*held().fields, "origin", "sample", "nonsense"]),
        st.none() | st.booleans() | st.text(max_size=5) | st.floats() | st.dates() | st.integers(),
        max_size=6,
    )
)
def test_nothing_written_in_a_block_makes_it_fall_over(block: dict[str, Any]) -> None:
    try:
        read = read_case({"enterprise": block}, held())
    except CaseError as error:
        assert error.problems
    else:
        assert set(read.enterprise) <= set(block) | {"province_code", "city_code"}
