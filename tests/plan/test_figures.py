"""Figures are sums of contributions: they add up, merge from parts, and say why they are empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jigai.plan.contributions import CONTRIBUTION, checked
from jigai.plan.figures import BREAKDOWNS, figure, figures, finish, merge, partials
from jigai.plan.registry import registry
from jigai.plan.standings import standings

RATIO = registry()["newness"]
SUM = registry()["energy_total"]
ADDED = ("numerator", "denominator", "should", "reported", "rows")
FEW = settings(max_examples=15, deadline=None)
"""Each example makes a dozen frames; more would find little more and take minutes on a busy machine."""
PAIRS = [(), ("manager_code",), ("place_code",), ("division",), ("group",), ("manager_code", "group")]


def row(number: int, standing: str, amount: int, base: int, who: int, kind: str | None) -> dict[str, object]:
    one = standings()[standing]
    return {
        "kind": "site",
        "key": str(number),
        "label": f"厂{number}",
        "legal_person": who,
        "site": number,
        "manager_code": ["DQ", "XQ", None][who % 3],
        "place_code": ["510402", "510403"][who % 2],
        "industry_code": ["3110", "2614", "", None][who % 4],
        "group": kind,
        "numerator": Decimal(amount) / 1000 if one.counts else Decimal(0),
        "denominator": Decimal(base) / 1000 if one.counts else Decimal(0),
        "should": int(one.should),
        "reported": int(one.reported),
        "standing": standing,
        "data_date": date(2026, 1, 1 + who),
    }


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return checked(pl.DataFrame(rows, schema=CONTRIBUTION), "test")


@st.composite
def contributions(draw: st.DrawFn) -> pl.DataFrame:
    amount = st.integers(-(10**15), 10**15)
    drawn = draw(
        st.lists(
            st.tuples(
                *(st.sampled_from(list(standings())), amount, st.integers(0, 10**15), st.integers(0, 11)),
                st.sampled_from(["motor", "pump", None]),
            ),
            max_size=30,
        )
    )
    return frame([row(number, *one) for number, one in enumerate(drawn)])


@FEW
@given(contributions())
def test_every_breakdown_adds_up_to_the_city(held):
    city = figure(RATIO, held)
    assert city.numerator == sum(held["numerator"].to_list(), Decimal(0))
    for by in PAIRS:
        parts = figures(RATIO, held, by)
        for name in ADDED[:-1]:
            assert sum(parts[name].to_list(), Decimal(0)) == getattr(city, name), (by, name)
        assert parts["rows"].sum() == held.height
        counted = parts.select(pl.col("standings").explode().struct.unnest()) if parts.height else None
        if counted is not None and held.height:
            totals = dict(counted.drop_nulls().group_by("standing").agg(pl.col("rows").sum()).iter_rows())
            assert totals == dict(city.standings)


@FEW
@given(contributions(), st.integers(1, 5), st.sampled_from(PAIRS))
def test_merging_partial_sums_equals_scratch(held, pieces, by):
    parts = [partials(held.gather_every(pieces, offset), by) for offset in range(pieces)]
    merged = finish(RATIO, merge(parts, by), by)
    assert_frame_equal(sorted_lists(merged), sorted_lists(figures(RATIO, held, by)))


@FEW
@given(contributions())
def test_sums_kept_finer_merge_into_coarser_ones(held):
    fine = partials(held, ("manager_code", "group"))
    for by in ((), ("manager_code",), ("group",)):
        assert_frame_equal(
            sorted_lists(finish(SUM, merge([fine], by), by)),
            sorted_lists(figures(SUM, held, by)),
            check_row_order=False,
        )


@FEW
@given(contributions(), st.randoms(use_true_random=False), st.sampled_from(PAIRS))
def test_the_order_of_contributions_does_not_matter(held, random, by):
    order = list(range(held.height))
    random.shuffle(order)
    assert_frame_equal(sorted_lists(figures(RATIO, held[order], by)), sorted_lists(figures(RATIO, held, by)))


def sorted_lists(made: pl.DataFrame) -> pl.DataFrame:
    return made.with_columns(pl.col("standings").list.sort())


def one(*rows: tuple[str, int, int], kind: str | None = None) -> pl.DataFrame:
    return frame(
        [row(n, standing, amount * 1000, base * 1000, 0, kind) for n, (standing, amount, base) in enumerate(rows)]
    )


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [("sum", 3), ("count", 3), ("ratio", 0.75), ("mean", 0.75), ("index", 0.75), ("growth", -0.25)],
)
def test_each_aggregate(aggregate, value):
    held = one(("counted", 1, 2), ("counted", 2, 2))
    assert figure(replace(RATIO, aggregate=aggregate), held).value == value


def test_a_third_and_three_tenths_compare_as_people_expect():
    assert figure(RATIO, one(("counted", 3, 10))).value == 0.3
    assert figure(RATIO, one(("counted", 1, 3))).value == pytest.approx(1 / 3, abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "aggregate", "value", "reason"),
    [
        ([], "ratio", None, "nobody"),
        ([], "sum", 0, "nobody"),
        ([("not_reported", 0, 0)], "ratio", None, "nothing_reported"),
        ([("not_reported", 0, 0)], "sum", None, "nothing_reported"),
        ([("exempt", 0, 0)], "ratio", None, "zero_denominator"),
        ([("exempt", 0, 0)], "sum", 0, None),
        ([("counted", 0, 0)], "growth", None, "zero_denominator"),
        ([("base_missing", 0, 0)], "growth", None, "base_missing"),
        ([("expired", 0, 0)], "count", 0, "nobody"),
        ([("source_absent", 0, 0)], "sum", None, "source_absent"),
        ([("counted", 5, 10), ("source_absent", 0, 0)], "ratio", 0.5, None),
    ],
)
def test_a_figure_without_a_value_says_why(rows, aggregate, value, reason):
    found = figure(replace(RATIO, aggregate=aggregate), one(*rows))
    assert found.value == value
    assert (found.reason.key if found.reason else None) == reason


def test_a_zero_because_a_source_is_absent_carries_its_reason_and_detail():
    held = one(("source_absent", 0, 0))
    found = figure(replace(SUM, zero_when_absent=True), held)
    assert (found.value, found.detail, found.grey, found.reportable) == (0, "厂0", True, False)
    assert found.reason is not None and found.reason.key == "source_absent"


def test_groups_of_different_units_are_never_added():
    mixed = frame([row(1, "counted", 1, 1, 0, "铁水（万吨）"), row(2, "counted", 1, 1, 0, "玻璃（万重量箱）")])
    apart = replace(RATIO, addable=False)
    found = figure(apart, mixed)
    assert found.value is None and not found.reportable
    assert found.reason is not None and found.reason.key == "mixed_groups"
    assert figures(apart, mixed, ["group"])["value"].to_list() == [1, 1]
    assert figure(apart, mixed.head(1)).value == 1


def test_sums_kept_without_standing_still_have_value_and_coverage():
    held = one(("counted", 3, 4), ("not_reported", 0, 0), kind="motor")
    bare = partials(held).select(pl.col("numerator", "denominator", "should", "reported").sum())
    found = finish(RATIO, bare).row(0, named=True)
    assert (found["value"], found["coverage"], found["standings"], found["reason"]) == (0.75, 0.5, [], None)
    assert finish(replace(RATIO, addable=False), bare)["reason"][0] == "mixed_groups"


def test_groups_kept_as_empty_text_are_no_group():
    held = one(("counted", 3, 4), ("counted", 1, 4)).with_columns(group=pl.Series(["", "铁水（万吨）"]))
    assert figure(replace(RATIO, addable=False), held).value == 0.5


@pytest.mark.parametrize(("reported", "share", "grey"), [(8, None, False), (7, None, True), (7, Decimal("0.7"), False)])
def test_below_the_share_a_figure_is_grey_and_not_reportable(reported, share, grey):
    rows = [("counted", 1, 1)] * reported + [("not_reported", 0, 0)] * (10 - reported)
    found = figure(RATIO, one(*rows), share)
    assert (found.grey, found.reportable) == (grey, not grey)
    assert found.coverage == reported / 10
    assert found.value == 1
    assert not figure(replace(RATIO, reportable=False), one(*rows), share).reportable


def test_the_data_date_is_the_youngest():
    held = frame([row(1, "counted", 1, 1, 3, None), row(2, "counted", 1, 1, 9, None)])
    assert figure(RATIO, held).data_date == date(2026, 1, 10)


def test_division_is_the_first_two_digits_and_unknown_is_its_own():
    held = frame([row(n, "counted", 1, 1, n, None) for n in range(4)])
    assert figures(RATIO, held, ["division"])["division"].to_list() == [None, "26", "31"]
    assert set(BREAKDOWNS) - {"division"} <= set(CONTRIBUTION)


def test_a_column_nothing_is_broken_down_by_is_refused():
    with pytest.raises(ValueError, match="no breakdown colour; there are manager_code"):
        figures(RATIO, one(("counted", 1, 1)), ["colour"])


@FEW
@given(contributions())
def test_no_contribution_means_no_row_of_a_breakdown(held):
    for by in PAIRS[1:]:
        expected = held.with_columns(division=pl.col("industry_code").str.slice(0, 2).replace("", None))
        assert figures(RATIO, held, by).height == expected.select(by).n_unique()
