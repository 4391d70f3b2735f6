"""Points from cumulative figures: what counts, what breaks a series, what is revised."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import months, series

from jigai.plan.monthly import Monthly, MonthlyError

ADDED = st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=45)


@settings(deadline=None)
@given(ADDED, st.booleans())
def test_points_are_what_each_month_added(added, joined):
    start = (2023, 2 if joined else 1)
    made = series(added, start, joined)
    assert [value for _, value in made.points()] == [value.quantize(Decimal("0.000001")) for value in added]
    assert not made.broken
    assert made.counted(2023, 2030) == sum(added)


def test_a_year_has_eleven_points_and_two_years_and_two_months_are_24():
    made = series([1] * 24)
    assert made.cycle == 11
    assert made.last == (2025, 3)
    assert [slot for slot, _ in made.points()][:12] == [*((2023, month) for month in range(2, 13)), (2024, 2)]
    assert list(islice(made.following((2025, 11)), 3)) == [(2025, 12), (2026, 2), (2026, 3)]
    assert series([1] * 24, (2023, 1), joined=False).last == (2024, 12)


def test_a_series_that_begins_in_the_middle_of_a_year_begins_with_its_second_figure():
    # What July to September added is known as one sum only.
    made = Monthly.read(pl.DataFrame({"year": [2023, 2023], "month": [9, 10], "cumulative": [7.5, 8.0]}))
    assert made.points() == [((2023, 10), Decimal("0.500000"))]


def test_points_count_from_the_last_gap_on():
    whole = months([1] * 30)
    lost = Monthly.read(whole.filter(~((pl.col("year") == 2024) & (pl.col("month") == 6))))
    assert lost.broken
    assert lost.points()[0][0] == (2024, 8)
    december = Monthly.read(whole.filter(~((pl.col("year") == 2024) & (pl.col("month") == 12))))
    # February tells its own sum, whatever is missing before it.
    assert december.points()[0][0] == (2025, 2)


def test_a_revision_downwards_is_a_point_below_zero():
    made = Monthly.read(pl.DataFrame({"year": [2024] * 3, "month": [2, 3, 4], "cumulative": [5, 9, 8]}))
    assert [value for _, value in made.points()] == [5, 4, -1]


def test_revised_figures_change_only_what_they_touch():
    before = series([2, 3, 4, 5])
    after = Monthly.read(
        months([2, 3, 4, 5]).with_columns(
            cumulative=pl.when(pl.col("month") == 3).then(pl.lit(6)).otherwise(pl.col("cumulative"))
        )
    )
    assert [value for _, value in before.points()] == [2, 3, 4, 5]
    assert [value for _, value in after.points()] == [2, 4, 3, 5]
    assert before.counted(2023, 2023) == after.counted(2023, 2023) == 14


def test_what_has_come_is_told_only_when_it_is_known():
    made = series([1] * 38)
    assert made.counted(2024, 2027) == 11 + 11 + 5
    assert made.counted(2027, 2027) == 0
    assert made.counted(2025, 2025) == 11
    assert made.counted(2022, 2025) is None
    assert Monthly(()).counted(2024, 2027) is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(2024, 2, 1.0), (2024, 2, 2.0)], "2024-02: there twice"),
        ([(2024, 1, 1.0)], "2024-01: the first figure of a year is that of February"),
        ([(2024, 13, 1.0)], "2024-13"),
        ([(2024, 5, None)], "2024-05: no value"),
    ],
)
def test_what_is_no_series_is_refused(rows, said):
    frame = pl.DataFrame(rows, schema={"year": pl.Int64, "month": pl.Int64, "cumulative": pl.Float64}, orient="row")
    with pytest.raises(MonthlyError, match=said):
        Monthly.read(frame)


def test_missing_columns_are_named():
    with pytest.raises(MonthlyError, match="month, cumulative"):
        Monthly.read(pl.DataFrame({"year": [2024]}))
    with pytest.raises(MonthlyError, match="2024-00: the first figure of a year is that of January"):
        Monthly.read(pl.DataFrame({"year": [2024], "month": [0], "cumulative": [1.0]}), joined=False)
