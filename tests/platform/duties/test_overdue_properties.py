"""What always holds of what is late, whatever happened: months by a model of their own, lists that come out again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platform.duties.conftest import BEGUN, whole
from tests.platform.duties.story import PLAIN, Story

from jigai.platform.duties.data import ACTIVE, FLOW, rules
from jigai.platform.duties.overdue import _Known, _month_on, months_owed, overdue, owed, report_due
from jigai.platform.registers.workdays import Calendar

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
FREE = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 3, 31)), max_size=60)


@given(DAYS, st.integers(-60, 60))
def test_months_on_and_back_again(day, count):
    month = day.replace(day=1)
    assert _month_on(_month_on(month, count), -count) == month
    assert _month_on(month, 12) == month.replace(year=month.year + 1)
    assert _month_on(month, count) < _month_on(month, count + 1)


@given(DAYS, st.integers(0, 900))
def test_every_month_that_is_over_is_owed_once_and_none_that_is_not(since, later):
    on = since + timedelta(days=later)
    found = months_owed(since, on)
    assert len(found) == (on.year - since.year) * 12 + on.month - since.month
    assert found == sorted(set(found)) and all(one.day == 1 for one in found)
    assert on.replace(day=1) not in found
    assert not found or found[0] == since.replace(day=1)


@given(DAYS, st.integers(0, 500), st.integers(0, 60))
def test_more_days_never_owe_less(since, later, more):
    on = since + timedelta(days=later)
    before, after = months_owed(since, on), months_owed(since, on + timedelta(days=more))
    assert after[: len(before)] == before


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), FREE, FREE)
def test_a_report_is_due_on_the_so_manieth_working_day(day, free, worked):
    known, month = Calendar(free - worked, worked), day.replace(day=1)
    due = report_due(month, known)
    first = _month_on(month, 1)
    days = [first + timedelta(days=count) for count in range((due - first).days + 1)]
    assert sum(known.works(one) for one in days) == rules()["report_day"].value
    assert known.works(due), "it is no day on which nobody works"


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), FREE, DAYS)
def test_another_day_off_never_makes_a_report_due_earlier(day, free, more):
    month = day.replace(day=1)
    none = frozenset()
    assert report_due(month, Calendar(free | {more}, none)) >= report_due(month, Calendar(free, none))


REPORTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 100), st.integers(0, 200)), min_size=1, max_size=12
)  # fmt: skip
"""What was reported: of which month, how far, on which day after the first."""


def known_of(said):
    """Return what is known of reports, read by month and then as they came."""
    told = _Known()
    ordered = sorted(enumerate(said), key=lambda pair: (pair[1][0], pair[1][2], pair[0]))
    for _place, (month, percent, day) in ordered:
        told.say(_month_on(date(2026, 1, 1), month), percent, date(2026, 1, 1) + timedelta(days=day))
    return told


@given(REPORTS)
def test_the_last_report_of_a_month_counts_and_months_stay_in_order(said):
    reports = known_of(said).reports
    assert [one.month for one in reports] == sorted({one.month for one in reports})
    for one in reports:
        of = [each for each in said if _month_on(date(2026, 1, 1), each[0]) == one.month]
        last = max(each[2] for each in of)
        assert one.percent in {percent for _month, percent, day in of if day == last}
        assert (one.on - date(2026, 1, 1)).days in {day for _month, _percent, day in of}


@given(REPORTS, st.integers(1, 60))
def test_a_correction_that_says_no_more_is_no_movement(said, later):
    former = known_of(said).reports[-1]
    told = known_of(said)
    told.say(former.month, former.percent, former.on + timedelta(days=later))
    assert told.reports[-1] == former
    told.say(former.month, former.percent + 1, former.on + timedelta(days=later))
    assert told.reports[-1].on == former.on + timedelta(days=later)


STEPS = st.lists(st.tuples(st.sampled_from(sorted(FLOW.steps)), st.integers(0, 40)), max_size=12)


@given(STEPS)
def test_a_month_is_owed_exactly_where_somebody_worked_at_its_end(said):
    """The same by going through every day; which steps follow which does not matter."""
    told, day, by_day = _Known(), date(2026, 1, 5), {}
    for kind, later in said:
        day += timedelta(days=later)
        state = FLOW.steps[kind].after("doing")
        told.step(kind, state, day)
        by_day[day] = state
    state, one = "unclaimed", date(2026, 1, 1)
    while one < day + timedelta(days=40):
        state = by_day.get(one, state)
        if (one + timedelta(days=1)).day == 1:
            assert told.active_in(one.replace(day=1)) == (state in ACTIVE), one
        one += timedelta(days=1)
    assert told.state == (FLOW.steps[said[-1][0]].after("doing") if said else "unclaimed")


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "report",
                "report",
                "report",
                "correct",
                "finish",
                "confirm",
                "return",
                "release",
                "assign",
                "note",
                "back",
            ]
        ),
        st.integers(0, 45),
        st.integers(0, 100),
    ),
    min_size=3,
    max_size=14,
)


def attempt(story, kind, percent):
    """Do something with the task, where its state allows it; what is refused changes nothing."""
    share, today = story.share("K11.4", "市财政局"), story.stage.day
    if kind in ("report", "correct"):
        if share.state not in ACTIVE:
            return
        story.do({"does": "report", "task": "K11.4", "who": "市财政局", "month": f"{today:%Y-%m}", "percent": percent,
                  "reason": "再报"})  # fmt: skip
    elif kind == "note":
        story.do({"does": "note", "task": "K11.4", "who": "市经办", "reached": today - timedelta(days=percent)})
    elif kind == "back":
        if story.stage.milestone("K11.4").reached_on:
            story.do({"does": "note", "task": "K11.4", "who": "市经办", "reached": None})
    elif kind == "assign":
        if share.state == "released":
            story.do({"does": "assign", "task": "K11.4", "to": "市财政局"})
    elif share.state in FLOW.steps[kind].sources:
        who = "市财政局" if kind == "finish" else "市经办"
        story.do({"does": "step", "step": kind, "task": "K11.4", "of": "市财政局", "who": who, "comment": "意见"})


@pytest.mark.django_db
@pytest.mark.sqlite
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_the_list_of_any_past_day_comes_out_again(stage, deeds):
    """Whatever was done later: corrections, completions, milestones taken back (D16)."""
    stage.day = BEGUN
    with transaction.atomic():
        story, before = Story(stage, {"K11.4"}), {}
        story.do({"does": "assign", "task": "K11.4", "to": "市财政局"})
        for kind, later, percent in deeds:
            before[stage.day] = story.late(stage.day)  # again where more is done on the same day
            stage.pass_(later)
            attempt(story, kind, percent)
        before[stage.day] = story.late(stage.day)
        holds(stage.day)
        assert {day: story.late(day) for day in before} == before
        transaction.set_rollback(True)


def holds(on):
    """Hold what is true of every list."""
    with whole():
        late, all_owed = overdue(on, PLAIN), owed(on, PLAIN)
    assert all(one.days == (on - one.due).days > 0 for one in late)
    assert [one.days for one in late] == sorted((one.days for one in late), reverse=True)
    assert len({one.key for one in all_owed}) == len(all_owed), "nothing is owed twice"
    assert {one.key for one in late} == {one.key for one in all_owed if one.due < on}
    assert {one.rule for one in all_owed} <= set(rules())
