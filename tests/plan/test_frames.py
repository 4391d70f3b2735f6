"""Periods, sources and the frame of contributions: what every indicator rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.plan.contributions import AMOUNT, CONTRIBUTION, ContributionError, checked
from jigai.plan.period import Period
from jigai.plan.sources import SourceError, Sources, described


@given(st.integers(1990, 2100), st.none() | st.integers(1, 12))
def test_a_period_is_written_and_read_back(year, month):
    period = Period(year, month)
    assert Period.read(period.key) == period
    assert period.end.year == year
    assert period.end.month == (month or 12)


@pytest.mark.parametrize("text", ["26", "2026-13", "2026-00", "2026-9", "1800", "", "2026-09-01"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="no period"):
        Period.read(text)


def row(**own):
    values = dict.fromkeys(CONTRIBUTION)
    values |= {"kind": "site", "key": "1", "label": "一厂", "should": 1, "reported": 1, "standing": "counted"}
    values |= {"numerator": Decimal(1), "denominator": Decimal(2)}
    return values | own


def frame(*rows):
    return pl.DataFrame(rows, schema=CONTRIBUTION)


def test_contributions_come_in_fixed_columns_and_order():
    made = checked(frame(row(key="2"), row(key="1")).select(reversed(CONTRIBUTION.names())), "x")
    assert made.schema == CONTRIBUTION
    assert made["key"].to_list() == ["1", "2"]
    assert made["numerator"].dtype == AMOUNT


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(), row()], "there twice: site 1"),
        ([row(numerator=None)], "without a number: numerator"),
        ([row(should=0)], "more reported than should"),
    ],
)
def test_what_a_figure_cannot_rest_on_is_refused(rows, said):
    with pytest.raises(ContributionError, match=f"x: {said}"):
        checked(frame(*rows), "x")


def test_a_missing_column_is_named():
    with pytest.raises(ContributionError, match="standing"):
        checked(frame(row()).drop("standing"), "x")


def test_every_source_has_owner_and_columns():
    for name, columns in described().items():
        assert {"legal_person", "site", "manager_code", "place_code", "industry_code"} <= set(columns), name
        assert "data_date" in columns, name


def test_a_source_is_loaded_once_and_checked():
    asked = []

    def listed():
        asked.append(1)
        return pl.DataFrame(schema=described()["listed"])

    sources = Sources(date(2026, 1, 1), {"listed": listed, "facts": lambda: pl.DataFrame({"year": [1]})})
    assert sources.frame("listed").is_empty()
    assert sources.frame("listed").schema == described()["listed"]
    assert len(asked) == 1
    with pytest.raises(SourceError, match="facts: columns missing: legal_person"):
        sources.frame("facts")
    with pytest.raises(SourceError, match="no source 'nothing'"):
        sources.frame("nothing")


def test_an_absent_source_is_empty_with_its_columns_and_its_reason():
    sources = Sources(date(2026, 1, 1), {}, {"projects": "项目库还没有启用"})
    assert sources.frame("projects").schema == described()["projects"]
    assert sources.absent["projects"]


def test_a_register_has_its_own_columns_beside():
    columns = {**described()["register"], "level": pl.String()}
    made = Sources(date(2026, 1, 1), {"register:green-factories": lambda: pl.DataFrame(schema=columns)})
    assert "level" in made.frame("register:green-factories").columns
