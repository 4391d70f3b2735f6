"""The interest subsidy: cases by hand, and what must hold of any loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import held, load

from jigai.appraisal.support.case import Given, Loan, Repayment, Tranche
from jigai.appraisal.support.day_count import (
    DAY_COUNTS,
    actual_360,
    actual_365,
    actual_actual,
    add_years,
    span,
    thirty_360,
)
from jigai.appraisal.support.subsidy import Conventions, conventions, stretches, subsidy_by_year, subsidy_range

CASES = load("subsidy")
DAYS = st.dates(min_value=date(2023, 1, 1), max_value=date(2030, 12, 31))
YUAN = st.integers(min_value=1, max_value=10**9).map(lambda fen: Decimal(fen) / 100)
HOW = st.builds(
    Conventions,
    st.sampled_from(sorted(DAY_COUNTS)),
    st.sampled_from(["first_day", "last_day", "both_days"]),
    st.sampled_from(["half_up", "down"]),
    st.sampled_from(["each_tranche", "total"]),
    st.sampled_from(["each_tranche", "first_tranche"]),
)
LOANS = st.builds(
    lambda tranches, matures: Loan("L", {"matures_on": Given(matures, "enterprise")}, tuple(tranches)),
    st.lists(st.builds(lambda amount, day: Tranche(amount, day, day), YUAN, DAYS), min_size=1, max_size=4),
    DAYS,
)


def loan_of(case: dict[str, Any]) -> Loan:
    facts = {"matures_on": Given(case["matures"], "enterprise")} if "matures" in case else {}
    repaid = [[*one, None][:3] for one in case.get("repaid", [])]
    return Loan(
        "贷款",
        facts,
        tuple(Tranche(Decimal(amount), day, day) for amount, day in case["tranches"]),
        tuple(Repayment(day, Decimal(amount), None if place is None else place - 1) for day, amount, place in repaid),
    )


def counted(loan: Loan, points: Decimal, years: int, how: Conventions) -> dict[int, Decimal]:
    pieces = stretches(loan, range(len(loan.tranches)), years, how.years_from)
    return subsidy_by_year(pieces, points, how)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    how = Conventions(*case["how"].split())
    found = counted(loan_of(case), Decimal(str(case["points"])), case["years"], how)
    assert {year: amount for year, amount in found.items() if amount} == {
        year: Decimal(str(amount)) for year, amount in case["by_year"].items()
    }


def test_cases_name_their_source() -> None:
    assert [case["name"] for case in CASES if not case.get("source")] == []


@settings(deadline=None, max_examples=150)
@given(LOANS, HOW)
def test_no_more_than_the_limit_of_years_on_all_the_money(loan: Loan, how: Conventions) -> None:
    total = sum(counted(loan, Decimal("1.5"), 2, how).values())
    principal = sum(one.amount for one in loan.tranches)
    # 732 days over 360: two years, a leap day and both ends; and a fen per tranche and year of rounding
    assert 0 <= total <= principal * Decimal("0.015") * 732 / 360 + Decimal("0.01") * 3 * len(loan.tranches)


@settings(deadline=None, max_examples=150)
@given(LOANS, HOW, DAYS, st.integers(min_value=1, max_value=100))
def test_repaying_early_never_brings_more(loan: Loan, how: Conventions, day: date, percent: int) -> None:
    repaid = sum(one.amount for one in loan.tranches) * percent / 100
    exact = replace(how, rounding="half_up", rounded="total")
    early = replace(loan, repayments=(Repayment(day, repaid),))
    least, most = counted(early, Decimal(1), 2, exact), counted(loan, Decimal(1), 2, exact)
    assert sum(least.values()) <= sum(most.values()) + Decimal("0.03")
    assert set(least) <= set(most)


@settings(deadline=None, max_examples=100)
@given(LOANS, HOW)
def test_the_order_of_the_tranches_does_not_matter(loan: Loan, how: Conventions) -> None:
    turned = replace(loan, tranches=loan.tranches[::-1])
    assert counted(loan, Decimal(1), 2, how) == counted(turned, Decimal(1), 2, how)


@settings(deadline=None, max_examples=60)
@given(LOANS, HOW)
def test_every_way_of_counting_lies_within_the_range(loan: Loan, how: Conventions) -> None:
    instrument = held().instruments["FN-05"]
    band = subsidy_range(instrument, loan, range(len(loan.tranches)), date(2026, 1, 1))
    for year, amount in counted(loan, Decimal("1.5"), 2, how).items():
        low, high = band[year]
        assert low <= amount <= high


@given(DAYS, st.integers(min_value=0, max_value=900))
def test_day_counts_agree_on_short_spans_and_add_up(start: date, days: int) -> None:
    middle, end = start + timedelta(days=days // 2), start + timedelta(days=days)
    for count in (actual_360, actual_365, actual_actual):
        assert count(start, middle) + count(middle, end) == count(start, end)
    assert abs(thirty_360(start, end) * 360 - days) <= 2 + days // 60
    assert actual_365(start, end) <= actual_360(start, end)


def test_thirty_days_a_month() -> None:
    assert thirty_360(date(2026, 1, 1), date(2027, 1, 1)) == 1
    assert thirty_360(date(2026, 1, 31), date(2026, 2, 28)) * 360 == 28
    assert thirty_360(date(2026, 1, 30), date(2026, 3, 31)) * 360 == 60


def test_anniversaries_of_the_leap_day() -> None:
    assert add_years(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_years(date(2026, 2, 28), 2) == date(2028, 2, 28)


def test_ends() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 11)
    lengths = {ends: (span(first, last, ends)[1] - span(first, last, ends)[0]).days for ends in
               ("first_day", "last_day", "both_days")}  # fmt: skip
    assert lengths == {"first_day": 10, "last_day": 10, "both_days": 11}
    with pytest.raises(ValueError, match="ends"):
        span(first, last, "no_day")


def test_the_day_it_runs_from_is_a_parameter() -> None:
    """Counted from the day the bank gave the money out it is four days more: 3600000×1%÷360 is 100 yuan a day."""
    loan = Loan(
        "贷款",
        {"matures_on": Given(date(2026, 2, 1), "enterprise")},
        (Tranche(Decimal(3600000), date(2026, 1, 1), date(2026, 1, 5)),),
    )
    how = Conventions("actual/360", "first_day", "half_up", "total", "each_tranche")
    for starts_on, amount in (("paid_on", 2700), ("drawn_on", 3100)):
        pieces = stretches(loan, [0], 2, "each_tranche", starts_on)
        assert subsidy_by_year(pieces, Decimal(1), how) == {2026: amount}


def test_what_is_not_held_is_counted_in_every_way_in_use() -> None:
    ways = conventions(held().instruments["FN-05"], date(2026, 6, 1))
    assert len(ways) == len(set(ways)) == 4 * 3 * 2 * 2 * 2
