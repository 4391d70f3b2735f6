"""Reminders go through the outbox, not too often, always recorded; notes and to-dos for each side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.platform.campaigns.conftest import whole

from jigai.platform.accounts.models import Membership
from jigai.platform.campaigns import notes, reminding
from jigai.platform.campaigns.data import OPEN, rule, templates
from jigai.platform.campaigns.models import Campaign, Entry, Note, Reminder
from jigai.platform.campaigns.todos import todos
from jigai.platform.ledger.models import Device
from jigai.platform.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def remind(stage, states=("unseen", "empty"), role="city_officer"):
    with stage.acting(role) as actor:
        return reminding.remind(actor, stage.campaign, states)


def test_all_in_a_state_are_reminded_by_the_text_of_that_state(survey):
    survey.sign_in()
    sent = remind(survey)
    assert (sent.entries, sent.people, sent.recent, sent.unreachable) == (2, 6, 0, 0)
    with whole():
        titles = {one.user.username: one.title for one in Notice.objects.select_related("user")}
        assert list(Reminder.objects.order_by("pk").values_list("state", "people")) == [("empty", 3), ("unseen", 3)]
    assert titles["enterprise_head_510402"].startswith("请报送设备台账")
    assert titles["enterprise_head_510403"].startswith("请登录并报送")
    with whole():
        text = Notice.objects.first().text
    assert survey.campaign.contact in text and "{" not in text


def test_nobody_is_reminded_twice_in_a_day(survey):
    remind(survey)
    again = remind(survey)
    assert (again.people, again.recent) == (0, 2)
    with whole():
        Reminder.objects.update(recorded_at=timezone.now() - timedelta(hours=rule("remind_hours") + 1))
    assert remind(survey).people == 6


def test_a_county_reminds_its_own_and_others_may_not(survey):
    assert remind(survey, role="county_officer").entries == 1
    with pytest.raises(PermissionDenied):
        remind(survey, role="enterprise_head")


def test_who_has_no_account_is_for_the_telephone(survey):
    with whole():
        Membership.objects.filter(organisation=survey.city.west_enterprise.org).update(active=False)
    assert remind(survey).unreachable == 1


def test_who_has_reported_is_left_in_peace(survey):
    survey.fill(rows=3)
    survey.step("submit")
    assert remind(survey, ("unseen", "filling", "submitted", "verified")).entries == 1


@pytest.mark.parametrize(("days", "stage"), [(20, ""), (14, "fortnight"), (8, "fortnight"), (7, "week"), (0, "eve")])
def test_the_schedule_reminds_once_at_each_stage(survey, days, stage):
    today = survey.campaign.deadline - timedelta(days=days)
    wanted = 2 if stage else 0
    assert reminding.by_schedule(today) == wanted
    assert reminding.by_schedule(today) == 0
    with whole():
        assert {one.stage.partition(":")[0] for one in Reminder.objects.all()} == ({stage} if stage else set())


def test_a_deadline_of_ones_own_has_a_schedule_of_its_own(survey):
    later = survey.campaign.deadline + timedelta(days=30)
    survey.step("extend", "county_officer", comment="设备员住院", due=later)
    assert reminding.by_schedule(survey.campaign.deadline - timedelta(days=7)) == 1
    assert reminding.by_schedule(later - timedelta(days=7)) == 1, "the other is past its deadline"


def test_there_is_a_text_for_everybody_who_still_has_to_report():
    assert set(templates()) == set(OPEN)


def test_calls_are_for_the_authorities_and_comments_are_answered(survey):
    survey.fill(rows=3)
    with survey.acting("county_officer") as actor:
        notes.add(actor, survey.entry(), "call", "设备科张工接，周五前报")
        asked = notes.add(actor, survey.entry(), "comment", "第 8 行缺数量", file_name="01.xlsx")
        for wrong in ({"kind": "comment", "text": " "}, {"kind": "matches", "text": ""}, {"kind": "x", "text": "y"}):
            with pytest.raises(ValidationError):
                notes.add(actor, survey.entry(), **wrong)
    with survey.acting("county_officer", west=True) as actor, pytest.raises(Entry.DoesNotExist):
        notes.add(actor, Entry.objects.get(site=survey.city.east_site), "comment", "不归我管")
    with survey.acting("enterprise_equipment") as actor:
        seen = list(notes.notes_of(actor, survey.entry()))
        assert [one.kind for one in seen] == ["comment"]
        assert notes.unanswered(survey.entry()) == 1
        notes.answer(actor, survey.entry(), asked.pk, "已补为 2 台")
        assert notes.unanswered(survey.entry()) == 0
        with pytest.raises(ValidationError):
            notes.answer(actor, survey.entry(), 10**9, "没有这条")
    with survey.acting("county_officer") as actor:
        assert [one.kind for one in notes.notes_of(actor, survey.entry())] == ["comment", "call"]


def test_spot_checks_are_drawn_alike_for_everybody_and_of_this_site_alone(survey):
    survey.fill(rows=9)
    survey.fill(west=True, rows=2)
    with survey.acting("county_officer") as actor:
        first = [device.pk for device, _check in notes.drawn(survey.entry())]
        notes.add(actor, survey.entry(), "differs", "已拆除", device=first[0])
        foreign = whole_device(survey.city.west_site)
        with pytest.raises(ValidationError, match="不在本厂区"):
            notes.add(actor, survey.entry(), "matches", "", device=foreign)
    with survey.acting("city_officer"):
        again = notes.drawn(survey.entry())
    assert [device.pk for device, _check in again] == first
    assert len(first) == rule("spot_checks")
    assert {check.kind for _device, check in again if check} == {Note.Kind.DIFFERS}


def whole_device(site):
    with whole():
        return Device.objects.filter(site=site).first().pk


def titles(stage, role, *, west=False):
    with stage.acting(role, west=west) as actor:
        return [(one.title, one.due) for one in todos(actor)]


def test_each_side_is_told_what_it_has_to_do(survey):
    name, due = survey.campaign.name, survey.campaign.deadline
    assert titles(survey, "enterprise_equipment") == [(f"上传设备台账：{name}", due)]
    assert titles(survey, "county_officer") == []
    assert titles(survey, "city_officer") == [("2 个管理主体覆盖率低于 60%", due)]
    survey.fill(rows=3)
    assert titles(survey, "enterprise_equipment") == [(f"设备台账待报送：{name}", due)]
    assert titles(survey, "enterprise_head") == [(f"确认并报送设备台账：{name}", due)]
    survey.step("submit")
    assert titles(survey, "enterprise_head") == []
    assert titles(survey, "county_officer") == [
        (f"核对报送：{name}", timezone.localdate() + timedelta(days=rule("verify_days")))
    ]
    assert titles(survey, "county_officer", west=True) == []
    assert titles(survey, "city_officer") == [("1 个管理主体覆盖率低于 60%", due)]
    survey.step("return", "county_officer", comment="缺电机", due=due)
    assert titles(survey, "enterprise_head") == [(f"按退回意见补正后再报：{name}", due)]
    for role in ("bank", "system_admin"):
        assert titles(survey, role) == []


def test_a_survey_past_its_deadline_asks_the_city_to_close_it(survey):
    with whole():
        Campaign.objects.update(deadline=timezone.localdate() - timedelta(days=1))
    assert "报送期限已过：结束存档或延期" in [title for title, _due in titles(survey, "city_officer")]
