"""Committed projects, slipped as finished ones have slipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import commitments

from jigai.plan.slippage import Commitments, ScheduleError, as_scheduled, quantiles, slipped

SEPTEMBER = 2026 * 12 + 8


def left(schedule, spent=()):
    frame = commitments(schedule, spent=spent).remaining(SEPTEMBER)
    return dict(zip(frame["delay"], frame["left"], strict=True))


def test_what_is_spent_is_taken_from_the_earliest_months():
    plan = [["A", 2026, 8, 10], ["A", 2026, 9, 10], ["A", 2026, 11, 10], ["B", 2026, 11, 4]]
    assert left(plan) == {0: 10, 1: 10, 2: 14}
    assert left(plan, [["A", 13]]) == {0: 7, 2: 14}
    assert left(plan, [["A", 30]]) == {2: 4}
    # Spent beyond its plan, A has nothing more to come; B is another project.
    assert left(plan, [["A", 99]]) == {2: 4}
    assert left(plan, [["C", 5]]) == {0: 10, 1: 10, 2: 14}


def test_the_order_of_rows_does_not_matter():
    plan = [["A", 2026, 11, 10], ["A", 2026, 8, 10], ["A", 2026, 9, 10]]
    assert left(plan, [["A", 13]]) == left(sorted(plan), [["A", 13]])


def test_ways_are_what_finished_projects_did():
    months = [
        [date(2023, 1, 10), date(2023, 6, 20), date(2023, 6, 30), True, 5, 5],
        [date(2023, 1, 10), date(2023, 6, 20), date(2023, 12, 31), True, 5, 4],
        [date(2023, 1, 10), date(2023, 6, 20), date(2023, 3, 31), True, 5, 6],
        [date(2023, 1, 10), date(2023, 6, 20), date(2024, 9, 30), False, 5, 0],
    ]
    made = commitments([], months).ways()
    assert made["stretch"].to_list() == [1.0, 2.0, 0.5, 1.0]
    assert made["ratio"].to_list() == [1.0, 0.8, 1.2, 0.0]


def test_what_is_due_in_k_months_comes_stretched():
    remaining = pl.DataFrame({"delay": [0, 4, 12], "left": [Decimal(1), Decimal(2), Decimal(4)]})
    ways = pl.DataFrame({"stretch": [1.0, 1.25, 1.3], "ratio": [1.0, 1.0, 0.5]})
    come = slipped(remaining, ways, 0, [0, 4, 5, 12, 15, 16])
    assert come.tolist() == [[1, 3, 3, 7, 7, 7], [1, 1, 3, 3, 7, 7], [0.5, 0.5, 0.5, 1.5, 1.5, 3.5]]
    # Only what comes from the fifth month on, as for the amount of one later year.
    assert slipped(remaining, ways, 5, [15]).tolist() == [[4], [6], [1]]


def test_nothing_committed_brings_nothing():
    nothing = commitments([])
    remaining = nothing.remaining(SEPTEMBER)
    assert remaining.is_empty()
    assert as_scheduled(remaining, 0, 99) == 0
    assert slipped(remaining, pl.DataFrame({"stretch": [1.0], "ratio": [1.0]}), 0, [3]).tolist() == [[0.0]]


def test_quantiles_lie_linearly_between_neighbours():
    assert quantiles(np.arange(11.0), Decimal("0.8")) == pytest.approx((1, 5, 9))
    assert quantiles(np.array([8.0, 30.0]), Decimal("0.8")) == pytest.approx((10.2, 19, 27.8))
    assert quantiles(np.array([4.0]), Decimal("0.5")) == (4, 4, 4)


AMOUNTS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(2025, 2028), st.integers(1, 12), st.decimals(0, 100, places=2)),
    max_size=12,
)
WAYS = st.lists(st.tuples(st.floats(0.2, 4), st.floats(0, 2)), min_size=1, max_size=8)


@settings(deadline=None, max_examples=25)
@given(AMOUNTS, AMOUNTS, WAYS, st.integers(0, 40))
def test_more_committed_never_brings_less(schedule, more, ways, end):
    frame = pl.DataFrame(ways, schema=["stretch", "ratio"], orient="row")
    one = slipped(commitments(schedule).remaining(SEPTEMBER), frame, 0, [end])
    both = slipped(commitments(schedule + more).remaining(SEPTEMBER), frame, 0, [end])
    assert (both >= one - 1e-6).all()


@settings(deadline=None, max_examples=25)
@given(AMOUNTS, st.decimals(0, 400, places=2))
def test_what_is_spent_and_what_is_left_are_the_plan(schedule, spent):
    held = commitments(schedule, spent=[("A", spent)])
    planned = {name: sum((row[3] for row in schedule if row[0] == name), Decimal(0)) for name in "ABC"}
    still = as_scheduled(held.remaining(SEPTEMBER), 0, 999)
    assert still == max(planned["A"] - spent, Decimal(0)) + planned["B"] + planned["C"]


@pytest.mark.parametrize(
    ("schedule", "finished", "spent", "said"),
    [
        ([["A", 2026, 13, 1]], [], [], "schedule: A: no month 13"),
        ([["A", 2026, 1, -1]], [], [], "schedule: A: an amount is negative"),
        ([["A", 2026, 1, None]], [], [], "schedule: A: a value is missing"),
        ([], [], [["A", 1], ["A", 2]], "spent: A is there twice"),
        ([], [[date(2024, 1, 1), date(2023, 1, 1), date(2024, 1, 1), True, 1, 1]], [], "finished: 0: ends before"),
        ([], [[date(2024, 1, 1), date(2024, 2, 1), date(2023, 1, 1), True, 1, 1]], [], "finished: 0: ends before"),
        ([], [[date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), True, 0, 1]], [], "nothing was planned"),
    ],
)
def test_what_cannot_be_is_refused(schedule, finished, spent, said):
    with pytest.raises(ScheduleError, match=said):
        commitments(schedule, finished, spent)


def test_a_missing_column_is_named():
    good = commitments([])
    with pytest.raises(ScheduleError, match="finished: columns missing: ended"):
        Commitments(good.schedule, good.spent, good.finished.drop("ended"))
