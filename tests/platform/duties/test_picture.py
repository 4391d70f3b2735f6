"""The line of months: where a day stands, what is drawn, and the same as a list by month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.platform.duties.conftest import BEGUN, at, plan_of, whole

from jigai.platform.duties import adopting, picture, progress
from jigai.platform.duties.picture import MONTH

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def drawn(on=BEGUN):
    with whole():
        return picture.draw(adopting.current(), on)


def row_of(line, key):
    (found,) = (row for _head, rows in line.groups for row in rows if row.duty.key == key)
    return found


@pytest.mark.parametrize(
    ("day", "x"),
    [
        (date(2024, 1, 1), 0),
        (date(2024, 2, 1), MONTH),
        (date(2024, 2, 15), MONTH + MONTH * 14 / 29),
        (date(2025, 1, 1), 12 * MONTH),
        (date(2023, 5, 1), 0),
        (date(2099, 1, 1), 48 * MONTH),
    ],
)
def test_months_are_equally_wide_and_nothing_stands_outside(day, x):
    assert picture._x(date(2024, 1, 1), day, 48) == pytest.approx(x, abs=0.1)


def test_years_begin_in_january_whatever_month_the_plan_begins_in():
    years = picture._years(date(2025, 3, 1), 40)
    assert [(one.year, one.x // MONTH, one.width // MONTH) for one in years] == [
        (2025, 0, 10), (2026, 10, 12), (2027, 22, 12), (2028, 34, 6)
    ]  # fmt: skip


def test_every_task_has_a_row_under_its_key_task(stage):
    line = drawn()
    assert [head.key for head, _rows in line.groups] == [one.id for one in (*plan_of().tasks, *plan_of().measures)]
    assert {row.duty.key for head, rows in line.groups if head.key == "K7" for row in rows} == {
        "K7.1", "K7.2", "K7.3", "K7.4", "K7.5"
    }  # fmt: skip
    assert (line.months, line.width, line.years[0].year) == (48, 48 * MONTH, 2024)


def test_a_milestone_is_reached_late_or_to_come(stage):
    tones = [one.tone for one in row_of(drawn(), "M1.4").milestones]
    assert tones == ["stop", "stop", "idle", "idle"]
    with stage.acting("city_officer") as actor:
        progress.note_milestone(actor, stage.milestone("M1.4"), date(2024, 12, 1), "推荐文件", at(BEGUN))
    assert [one.tone for one in row_of(drawn(), "M1.4").milestones] == ["ok", "stop", "idle", "idle"]


def test_the_bar_runs_from_the_day_it_was_taken_on_to_today(stage):
    stage.assign("K8.1")
    on = BEGUN + timedelta(days=62)
    row, line = row_of(drawn(on), "K8.1"), drawn(on)
    assert row.start == pytest.approx(picture._x(date(2024, 1, 1), BEGUN, 48))
    assert row.start + row.width == pytest.approx(line.today)
    assert row_of(drawn(on), "K8.2").start is None


def test_the_last_report_of_a_month_is_drawn_once(stage):
    stage.assign("K8.1")
    stage.report("K8.1", BEGUN, 10)
    stage.report("K8.1", BEGUN, 20, reason="补报")
    (mark,) = row_of(drawn(), "K8.1").reports
    assert mark.words == "2026-07 进展 20%"
    assert mark.left == mark.x - 3


def test_a_narrow_page_gets_the_same_by_month(stage):
    stage.assign("K8.1")
    stage.report("K8.1", BEGUN, 10)
    months = {month.first: month for month in drawn().listed}
    assert list(months) == sorted(months, reverse=True)
    assert [(duty.key, percent) for duty, percent in months[date(2026, 7, 1)].reports] == [("K8.1", 10)]
    assert {one.duty.key for one, _badge, _word in months[date(2024, 12, 1)].milestones} >= {"K11.4", "M1.4"}
    assert {badge for _one, badge, _word in months[date(2024, 12, 1)].milestones} == {"stop"}


def test_a_plan_that_is_over_has_no_today(stage):
    assert drawn(date(2028, 1, 1)).today is None
    assert drawn(date(2023, 12, 31)).today is None


def test_the_second_city_is_drawn_over_its_own_months(office):
    office.adopt(plan_of("xiangfang-textiles"))
    line = drawn(date(2026, 1, 1))
    assert line.months == 40 and [one.year for one in line.years] == [2025, 2026, 2027, 2028]
    assert {row.duty.key for _head, rows in line.groups for row in rows} >= {"R1.1", "R3", "S1"}
