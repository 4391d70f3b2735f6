"""What must hold of any investment, and the edges no case of an officer shows."""

from __future__ import annotations

import csv
from importlib.resources import files
from math import inf, nan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jigai.appraisal.economics.capital import (
    Capital,
    Operation,
    Worth,
    book_value,
    residual_value,
    scrap_value,
    yearly_saving,
)
from jigai.appraisal.economics.discounting import annualised_cost, annuity, net_present_value, net_present_values
from jigai.appraisal.economics.outcome import Reason, because, percent
from jigai.appraisal.economics.payback import discounted_payback, simple_payback
from jigai.appraisal.economics.returns import internal_rate_of_return, sign_changes
from jigai.appraisal.economics.summary import Investment, appraise, cost_per_unit, flows

MONEY = st.floats(min_value=1, max_value=1e8)
RATES = st.floats(min_value=0, max_value=0.5)
LIVES = st.integers(min_value=1, max_value=40)


@given(MONEY, st.lists(MONEY, min_size=1, max_size=30), RATES, RATES)
def test_present_value_falls_with_the_rate_where_money_is_paid_first(capital, later, one, other):
    """Only later money is discounted: where it all comes in, a higher rate makes it less."""
    low, high = sorted((one, other))
    assume(high - low > 1e-6)
    money = [-capital, *later]
    assert net_present_value(money, high) < net_present_value(money, low)


@settings(deadline=None)
@given(MONEY, st.lists(st.floats(min_value=0, max_value=1e8), min_size=1, max_size=30))
def test_at_the_rate_of_return_nothing_is_left(capital, later):
    assume(sum(later) > capital / 100)
    rate = internal_rate_of_return([-capital, *later])
    if isinstance(rate, Reason):
        assert rate.key == "rate_beyond" and sum(later) > 1000 * capital
    else:
        scale = capital + sum(value * (1 + rate) ** -t for t, value in enumerate(later, 1))
        assert abs(net_present_value([-capital, *later], rate)) < 1e-7 * scale


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=2, max_size=12))
def test_a_rate_is_given_only_where_the_sign_changes_once(money):
    rate, changes = internal_rate_of_return(money), sign_changes(money)
    if not isinstance(rate, Reason):
        assert changes == 1 and rate > -1 - 1e-12
    elif changes > 1:
        assert rate.key.startswith("several") and str(changes) in rate.zh
    elif changes == 0:
        assert rate.key in {"no_cash_in", "no_cash_out"}
    else:
        assert rate.key == "rate_beyond"


@given(MONEY, MONEY, RATES, LIVES)
def test_annualised_cost_and_present_value_agree_on_whether_it_pays(capital, saving, rate, life):
    found = appraise(Investment(capital, saving, life, rate, energy_tce=2.0))
    factor = annuity(rate, life)
    assert not isinstance(factor, Reason) and not isinstance(found.npv, Reason)
    assert found.annualised_cost == pytest.approx(-found.npv * factor, rel=1e-6, abs=1e-6 * (capital + saving))
    assert found.cost_per_tce == pytest.approx(found.annualised_cost / 2)


@given(MONEY, MONEY, RATES, LIVES)
def test_interest_never_brings_money_back_sooner(capital, saving, rate, life):
    simple, later = simple_payback(capital, saving), discounted_payback(capital, saving, rate, life)
    if not isinstance(later, Reason):
        assert not isinstance(simple, Reason)
        assert min(simple, life) - 1e-9 <= later <= life
        assert net_present_value(flows(Investment(capital, saving, life, rate)), rate) > -1e-6 * (capital + saving)


@given(st.floats(min_value=1e-12, max_value=0.5), st.integers(min_value=1, max_value=60))
def test_the_annuity_lies_between_its_two_ends(rate, life):
    """A year bears at least the interest and at least its share, and at most the two together."""
    factor = annuity(rate, life)
    assert max(rate, 1 / life) * (1 - 1e-9) <= factor <= (rate + 1 / life) * (1 + 1e-9)


def test_a_rate_next_to_zero_spreads_like_zero():
    assert annuity(1e-15, 10) == pytest.approx(0.1, rel=1e-9)
    assert annuity(0, 10) == 0.1
    assert annuity(5e-324, 10) == 0.1


def test_the_annuity_of_a_published_table():
    """PyPSA's example (costs.annuity): 7 % over 20 years is 0.09439; 等额支付系数 (A/P,10%,20)=0.11746 of any text."""
    assert annuity(0.07, 20) == pytest.approx(0.09439, abs=5e-6)
    assert annuity(0.10, 20) == pytest.approx(0.11746, abs=5e-6)


def test_no_end_and_no_rate():
    assert annuity(0.08, inf) == 0.08
    assert annuity(0, inf) == because("no_rate_no_end")
    assert annualised_cost(100, 5, 0, inf) == because("no_rate_no_end")
    assert annualised_cost(100, 5, 0.1, inf) == 15


@pytest.mark.parametrize(("rate", "life"), [(-0.01, 10), (0.05, 0), (0.05, -3), (nan, 10), (inf, 10), (0.05, nan)])
def test_an_annuity_of_nonsense_is_refused(rate, life):
    with pytest.raises(ValueError, match="rate"):
        annuity(rate, life)


@pytest.mark.parametrize(("rate", "life"), [(-0.01, 10), (0.05, 0), (nan, 10)])
def test_a_payback_of_nonsense_is_refused(rate, life):
    with pytest.raises(ValueError, match="rate"):
        discounted_payback(100, 10, rate, life)


@pytest.mark.parametrize("money", [[], [nan, 1.0], [-1.0, inf], [[-1.0, 2.0]]])
def test_flows_that_are_no_numbers_are_refused(money):
    with pytest.raises(ValueError, match="flows"):
        internal_rate_of_return(money)


@pytest.mark.parametrize("rate", [-1, -2, nan, inf])
def test_a_rate_that_takes_all_is_refused(rate):
    with pytest.raises(ValueError, match="discount rate"):
        net_present_value([-1, 2], rate)


def test_many_measures_at_once_are_worth_what_each_is():
    money = np.array([[-100.0, 60.0, 60.0, 0.0], [-10.0, 4.0, 4.0, 4.0]])
    assert net_present_values(money, 0.1) == pytest.approx([net_present_value(one, 0.1) for one in money])


def test_a_loan_taken_first_has_a_rate_too():
    """Money in, then out: what the loan costs. 100 now against 110 in a year is 10 %."""
    assert internal_rate_of_return([100, -110]) == pytest.approx(0.1)


def test_less_than_paid_comes_back_is_a_rate_below_zero():
    assert internal_rate_of_return([-100, 0, 25, 0]) == pytest.approx(-0.5)


def test_zeros_do_not_change_a_sign_and_years_may_begin_empty():
    assert sign_changes([0, -1, 0, 0, 2, 0]) == 1
    assert internal_rate_of_return([0, -100, 110]) == pytest.approx(0.1)


def test_a_rate_above_all_bounds_is_a_reason():
    found = internal_rate_of_return([-1, 5000])
    assert isinstance(found, Reason) and "100000%" in found.zh


def test_the_rates_that_fit_are_named():
    two = internal_rate_of_return([-1000, 2500, -1560])
    assert isinstance(two, Reason) and "20%, 30%" in two.zh and "2 rates" in two.en
    none = internal_rate_of_return([-1000, 1000, -1000])
    assert none == because("several_changes_no_rate", changes=2)
    one = internal_rate_of_return([-1000, 2200, -1400, 2000])
    assert isinstance(one, Reason) and one.key == "several_changes_one_rate" and "100%" in one.en


@pytest.mark.parametrize(
    ("capital", "saving", "wanted"),
    [(-100, -10, 0.1), (100, -1, "no_cash_in"), (0, 5, "no_cash_out"), (-1, 0, "no_cash_out"), (0, 0, "no_cash_in")],
)
def test_the_rate_of_a_life_without_end(capital, saving, wanted):
    found = appraise(Investment(capital, saving, inf, 0.08)).irr
    assert (found.key if isinstance(found, Reason) else found) == wanted


def test_what_is_paid_once_and_what_the_old_device_brings():
    paid = Capital(10000, transport=300, installation=800, commissioning=200, removal=150, downtime=50, old_device=900)
    assert (paid.gross, paid.net) == (11500, 10600)
    assert yearly_saving(Operation(9000, 500, 300, 20, 1), Operation(7000, 600, 100, 10, 1)) == 2110


def test_the_old_device_is_worth_what_the_surest_origin_says_and_of_two_the_lower():
    offers = [Worth(900, "quotation"), Worth(700, "quotation"), Worth(100, "enterprise"), Worth(50, "city_assumption")]
    assert residual_value(offers) == Worth(700, "quotation")
    assert residual_value([*offers, Worth(1000, "invoice")]) == Worth(1000, "invoice")
    assert residual_value([Worth(9, "quotation", sample=True), Worth(10, "quotation")]) == Worth(10, "quotation")
    assert residual_value([]) == because("no_residual_origin")
    with pytest.raises(ValueError, match="origin"):
        Worth(1, "hearsay")


def test_scrap_may_cost_more_than_it_brings():
    assert scrap_value(1.2, 2000, removal=400) == 2000
    assert scrap_value(0.1, 2000, removal=400) == -200


def test_book_value_is_straight_and_ends_at_the_salvage_value():
    assert book_value(10000, 4, 10, 0.05) == pytest.approx(6200)
    assert book_value(10000, 10, 10, 0.05) == pytest.approx(500)
    assert book_value(10000, 25, 10, 0.05) == pytest.approx(500)
    for wrong in ((1, 0, 0.05), (1, 10, 1.2), (-1, 10, 0.05)):
        with pytest.raises(ValueError, match="life"):
            book_value(10000, *wrong)


def test_lives_are_whole_years_or_without_end():
    for life in (0, -1, 2.5, nan):
        with pytest.raises(ValueError, match="life"):
            Investment(1, 1, life, 0.08)
    with pytest.raises(ValueError, match="no list of years"):
        flows(Investment(1, 1, inf, 0.08))


def test_every_reason_has_words_and_a_user_and_others_are_refused():
    rows = csv.DictReader(
        files("jigai.appraisal.economics").joinpath("reasons.csv").read_text(encoding="utf-8").splitlines()
    )
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    folder = files("jigai.appraisal.economics")
    code = "".join(one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".py"))
    assert [key for key in keys if f'"{key}"' not in code] == []
    with pytest.raises(KeyError, match="nothing_such"):
        because("nothing_such")


def test_rates_are_written_as_people_write_them():
    assert [percent(rate) for rate in (0.08, 0.125, 1, -0.5)] == ["8%", "12.5%", "100%", "-50%"]
    assert cost_per_unit(10, 0, "no_carbon_saved") == because("no_carbon_saved")
