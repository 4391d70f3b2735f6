"""The pages of the trail: who gets in, what they find."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from jigai.platform.audit import chain
from jigai.platform.audit.models import Event, Link
from jigai.platform.audit.services import history, record
from jigai.platform.audit.tables import day_range
from jigai.platform.jobs import worker
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def told(city):
    """Two events about a site of each county."""
    with transaction.atomic(), use_scope(command_scope("test")):
        for side, site in ((False, city.east_site), (True, city.west_site)):
            record(
                city.actor("county_officer", west=side),
                "job.done",
                site,
                before={"name": "旧名", "address": "一路1号"},
                after={"name": "新名", "address": "一路1号"},
                reason="更名",
                address="10.0.0.8",
            )
    chain.link_pending()
    return city


@pytest.mark.parametrize("role", ["city_officer", "county_officer", "enterprise_head", "bank", "system_admin"])
def test_others_do_not_get_in(told, role):
    client = told.client(role)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/1/").status_code == 403
    assert client.get("/audit/verify/").status_code == 403


def test_an_auditor_reads_and_does_not_verify(told):
    client = told.client("auditor")
    page = client.get("/audit/").content.decode()
    assert page.count("任务完成") >= 2
    assert "东风轧钢有限公司主厂区" in page
    assert "西山水泥有限公司主厂区" in page
    assert client.get("/audit/verify/").status_code == 403


@pytest.mark.parametrize(
    ("query", "east", "west"),
    [
        ("who=county_officer_510402", True, False),
        ("action=job.done", True, True),
        ("action=job.failed", False, False),
        ("object=西山", False, True),
        ("span=today", True, True),
        ("day=2001-01-01", False, False),
        ("day=nonsense", False, False),
        ("span=nonsense", True, True),
    ],
)
def test_filters(told, query, east, west):
    page = told.client("auditor").get(f"/audit/?{query}").content.decode()
    assert ("东风轧钢有限公司主厂区" in page) is east
    assert ("西山水泥有限公司主厂区" in page) is west


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-23", (2026, 11, 23), (2026, 11, 24)),
        ("2026年2月", (2026, 2, 1), (2026, 3, 1)),
        ("2026.12", (2026, 12, 1), (2027, 1, 1)),
        ("2026", (2026, 1, 1), (2027, 1, 1)),
    ],
)
def test_days_as_they_are_typed(text, first, last):
    zone = timezone.get_current_timezone()
    assert day_range(text) == (datetime(*first, tzinfo=zone), datetime(*last, tzinfo=zone))


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "x", "26", "0000"])
def test_what_is_no_day(text):
    assert day_range(text) is None


def test_an_event_shows_both_sides_and_its_link(told):
    with transaction.atomic(), use_scope(command_scope("test")):
        event = Event.objects.filter(action="job.done").order_by("number").first()
    page = told.client("auditor").get(f"/audit/{event.number}/").content.decode()
    for words in (
        "旧名",
        "新名",
        "更名",
        "10.0.0.8",
        "厂区名称",
        f"厂区 {told.east_site.pk}",
        Link.objects.get(event_number=event.number).hash,
    ):
        assert words in page
    assert told.client("auditor").get("/audit/1/").status_code == 404


def test_an_event_of_a_later_version_keeps_its_keys():
    event = Event(object_type="of.tomorrow", object_id="7")
    assert event.kind == "of.tomorrow 7"
    assert event.label("length") == "length"
    assert Event(object_type="enterprises.site").label("no_such") == "no_such"


def test_the_history_of_a_record_is_seen_by_those_who_see_the_record(told):
    for role, west, count in (("county_officer", False, 1), ("county_officer", True, 0), ("auditor", False, 1)):
        actor = told.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            found = list(history(actor, told.east_site))
            assert len(found) == count
            request = RequestFactory().get("/")
            said = render_to_string("audit/_history.html", {"history": found, "actor": actor}, request)
        assert ("任务完成" in said) is bool(count)
        assert ("/audit/" in said) is (role == "auditor")
        assert "旧名" not in said


def test_verifying_by_page(told):
    client = told.client("audit_admin")
    page = client.get("/audit/verify/").content.decode()
    assert chain.head().hash in page
    assert client.post("/audit/verify/", {"first": "x"}).status_code == 400
    answer = client.post("/audit/verify/", {})
    assert answer.status_code == 302
    worker.run(once=True)
    assert "审计链完整" in client.get("/audit/verify/").content.decode()
    assert "审计链完整" in client.get(answer["Location"]).content.decode()
    with transaction.atomic(), use_scope(command_scope("test")):
        said = Event.objects.get(action="audit.verified").after
    assert said["breaks"] == 0
    assert said["checked"] >= 2


def test_a_break_is_shown_by_page(told):
    Event.unscoped.filter(number=Link.objects.get(position=2).event_number).update(reason="forged")
    client = told.client("audit_admin")
    client.post("/audit/verify/", {})
    worker.run(once=True)
    page = client.get("/audit/verify/").content.decode()
    assert "审计链不完整" in page
    assert "改动过" in page
