"""A time as a plan says it, and what its first and last days are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.plan.file import Moment

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(1, 3))
def test_it_is_written_and_read_back(day, parts):
    moment = Moment(*(day.year, day.month, day.day)[:parts])
    assert Moment.read(str(moment)) == moment
    assert moment.first <= day <= moment.last


@given(DAYS)
def test_the_day_after_its_last_is_another(day):
    month = Moment(day.year, day.month)
    assert (month.last + timedelta(days=1)).day == 1
    assert Moment(day.year).last == date(day.year, 12, 31)
    assert Moment(day.year, day.month, day.day).last == day


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00", "2024-1", "2024-02-30", "1989", "2101", "2024年", "2024-01-", "0000"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Moment.read(text)
