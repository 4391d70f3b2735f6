"""Credits and the tax payable: cases by hand, and what must hold of any years."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import ask, load, one

from jigai.appraisal.support.carry_forward import Credit, carry_forward

CASES = load("credits")
AMOUNTS = st.integers(min_value=0, max_value=10**8).map(lambda fen: Decimal(fen) / 100)
CREDITS = st.lists(
    st.tuples(st.integers(2024, 2028), st.integers(0, 6), AMOUNTS), min_size=1, max_size=6
).map(lambda rows: [Credit(year, carry, str(n), amount) for n, (year, carry, amount) in enumerate(rows)])  # fmt: skip
PAYABLE = st.dictionaries(st.integers(2022, 2036), AMOUNTS, max_size=15)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    credits = [Credit(year, (*carry, 5)[0], key, Decimal(amount)) for key, year, amount, *carry in case["credits"]]
    found = carry_forward(credits, {year: Decimal(amount) for year, amount in case["payable"].items()})
    assert {key: dict(used.by_year) for key, used in found.items()} == case["used"]
    for name in ("open", "lapsed"):
        assert {key: getattr(u, name) for key, u in found.items() if getattr(u, name)} == case.get(name, {})


def test_cases_name_their_source() -> None:
    assert [case["name"] for case in CASES if not case.get("source")] == []


@settings(deadline=None)
@given(CREDITS, PAYABLE)
def test_credits_never_exceed_the_tax_payable_of_a_year(credits: list[Credit], payable: dict[int, Decimal]) -> None:
    found = carry_forward(credits, payable)
    for year in {year for used in found.values() for year in used.by_year}:
        assert sum(used.by_year.get(year, Decimal(0)) for used in found.values()) <= payable[year]


@settings(deadline=None)
@given(CREDITS, PAYABLE)
def test_every_credit_is_used_open_or_lapsed_and_in_its_years(
    credits: list[Credit], payable: dict[int, Decimal]
) -> None:
    found = carry_forward(credits, payable)
    for credit in credits:
        used = found[credit.key]
        assert sum(used.by_year.values()) + used.open + used.lapsed == credit.amount
        assert all(credit.year <= year <= credit.last and amount > 0 for year, amount in used.by_year.items())
        assert not (used.open and used.lapsed)


@settings(deadline=None)
@given(CREDITS, PAYABLE, st.randoms())
def test_the_order_of_credits_and_years_does_not_matter(
    credits: list[Credit], payable: dict[int, Decimal], chance: Any
) -> None:
    turned, years = list(credits), list(payable.items())
    chance.shuffle(turned)
    chance.shuffle(years)
    assert carry_forward(turned, dict(years)) == carry_forward(credits, payable)


@settings(deadline=None)
@given(AMOUNTS, st.integers(0, 6))
def test_with_enough_tax_the_carry_forward_exhausts(amount: Decimal, carry: int) -> None:
    """Equal shares of the tax in each year of the carry-forward use it up to the last fen."""
    shares = {2024 + n: round(amount / (carry + 1), 2) + Decimal("0.01") for n in range(carry + 1)}
    used = carry_forward([Credit(2024, carry, "甲", amount)], shares)["甲"]
    assert (sum(used.by_year.values()), used.open, used.lapsed) == (amount, 0, 0)


def test_two_credits_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        carry_forward([Credit(2024, 5, "甲", Decimal(1)), Credit(2025, 5, "甲", Decimal(1))], {})


def test_all_credits_of_an_enterprise_share_one_tax_payable() -> None:
    bought = {"unit_value_yuan": 1000000, "vat_yuan": 0, "bought_on": "2026-03-01", "in_use_on": "2026-04-01"}
    upgrade = {**bought, "digital_upgrade": True, "tax_basis_yuan": 4000000, "excluded_costs_yuan": 0}
    items = [{"key": "甲", **bought}, {"key": "乙", **bought}, {"key": "丙", **upgrade, "in_tax_catalogue": True}]
    answers = ask({"items": items, "tax_payable": {2026: 150000, 2027: 10000}})
    claims = [a for a in answers if a.instrument in ("TX-01", "TX-02") and a.status != "not"]
    for year, payable in ((2026, 150000), (2027, 10000)):
        assert sum(y.high for a in claims for y in a.amounts if y.year == year) == payable
    assert all(a.private for a in claims if a.amounts)
    assert not any(a.private for a in answers if a.instrument.startswith(("FN", "BD", "PZ")))


def test_a_plain_purchase_takes_no_tax_payable_as_an_upgrade() -> None:
    item = {"key": "甲", "unit_value_yuan": 1000000, "tax_basis_yuan": 4000000, "bought_on": "2026-03-01"}
    found = one(ask({"items": [item], "tax_payable": {2026: 150000}}), "TX-02")
    assert found.amounts == () and found.no_amount is not None and "改造支出" in found.no_amount.zh


def test_no_answer_repeats_the_tax_payable() -> None:
    """What the enterprise entered is used and forgotten: neither in an answer nor in what a case shows of itself."""
    item = {
        "key": "甲",
        "unit_value_yuan": 1000000,
        "vat_yuan": 0,
        "bought_on": "2026-03-01",
        "in_use_on": "2026-04-01",
    }
    answers = ask({"items": [item], "tax_payable": {2026: 987654.32}})
    assert one(answers, "TX-01").high == 100000
    assert "987654" not in repr(answers)
    unused = ask({"items": [item], "tax_payable": {2027: 1234567}})
    assert "1234567" not in repr(unused)


def test_what_is_left_is_said_with_its_last_year() -> None:
    item = {
        "key": "甲",
        "unit_value_yuan": 1000000,
        "vat_yuan": 0,
        "bought_on": "2020-03-01",
        "in_use_on": "2020-04-01",
    }
    known = {year: 1000 for year in range(2020, 2026)}
    lapsed = one(ask({"items": [item], "tax_payable": known}), "TX-01")
    assert any("9.4 万元 在 2025 年以后作废" in note.zh for note in lapsed.notes)
    open_ = one(ask({"items": [item], "tax_payable": {2020: 1000}}), "TX-01")
    assert any("9.9 万元 可结转，用到 2025 年" in note.zh for note in open_.notes)
