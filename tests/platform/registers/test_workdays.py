"""Periods in days, work days and months end on the right day, and say where the holidays are not known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.ledger import read_table
from jigai.platform.registers.definition import registers
from jigai.platform.registers.shipped import load_shipped
from jigai.platform.registers.workdays import Calendar, calendar, due
from jigai.platform.walls.scope import use_scope

HERE = Path(__file__).parent
PERIODS = yaml.safe_load((HERE / "workdays.yaml").read_text(encoding="utf-8"))


def shipped():
    """The calendar that comes with the software, read as an import would read it."""
    register = registers()["holidays"]
    rows = read_table(register.shipped_rows.read_bytes(), register.table, source_file="rows.csv").rows
    assert set(rows["held"]) == {""}
    days = {kind: frozenset(rows.filter(rows["kind"] == kind)["day"]) for kind in ("holiday", "workday")}
    return Calendar(days["holiday"], days["workday"])


@pytest.mark.parametrize("period", PERIODS, ids=lambda one: f"{one['from']} {one['amount']} {one['unit']}")
def test_periods_on_the_shipped_calendar(period):
    found = due(period["from"], period["amount"], period["unit"], known=shipped(), extend=period.get("extend", False))
    assert found.day == period["last"]
    assert found.certain == period.get("certain", True)


def test_the_shipped_calendar_is_in_order():
    known = shipped()
    assert not known.holidays & known.workdays
    assert {day.weekday() for day in known.workdays} <= {5, 6}, "only weekends are turned into work days"
    for year in (2024, 2025, 2026):
        days = [day for day in known.holidays if day.year == year]
        assert 22 <= len(days) <= 34
        for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3)):
            assert date(year, month, day) in known.holidays


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
