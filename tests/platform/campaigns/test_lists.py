"""Who should report: frozen at the start, changed afterwards with reasons everybody sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.platform.campaigns.conftest import YEAR, as_, values, whole

from jigai.platform.campaigns import lists, services
from jigai.platform.campaigns.figures import parts, rows_of
from jigai.platform.campaigns.models import Campaign, Deadline, Entry
from jigai.platform.campaigns.record import gather
from jigai.platform.enterprises import services as enterprises
from jigai.platform.enterprises.models import AboveScale, LegalPerson, Site
from jigai.platform.web import undo

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
REASON = "县里要求一并摸排"


def site(person, name, **more):
    """Return a further site of an enterprise."""
    columns = {"org": person.org, "manager_code": person.manager_code, "place_code": person.place_code} | more
    with whole():
        made = Site.objects.create(
            legal_person=person, enterprise_name=person.name, credit_code=person.credit_code, name=name, **columns
        )
        Site.objects.filter(pk=made.pk).update(site_id=made.pk)
        made.refresh_from_db()
    return made


def listed(campaign):
    with whole():
        return sorted(lists.on_list(campaign).values_list("site__name", flat=True))


def test_each_site_of_a_listed_enterprise_should_report(draft):
    site(draft.city.east_enterprise, "二厂")
    closed = site(draft.city.east_enterprise, "老厂")
    with whole():
        Site.objects.filter(pk=closed.pk).update(active=False)
    with draft.acting("city_officer") as actor:
        services.start(actor, draft.campaign, 1)
    assert listed(draft.campaign) == sorted(["二厂", draft.city.east_site.name, draft.city.west_site.name])


def test_the_scope_narrows_by_managing_unit_and_industry(draft):
    for units, industries, wanted in (
        (["510403"], [], [draft.city.west_site.name]),
        ([], ["31"], [draft.city.east_site.name, draft.city.west_site.name]),
        ([], ["06"], []),
    ):
        with as_(draft.city, "city_officer") as actor:
            made = services.create(actor, values(units=units, industries=industries))
            if not wanted:
                with pytest.raises(ValidationError, match="没有一个厂区"):
                    services.start(actor, made, 1)
                continue
            services.start(actor, made, 1)
        assert listed(made) == sorted(wanted)


def test_the_list_is_frozen_at_the_start(survey):
    """A list that changes, a site that comes, an enterprise that ends: nothing moves until a person says so."""
    east = survey.city.east_enterprise
    fresh = site(east, "新厂区")
    with whole():
        AboveScale.objects.filter(legal_person=survey.city.west_enterprise).delete()
        LegalPerson.objects.filter(pk=survey.city.west_enterprise.pk).update(status="closed")
    assert listed(survey.campaign) == sorted([survey.city.east_site.name, survey.city.west_site.name])
    with survey.acting("city_officer") as actor:
        assert [one.pk for one in lists.not_listed(survey.campaign)] == [fresh.pk]
        assert [one.site_id for one in lists.ended(survey.campaign)] == [survey.city.west_site.pk]
        lists.name_sites(actor, survey.campaign, [fresh], "2026 年 11 月投产")
        lists.take_off(actor, survey.entry(west=True), 1, "已注销")
        told = lists.amendments(survey.campaign)
    assert [(one.removed_reason or one.reason) for one in told] == ["已注销", "2026 年 11 月投产"]
    assert listed(survey.campaign) == sorted([survey.city.east_site.name, "新厂区"])
    with survey.acting("enterprise_head"):
        assert lists.amendments(survey.campaign), "what concerns one is seen by those it concerns"


def test_named_ones_need_a_reason_and_stand_beside_the_list(draft):
    with whole():
        AboveScale.objects.filter(legal_person=draft.city.west_enterprise).delete()
    with draft.acting("city_officer") as actor:
        with pytest.raises(ValidationError, match="原因"):
            lists.name_sites(actor, draft.campaign, [draft.city.west_site], " ")
        lists.name_sites(actor, draft.campaign, [draft.city.west_site], REASON)
        with pytest.raises(ValidationError, match="已在"):
            lists.name_sites(actor, draft.campaign, [draft.city.west_site], REASON)
        services.start(actor, draft.campaign, 1)
    with whole():
        sources = dict(Entry.objects.values_list("site__name", "source"))
    assert sources == {draft.city.east_site.name: "above_scale", draft.city.west_site.name: "named"}
    with draft.acting("county_officer") as actor, pytest.raises(PermissionDenied):
        lists.name_sites(actor, draft.campaign, [draft.city.east_site], REASON)


def test_one_taken_off_can_be_taken_back_and_listed_anew(survey):
    with survey.acting("city_officer") as actor:
        event = lists.take_off(actor, survey.entry(), 1, "停产搬迁")
        with pytest.raises(ValidationError, match="刚被别人"):
            lists.take_off(actor, survey.entry(), 1, "停产搬迁")
        undo.take_back(actor, undo.offer(event, lists.RUN, "/"))
    assert survey.entry().removed_at is None
    with survey.acting("city_officer") as actor:
        lists.take_off(actor, survey.entry(), survey.entry().version, "停产搬迁")
        lists.name_sites(actor, survey.campaign, [survey.city.east_site], "恢复生产")
    assert (survey.entry().removed_at, survey.entry().source) == (None, "amended")


def test_an_enterprise_that_moves_in_the_middle_counts_where_it_is(survey):
    with survey.acting("city_officer") as actor:
        person = survey.city.east_enterprise
        enterprises.edit_enterprise(actor, person, {"manager_code": "510403"}, person.version, reason="区划调整")
        assert {one.key: one.should for one in parts(rows_of(survey.campaign), lambda row: row.manager, {})} == {
            "510403": 2
        }
    with survey.acting("county_officer"):
        assert rows_of(survey.campaign) == [], "the county it left sees it no longer"
    with survey.acting("county_officer", west=True):
        assert len(rows_of(survey.campaign)) == 2
    assert survey.entry().listed_manager == "510402", "where it was listed stays said"


def test_a_deadline_changes_for_all_with_a_reason_but_not_for_those_with_their_own(survey):
    own = timezone.localdate() + timedelta(days=40)
    survey.step("extend", "county_officer", west=False, comment="设备员住院", due=own)
    later = timezone.localdate() + timedelta(days=30)
    with survey.acting("city_officer") as actor:
        with pytest.raises(ValidationError, match="原因"):
            services.change_deadline(actor, survey.campaign, survey.campaign.version, later, "")
        services.change_deadline(actor, survey.campaign, survey.campaign.version, later, "国庆假期顺延")
        with pytest.raises(ValidationError, match="刚被别人"):
            services.change_deadline(actor, survey.campaign, survey.campaign.version, own, "再延")
    assert (survey.entry().deadline, survey.entry(west=True).deadline) == (own, later)
    assert list(Deadline.objects.values_list("reason", flat=True)) == ["", "国庆假期顺延"]


def test_what_cannot_start_says_why(draft):
    with draft.acting("city_officer") as actor:
        with pytest.raises(ValidationError, match="刚被别人"):
            services.start(actor, draft.campaign, 7)
        past = services.create(actor, values(deadline=timezone.localdate() - timedelta(days=1)))
        with pytest.raises(ValidationError, match="期限已过"):
            services.start(actor, past, 1)
        empty = services.create(actor, values(year=2020))
        with pytest.raises(ValidationError, match="2020 年规上名单"):
            services.start(actor, empty, 1)
        started = services.start(actor, draft.campaign, 1)
        with pytest.raises(ValidationError, match="进行中"):
            services.start(actor, started, started.version)


def test_what_the_list_rests_on_stays_once_it_runs(survey):
    with survey.acting("city_officer") as actor:
        services.edit(actor, survey.campaign, {"year": 2024, "instructions": "带铭牌照片"}, survey.campaign.version)
    kept = Campaign.objects.get(pk=survey.campaign.pk)
    assert (kept.year, kept.instructions) == (YEAR, "带铭牌照片")


def test_next_year_starts_from_this_one_without_its_list(survey):
    with survey.acting("city_officer") as actor:
        made = services.copy(actor, survey.campaign, "2027 年设备摸排")
    assert (made.year, made.status, made.contact) == (YEAR + 1, "draft", survey.campaign.contact)
    assert made.deadline.year == survey.campaign.deadline.year + 1
    assert listed(made) == []


def test_a_county_deals_with_a_site_of_an_enterprise_it_does_not_manage(draft):
    """It sees the site and not the legal person; nothing of the survey is lost to it, and nothing of the rest shown."""
    branch = site(draft.city.west_enterprise, "东区分厂", manager_code="510402", place_code="510402")
    with draft.acting("city_officer") as actor:
        campaign = services.start(actor, draft.campaign, 1)
    with whole():
        entry = Entry.objects.get(site=branch)
        Site.objects.filter(pk=branch.pk).update(active=False)
        Campaign.objects.update(facts_year=2025)
    county = draft.city.client("county_officer")
    url = f"/campaigns/{campaign.pk}/"
    for path in ("", "entries/", "phone/", "changes/"):
        page = county.get(f"{url}{path}").content.decode()
        assert "东区分厂" in page and draft.city.west_site.name not in page, path
    assert county.get(f"{url}entries/?q=西山").content.decode().count("东区分厂")
    assert county.get(f"/campaigns/entries/{entry.pk}/").status_code == 200
    said = {"version": entry.version, "comment": "已停产，只剩仓库", "nothing": "on"}
    assert county.post(f"/campaigns/entries/{entry.pk}/submit_for/", said).status_code == 302
    with draft.acting("county_officer"):
        assert [one["name"] for one in gather(Campaign.objects.get())["entries"]] == [
            f"{draft.city.east_enterprise.name} · {draft.city.east_site.name}",
            f"{draft.city.west_enterprise.name} · 东区分厂",
        ]
