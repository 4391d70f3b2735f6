"""What is late: by the register of holidays, as known on the day, and told to the city head in the end."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation
from tests.platform.duties.conftest import BEGUN, at, plan_of, whole

from jigai.platform.audit.models import Event
from jigai.platform.duties import jobs, progress, reminding, todos
from jigai.platform.duties.models import Call
from jigai.platform.duties.overdue import months_owed, overdue, owed, report_due
from jigai.platform.duties.services import overdue as offered
from jigai.platform.notices.models import Notice
from jigai.platform.registers.workdays import Calendar

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PLAIN = Calendar(frozenset(), frozenset())


def late(stage, on, **about):
    """Return what is late on a day, of one task."""
    with whole():
        found = overdue(on, PLAIN)
    return [one for one in found if all(getattr(one.duty, name) == value for name, value in about.items())]


def rules_of(found):
    return {one.rule: one.days for one in found}


def test_a_report_is_due_on_the_fifth_working_day_of_the_next_month():
    assert report_due(date(2026, 7, 1), PLAIN) == date(2026, 8, 7)
    long_holiday = Calendar(frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)}))
    assert report_due(date(2026, 9, 1), long_holiday) == date(2026, 10, 13), "eight days off, a Saturday worked"
    assert report_due(date(2026, 12, 1), PLAIN) == date(2027, 1, 7)


def test_months_are_owed_once_they_are_over():
    assert months_owed(date(2026, 7, 31), date(2026, 7, 31)) == []
    assert months_owed(date(2026, 7, 31), date(2026, 8, 1)) == [date(2026, 7, 1)]
    assert months_owed(date(2026, 11, 5), date(2027, 1, 2)) == [date(2026, 11, 1), date(2026, 12, 1)]


def test_a_missing_report_is_late_from_the_day_after(stage):
    stage.assign("K8.1")
    assert late(stage, date(2026, 8, 7), key="K8.1") == []
    (one,) = late(stage, date(2026, 8, 10), key="K8.1")
    assert (one.rule, one.about, one.days, one.organisation) == ("report_day", "2026-07", 3, "市财政局")
    stage.day = date(2026, 8, 10)
    stage.report("K8.1", date(2026, 7, 1), 10)
    assert late(stage, date(2026, 8, 10), key="K8.1") == []
    assert len(late(stage, date(2026, 8, 9), key="K8.1")) == 1, "on the day before nothing had come in"


def test_several_months_are_one_thing_with_the_first_day(stage):
    stage.assign("K8.1")
    found = late(stage, date(2026, 10, 20), key="K8.1")
    (one,) = [each for each in found if each.rule == "report_day"]
    assert one.due == date(2026, 8, 7) and one.detail == "共缺 3 个月"


def test_what_does_not_move_for_two_months_is_told(stage):
    stage.assign("K8.1")
    for months in range(4):
        stage.day = date(2026, 7 + months, 28)
        stage.report("K8.1", stage.day, 10)
    found = rules_of(late(stage, date(2026, 10, 28), key="K8.1"))
    assert found == {"stalled": (date(2026, 10, 28) - date(2026, 9, 28)).days}
    stage.report("K8.1", stage.day, 30, reason="补报完成量")
    assert late(stage, date(2026, 10, 28), key="K8.1") == []


def test_a_milestone_that_was_reached_is_movement(stage):
    stage.assign("K7.5")
    for months in range(4):
        stage.day = date(2026, 7 + months, 28)
        stage.report("K7.5", stage.day, 10)
    assert set(rules_of(late(stage, date(2026, 10, 28), key="K7.5"))) == {"stalled"}
    with stage.acting("dept_officer", west=True) as actor:
        progress.note_milestone(actor, stage.milestone("K7.5"), date(2026, 10, 1), "已公布", at(stage.day))
    assert late(stage, date(2026, 10, 28), key="K7.5") == []


def test_a_milestone_is_late_for_who_leads_and_for_the_city_where_nobody_does(stage):
    (one,) = late(stage, BEGUN, key="K11.4")
    assert (one.share, one.organisation, one.days) == (None, "", (BEGUN - date(2024, 12, 31)).days)
    stage.assign("K11.4")
    (one,) = late(stage, BEGUN, key="K11.4")
    assert one.organisation == "市财政局" and one.rule_name == "节点逾期"
    with stage.acting("dept_officer", west=True) as actor:
        progress.note_milestone(actor, stage.milestone("K11.4"), BEGUN, "复评通过", at(BEGUN))
    assert late(stage, BEGUN, key="K11.4") == []
    assert len(late(stage, BEGUN - timedelta(days=1), key="K11.4")) == 1


def test_a_county_sees_what_it_owes_itself(stage):
    stage.claim("M1.5", "county_officer", west=False)
    stage.claim("M1.5", "county_officer", west=True)
    with stage.acting("county_officer"):
        found = offered(date(2026, 8, 20), PLAIN)
    assert {one.share.organisation.manager_code for one in found} == {"510402"}
    assert all(one.share is not None for one in found), "whether nobody leads something is not for a county to tell"


def test_what_is_completed_or_ended_owes_nothing(stage):
    stage.assign("K8.1")
    stage.report("K8.1", BEGUN, 100)
    stage.step("K8.1", "finish", comment="完成")
    assert late(stage, date(2026, 12, 1), key="K8.1") == [], "it waits for the city"
    stage.assign("K8.2")
    stage.step("K8.2", "release", "city_officer", west=False, comment="合并办理")
    assert late(stage, date(2026, 12, 1), key="K8.2") == []


def test_the_list_is_the_longest_first_and_the_same_twice(stage):
    stage.assign("K8.1")
    with whole():
        first, second = overdue(date(2026, 9, 1), PLAIN), overdue(date(2026, 9, 1), PLAIN)
    assert first == second and len(first) > 4
    assert [one.days for one in first] == sorted((one.days for one in first), reverse=True)


def test_reminders_before_on_the_day_late_and_to_the_head(stage):
    stage.assign("K8.1")
    stages = []
    for day in (date(2026, 8, 4), date(2026, 8, 7), date(2026, 8, 8), date(2026, 8, 13), date(2026, 8, 14)):
        reminding.by_schedule(day, at(day))
        assert reminding.by_schedule(day, at(day, 15)) == 0, "each once"
        with whole():
            stages.append(list(Call.objects.filter(duty__key="K8.1").values_list("stage", flat=True)))
    assert stages[-1] == ["soon", "today", "late", "escalate"]
    assert len(stages[3]) == 3, "six days late is not told to the head"
    with whole():
        head = Notice.objects.filter(user__username="city_head_510402", title__contains="K8.1")
        assert [one.title[:9] for one in head] == ["任务逾期 7 天："]
        lead = Notice.objects.filter(user__username="dept_officer_510403", kind="reminder", title__contains="2026-07")
        assert lead.count() == 3
        assert Event.objects.filter(action="duty.escalated", object_name__startswith="K8.1").count() == 1
        assert Call.objects.get(duty__key="K8.1", stage="escalate").people >= 2


def test_the_site_reminds_nobody_twice_about_the_same(stage):
    from jigai.platform.accounts.models import Membership
    from jigai.platform.notices.reminders import remind

    stage.assign("K8.1")
    day = date(2026, 8, 8)
    reminding.by_schedule(day, at(day))
    post = Membership.objects.get(user=stage.city.west["dept_officer"])
    with whole():
        (one,) = [one for one in owed(day, PLAIN) if one.duty.key == "K8.1"]
        before = Notice.objects.count()
        assert remind(reminding.todo_of(one), post, day) == []
        assert Notice.objects.count() == before


def test_urging_by_hand_once_a_day(stage):
    stage.assign("K8.1")
    day = date(2026, 8, 20)
    for number in (1, 0):
        with stage.acting("city_officer") as actor:
            found = [one for one in overdue(day, PLAIN) if one.duty.key == "K8.1"]
            assert reminding.call(actor, found, at(day)) == number
    with whole():
        assert Notice.objects.filter(title__startswith="催办").exists()


def test_the_workbench_says_what_waits(stage, monkeypatch):
    monkeypatch.setattr(todos, "timezone", SimpleNamespace(localdate=lambda: date(2026, 8, 20)))
    stage.assign("K8.1")
    stage.claim("K1.1")
    with stage.acting("dept_officer", west=True) as actor:
        own = {one.title: one for one in todos.todos(actor)}
    assert own["报任务进展：2026-07 月报"].due == date(2026, 8, 7)
    assert any(title.startswith("方案写明本单位承担的") for title in own)
    with stage.acting("city_officer") as actor:
        titles = [one.title for one in todos.todos(actor)]
    assert any(title.startswith("确认认领：K1.1") for title in titles)
    assert any("还没有单位牵头" in title for title in titles)
    assert any("还不知道对应哪个单位" in title for title in titles)
    with stage.acting("city_head") as actor:
        (one,) = todos.todos(actor)
    assert "逾期 7 天以上" in one.title
    with stage.acting("enterprise_head") as actor:
        assert list(todos.todos(actor)) == []


def test_many_things_are_one_line_of_the_workbench(stage, monkeypatch):
    monkeypatch.setattr(todos, "timezone", SimpleNamespace(localdate=lambda: date(2026, 8, 20)))
    for key in [one.id for one in plan_of().all_tasks() if one.id.startswith(("K8.", "K9."))]:
        stage.assign(key)
    with stage.acting("dept_officer", west=True) as actor:
        own = [one.title for one in todos.todos(actor)]
    assert own[0].startswith("9 项任务要报进展")


def test_the_work_in_the_background_reminds_once_however_often_it_runs(stage):
    stage.day = timezone.localdate() - timedelta(days=75)
    stage.assign("K8.1")
    jobs.remind()
    with whole():
        before = list(Call.objects.filter(duty__key="K8.1").values_list("rule", "stage"))
        notices = Notice.objects.count()
    assert ("report_day", "late") in before and ("report_day", "escalate") in before
    jobs.remind()
    with whole():
        assert list(Call.objects.filter(duty__key="K8.1").values_list("rule", "stage")) == before
        assert Notice.objects.count() == notices


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_says_what_is_to_be_done(stage, language):
    stage.assign("K11.4")
    stage.report("K11.4", BEGUN, 10)
    with whole(), translation.override(language):
        found = {
            one.rule: reminding.todo_of(one) for one in overdue(date(2026, 10, 20), PLAIN) if one.duty.key == "K11.4"
        }
    assert set(found) == {"report_day", "milestone", "stalled"}
    assert len({one.title for one in found.values()}) == 3
    url = f"/duties/{stage.duty('K11.4').pk}/"
    assert {one.url for one in found.values()} == {url} and all(one.action for one in found.values())
    assert found["report_day"].due == date(2026, 9, 7) and found["milestone"].due == date(2024, 12, 31)
    assert ("2026-08" in found["report_day"].title) and ("2026-07-06" in found["stalled"].title)
    assert all((language == "en") == one.action.isascii() for one in found.values())


def test_a_holiday_entered_afterwards_moves_the_day_a_report_is_due(stage):
    stage.assign("K8.1")
    long_holiday = Calendar(frozenset(date(2026, 8, day) for day in (3, 4, 5)), frozenset({date(2026, 8, 8)}))
    with whole():
        days = [
            {one.due for one in overdue(date(2026, 8, 20), known) if one.duty.key == "K8.1"}
            for known in (PLAIN, long_holiday)
        ]
    assert days == [{date(2026, 8, 7)}, {date(2026, 8, 11)}]
