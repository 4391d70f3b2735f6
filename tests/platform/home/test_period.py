"""The year, the day and the partition that an address asks for."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from jigai.platform.web import period


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(period.timezone, "localdate", lambda: date(2026, 11, 23))


def asked(query):
    return period.when_of(RequestFactory().get("/", query))


def test_without_a_wish_last_year_is_shown_as_known_today(today):
    when = asked({})
    assert (when.year, when.known_on, when.partition, when.replay) == (2025, date(2026, 11, 23), "manager_code", False)
    assert list(when.years) == [2026, 2025, 2024, 2023, 2022, 2021]


def test_wishes_are_taken(today):
    when = asked({"year": "2023", "known_on": "2024-05-01", "partition": "place_code"})
    assert (when.year, when.known_on, when.partition, when.replay) == (2023, date(2024, 5, 1), "place_code", True)


def test_nobody_looks_into_the_future(today):
    assert asked({"known_on": "2030-01-01"}).known_on == date(2026, 11, 23)
    assert asked({"year": "2090"}).year == 2025


@given(year=st.text(max_size=8), known=st.text(max_size=12), partition=st.text(max_size=12))
def test_nonsense_falls_back(year, known, partition):
    when = asked({"year": year, "known_on": known, "partition": partition})
    assert when.partition in period.PARTITIONS
    assert 2000 <= when.year <= when.today.year + 1
    assert when.known_on <= when.today
