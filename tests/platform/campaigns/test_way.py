"""An entry's way: what happens in the ledger and who signs in says its state; steps by those who may take them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.platform.campaigns.conftest import values, whole

from jigai.platform.audit.models import Event
from jigai.platform.campaigns import services, snapshots, standing
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.stating import restate
from jigai.platform.notices.models import Notice

TODAY = object()
"""The day a test runs, not the day it was collected."""

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_state_follows_what_really_happens(survey):
    assert survey.state() == "unseen"
    survey.sign_in()
    assert survey.state() == "empty"
    survey.fill(rows=4)
    assert survey.state() == "filling"
    survey.step("submit")
    assert survey.state() == "submitted"
    later = timezone.localdate() + timedelta(days=5)
    survey.step("return", "county_officer", comment="风机缺出厂年份，请补。", due=later)
    assert survey.state() == "returned"
    assert survey.entry().deadline == later
    survey.step("submit")
    survey.step("verify", "county_officer")
    assert survey.state() == "verified"
    assert survey.state(west=True) == "unseen"
    with whole():
        assert [one.kind for one in Step.objects.all()] == ["submit", "return", "submit", "verify"]
        done = set(Event.objects.filter(action__startswith="campaign.").values_list("action", flat=True))
    assert {"campaign.started", "campaign.submit", "campaign.return", "campaign.verify"} <= done


def test_everybody_sees_the_same_state(survey):
    """A county does not see the files the city handed in; the state rests on what came of them at the site."""
    survey.sign_in()
    survey.fill(rows=4)
    for role in ("city_officer", "county_officer", "enterprise_head", "auditor"):
        with survey.acting(role):
            assert standing.state_of(Entry.objects.get(site=survey.city.east_site)) == "filling", role


def test_what_came_before_the_day_it_counts_from_is_not_filled_in(city, survey):
    survey.fill(rows=4)
    with whole():
        Campaign.objects.update(counts_from=timezone.localdate() + timedelta(days=1))
    assert survey.state() == "unseen"
    survey.step("submit")  # a ledger that is right already is simply reported
    assert survey.state() == "submitted"


def test_a_report_taken_back_is_where_the_ledger_says(survey):
    survey.fill(rows=4)
    survey.step("submit")
    survey.step("withdraw", comment="漏了两台电机")
    assert survey.state() == "filling"
    with whole():
        assert standing.last_report(survey.entry()) is None


def test_a_report_keeps_what_it_was_about(survey):
    survey.fill(rows=10)
    report = survey.step("submit")
    assert (report.figures["lines"], len(report.content_hash)) == (10, 64)
    with whole():
        device = DeviceState.objects.filter(superseded_at=None).first().device_id
        kept = snapshots.read(report.content_hash)
    survey.step("withdraw", comment="改")
    again = survey.step("submit")
    assert again.content_hash == report.content_hash, "the same devices in the same states"
    with survey.acting("enterprise_equipment") as actor:
        restate(actor, device, {"name": "新风机", "model": "Y2-160L-4"}, "edit", "铭牌看错")
    with whole():
        marked = standing.with_standing(Entry.objects.filter(pk=survey.entry().pk)).get()
        assert marked.changed, "the ledger changed after the report"
        assert snapshots.freeze_site(survey.city.east_site.pk) != report.content_hash
        assert snapshots.read(report.content_hash) == kept


def test_nothing_to_report_needs_its_reason(survey):
    with pytest.raises(ValidationError, match="还没有设备"):
        survey.step("submit")
    with pytest.raises(ValidationError, match="请写明"):
        survey.step("submit", nothing=True)
    assert survey.step("submit", nothing=True, comment="只有办公场所").nothing
    assert survey.state() == "submitted"


def test_a_report_after_the_deadline_is_late_and_still_taken(survey):
    survey.fill(rows=5)
    with whole():
        Campaign.objects.update(deadline=timezone.localdate() - timedelta(days=1))
    assert survey.step("submit").late
    survey.step("withdraw", comment="补")
    later = timezone.localdate() + timedelta(days=3)
    survey.step("extend", "county_officer", comment="设备员住院", due=later)
    assert survey.state() == "filling", "more time changes no state"
    assert not survey.step("submit").late


def test_annual_figures_come_first_where_they_are_asked_for(survey):
    survey.fill(rows=5)
    with whole():
        Campaign.objects.update(facts_year=2025)
    with pytest.raises(ValidationError, match="2025 年年度数据"):
        survey.step("submit")


@pytest.mark.parametrize(
    ("key", "role", "said", "why"),
    [
        ("verify", "county_officer", {}, "现在是"),
        ("return", "county_officer", {"comment": "x", "due": TODAY}, "现在是"),
        ("extend", "county_officer", {"comment": "x", "due": TODAY}, "延期应晚于"),
        ("extend", "county_officer", {"comment": "", "due": TODAY}, "请写明"),
        ("submit_for", "county_officer", {}, "请写明"),
        ("submit", "enterprise_head", {"version": 99}, "刚被别人办理过"),
        ("submit", "enterprise_head", {"comment": "说" * 501}, "太长：最多 500 字，现为 501 字"),
        ("submit_for", "county_officer", {"comment": "说" * 501}, "太长：最多 500 字，现为 501 字"),
    ],
)
def test_what_cannot_be_done_says_why(survey, key, role, said, why):
    survey.fill(rows=3)
    said = {name: timezone.localdate() if value is TODAY else value for name, value in said.items()}
    with pytest.raises(ValidationError) as refused:
        survey.step(key, role, **said)
    assert why in " ".join(refused.value.messages)


def test_a_comment_as_long_as_there_is_room_is_kept_whole(survey):
    survey.fill(rows=3)
    assert survey.step("submit", comment=f"  {'说' * 500}\n").comment == "说" * 500


@pytest.mark.parametrize("role", ["enterprise_equipment", "enterprise_finance", "county_officer", "city_head"])
def test_only_the_head_reports(survey, role):
    with pytest.raises(PermissionDenied):
        survey.step("submit", role)


def test_the_county_reports_for_one_without_account_and_the_enterprise_is_told(survey):
    survey.fill(rows=3)
    survey.step("submit_for", "county_officer", comment="纸质盖章件 11 月 20 日收到")
    assert survey.state() == "submitted"
    with whole():
        told = Notice.objects.filter(kind="campaign")
        assert told.count() == 3, "everybody of the enterprise, once"
        assert f"/campaigns/entries/{survey.entry().pk}/" in {one.url for one in told}


def test_two_at_once_the_second_is_told(survey):
    survey.fill(rows=3)
    survey.step("submit")
    seen = survey.entry().version
    survey.step("verify", "county_officer", version=seen)
    with pytest.raises(ValidationError, match="已核"):
        survey.step("withdraw", comment="改", version=seen)


def test_a_draft_is_seen_by_those_who_run_surveys_alone(draft):
    from django.http import Http404

    for role in ("county_officer", "enterprise_head", "auditor"):
        with draft.acting(role) as actor, pytest.raises(Http404):
            services.get_campaign(actor, draft.campaign.pk)
    with draft.acting("city_officer") as actor, pytest.raises(ValidationError, match="早于"):
        services.create(actor, values(deadline=timezone.localdate() - timedelta(days=9)))
