"""What must hold for every indicator, tried on the sources of every case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.plan.cases import Case, all_cases, day

from jigai.plan.figures import figure, figures
from jigai.plan.period import Period
from jigai.plan.registry import registry
from jigai.plan.sources import Sources, described
from jigai.plan.standings import standings

CASES = all_cases()
Change = Callable[[str, pl.DataFrame], pl.DataFrame]


def changed(case: Case, change: Change, **parameters: object) -> pl.DataFrame:
    """The contributions of a case when its sources are changed."""
    known_on = day(case.content)
    held = case.sources(known_on)
    loaders = {name: (lambda name=name: change(name, held.frame(name))) for name in held.loaders}
    given = {**case.content.get("parameters", {}), **parameters}
    return case.indicator.compute(Sources(known_on, loaders, held.absent), case.period, given)


@cache
def counted(case: Case) -> pl.DataFrame:
    return case.compute(day(case.content))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_partitions_and_the_drill_down_add_up_to_the_figure(case):
    held = counted(case)
    city = figure(case.indicator, held)
    assert sum(city.standings.values()) == held.height
    for by in ("manager_code", "place_code", "division", "group"):
        parts = figures(case.indicator, held, [by])
        for name in ("numerator", "denominator", "should", "reported"):
            assert (parts[name].sum() if parts.height else 0) == getattr(city, name) == held[name].sum(), (by, name)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_standing_means_the_same_everywhere(case):
    for row in counted(case).to_dicts():
        told = standings()[row["standing"]]
        assert told.counts or (row["numerator"], row["denominator"]) == (0, 0), row
        assert told.should or row["should"] == 0, row
        assert told.reported or row["reported"] == 0, row
        assert row["label"], row


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_of_rows_does_not_matter(case):
    for seed in (1, 2):
        assert_frame_equal(
            changed(case, lambda _, one, seed=seed: one.sample(fraction=1, shuffle=True, seed=seed)), counted(case)
        )


def silent(source: str, year: int) -> list[dict[str, Any]]:
    """Rows of one more who should report and has not."""
    owner = {"legal_person": 999, "name": "默厂", "manager_code": "DQ", "place_code": "510402", "industry_code": "3110"}
    rows: dict[str, list[dict[str, Any]]] = {
        "listed": [
            owner | {"year": year, "level": "legal_person"},
            owner | {"site": 9991, "year": year, "level": "site"},
        ],
        "line_years": [owner | {"line": 999, "line_name": "默线", "year": year, "field": "炼铁", "commissioned": 2000}],
        "register:environmental-grades": [owner | {"entry": 999, "sector": "铁合金", "year": year - 1, "grade": "A"}],
        "register:guidance-visits": [owner | {"entry": 999, "title": "默", "planned_on": date(year, 1, 2)}],
    }
    return rows.get(source, [])


def with_silent(year: int) -> Change:
    def change(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        rows = [pl.DataFrame([row]) for row in silent(name, year)]
        made = [one.cast({k: frame.schema.get(k, dtype) for k, dtype in one.schema.items()}) for one in rows]
        return pl.concat([frame, *made], how="diagonal_relaxed") if rows else frame

    return change


LISTS = {"listed", "line_years", "register:environmental-grades", "register:guidance-visits"}
SAME = ("value", "numerator", "denominator", "reported")
ASKED = [
    case
    for case in CASES
    if LISTS & set(case.indicator.sources)
    and not case.content.get("absent", {}).keys() & set(case.indicator.sources)
    and case.content["indicator"] != "coverage"
    and "key_divisions" not in case.content.get("parameters", {})
    and case.content.get("sources")
    and figure(case.indicator, counted(case)).value is not None
]


def test_the_cases_tried_are_of_every_indicator_with_a_list_of_who_should_report():
    wanted = {key for key, one in registry().items() if LISTS & set(one.sources)} - {"coverage"}
    # By product there is no value of the city, so nothing could be compared.
    assert {case.content["indicator"] for case in ASKED} == wanted - {"capacity_at_benchmark_by_product"}


@pytest.mark.parametrize("case", ASKED, ids=str)
def test_one_more_who_has_not_reported_changes_only_coverage(case):
    before = figure(case.indicator, counted(case))
    parks = {"chemical_parks": before.should + 1} if case.content["indicator"] == "park_risk" else {}
    after = figure(case.indicator, changed(case, with_silent(case.period.year), **parks))
    assert [getattr(after, name) for name in SAME] == [getattr(before, name) for name in SAME]
    assert after.should == before.should + 1
    assert before.coverage is None or after.coverage is None or after.coverage < before.coverage


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_legal_person_can_be_computed_by_itself(case):
    """What changed is computed anew per owner: rows of others must not be needed."""
    held = counted(case)
    for who in held["legal_person"].drop_nulls().unique().to_list()[:3]:
        mine = pl.col("legal_person").is_null() | (pl.col("legal_person") == who)
        alone = changed(case, lambda _, frame, mine=mine: frame.filter(mine))
        assert_frame_equal(alone, held.filter(mine))


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
FACT = st.tuples(
    st.integers(1, 4), st.sampled_from(["machinery_original", "machinery_net"]), st.integers(0, 900), DAYS,
    st.sampled_from(["open", "submitted", "confirmed", "returned"]),
)  # fmt: skip


def as_known(history: list[tuple[int, str, int, date, str]], known_on: date) -> Sources:
    """The sources of a day, from everything ever recorded: the last record of each figure up to that day."""
    known = {(who, what): (value, when, state) for who, what, value, when, state in history if when <= known_on}
    facts = [
        {"legal_person": who, "year": 2025, "attribute": what, "number": str(value), "state": state, "data_date": when}
        for (who, what), (value, when, state) in known.items()
    ]
    listed = [{"legal_person": who, "name": f"厂{who}", "year": 2025, "level": "legal_person"} for who in range(1, 5)]
    return Sources(
        known_on,
        {
            name: (
                lambda name=name, rows=rows: pl.DataFrame(
                    [{key: row.get(key) for key in described()[name]} for row in rows],
                    schema={key: pl.String() if key == "number" else dtype for key, dtype in described()[name].items()},
                )
            )
            for name, rows in (("facts", facts), ("listed", listed))
        },
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(FACT, max_size=25).map(lambda rows: sorted(rows, key=lambda row: row[3])), DAYS)
def test_what_is_recorded_later_changes_only_later_days(history, known_on):
    newness = registry()["newness"]
    earlier = [one for one in history if one[3] <= known_on]
    now = newness.compute(as_known(history, known_on), Period(2025))
    assert_frame_equal(now, newness.compute(as_known(earlier, known_on), Period(2025)))
    later = newness.compute(as_known(history, date(2026, 12, 31)), Period(2025))
    if earlier == history:
        assert_frame_equal(now, later)
    assert now["data_date"].drop_nulls().is_between(date(2026, 1, 1), known_on).all()


def test_the_day_before_a_correction_is_as_if_it_had_never_been():
    history = [
        (1, "machinery_original", 500, date(2026, 3, 1), "confirmed"),
        (1, "machinery_net", 400, date(2026, 3, 1), "confirmed"),
        (1, "machinery_net", 250, date(2026, 6, 1), "confirmed"),
    ]
    newness, corrected = registry()["newness"], date(2026, 6, 1)
    days = [corrected - timedelta(days=1), corrected]
    assert [figure(newness, newness.compute(as_known(history, one), Period(2025))).value for one in days] == [0.8, 0.5]


def test_an_indicator_never_adds_one_entry_twice():
    for case in CASES:
        held = counted(case)
        assert held.select("kind", "key", "group").n_unique() == held.height, case
        assert replace(case.indicator) == case.indicator
