"""Periods in days, work days and months end on the right day, and say where the holidays are not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.platform.registers.definition import registers
from jigai.platform.registers.shipped import load_shipped
from jigai.platform.registers.workdays import Calendar, calendar, due
from jigai.platform.walls.scope import use_scope

SPRING = Calendar(
    frozenset(date(2026, 2, 15) + timedelta(days=place) for place in range(9)),
    frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "extend", "last"),
    [
        (date(2026, 2, 13), 1, "workday", False, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, "workday", False, date(2026, 2, 24)),
        (date(2026, 2, 26), 3, "workday", False, date(2026, 3, 2)),
        (date(2026, 2, 13), 5, "natural_day", False, date(2026, 2, 18)),
        (date(2026, 2, 13), 5, "natural_day", True, date(2026, 2, 24)),
        (date(2026, 1, 31), 1, "month", False, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "month", False, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, "month", False, date(2027, 2, 28)),
    ],
)
def test_periods_end_on_the_right_day(start, amount, unit, extend, last):
    assert due(start, amount, unit, known=SPRING, extend=extend).day == last


def test_an_unknown_year_is_said():
    found = due(date(2026, 12, 28), 10, "workday", known=SPRING)
    assert not found.certain
    assert "2027" in found.note
    assert due(date(2026, 3, 2), 5, "workday", known=SPRING).certain
    assert due(date(2030, 1, 1), 5, "natural_day", known=SPRING).certain, "no holiday enters into it"


@pytest.mark.parametrize(("amount", "unit"), [(0, "workday"), (-3, "natural_day"), (5, "week")])
def test_nonsense_is_refused(amount, unit):
    with pytest.raises(ValueError, match=r"period|none of"):
        due(date(2026, 1, 1), amount, unit, known=SPRING)


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_exactly_so_many_work_days_lie_in_the_period(start, amount):
    last = due(start, amount, "workday", known=SPRING).day
    days = [start + timedelta(days=place) for place in range(1, (last - start).days + 1)]
    assert sum(SPRING.works(day) for day in days) == amount
    assert SPRING.works(last)


@pytest.mark.django_db
def test_the_shipped_calendar_is_loaded_once_by_the_city(city):
    register = registers()["holidays"]
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        count = load_shipped(actor, register)
        assert count > 100
        assert load_shipped(actor, register) == 0
        known = calendar()
    assert known.years == {2024, 2025, 2026}
    assert not known.works(date(2026, 10, 1))
    assert known.works(date(2026, 10, 10)), "a Saturday that is a work day"
    assert due(date(2026, 9, 30), 1, "workday", known=known).day == date(2026, 10, 8)
