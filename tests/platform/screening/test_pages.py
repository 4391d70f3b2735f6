"""People start runs, look at what they came to, and compare two."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db(transaction=True)
LIST, NEW = "/screening/", "/screening/new/"


def runs():
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(Run.objects.order_by("pk"))


def verdicts():
    with transaction.atomic(), use_scope(command_scope("test")):
        return dict(Device.objects.values_list("pk", "verdict"))


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def start(client, **more):
    """Post the form as the page drew it."""
    once = re.search(r'name="once" value="([^"]+)"', client.get(NEW).content.decode())[1]
    return client.post(NEW, {"once": once, "scope": "all", "as_of": "2024-08-01", **more})


def test_a_run_is_started_done_and_shown(judged):
    client = judged.client("county_officer")
    answer = start(client)
    made = runs()[-1]
    assert answer["Location"] == f"{LIST}{made.pk}/"
    assert "还没有完成" in text_of(client.get(answer["Location"]))
    worker.run(once=True)
    page = text_of(client.get(answer["Location"]))
    assert "按 2024-08-01 有效的依据" in page
    must = runs()[-1].totals["must_replace"]
    assert re.search(rf"必须淘汰 {must['lines']} {must['machines']} ", page)
    assert made.title in text_of(client.get(LIST))


def test_a_form_sent_twice_starts_one_run(judged):
    client = judged.client("county_officer")
    once = re.search(r'name="once" value="([^"]+)"', client.get(NEW).content.decode())[1]
    before = len(runs())
    for _again in range(2):
        client.post(NEW, {"once": once, "scope": "all", "as_of": "2024-08-01"})
    assert len(runs()) == before + 1


def test_a_day_to_come_can_only_be_rehearsed(judged):
    client = judged.client("county_officer")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = start(client, as_of=tomorrow)
    assert refused.status_code == 422
    assert "只能试算" in refused.content.decode()
    before = verdicts()
    assert start(client, as_of=tomorrow, rehearsal="on").status_code == 302
    worker.run(once=True)
    assert runs()[-1].rehearsal
    assert verdicts() == before


def test_two_runs_are_compared_device_by_device(judged):
    client = judged.client("county_officer")
    start(client, as_of="2009-01-01", rehearsal="on")
    worker.run(once=True)
    formal, rehearsed = runs()
    page = text_of(client.get(f"{LIST}{rehearsed.pk}/?with={formal.pk}"))
    changed = (
        rehearsed.totals.get("must_replace", {"machines": 0})["machines"] - formal.totals["must_replace"]["machines"]
    )
    assert changed < 0
    assert f" {changed} " in page
    assert "结论变了的设备" in page
    same = text_of(client.get(f"{LIST}{formal.pk}/?with={formal.pk}"))
    assert "结论变了的设备" not in same


@pytest.mark.parametrize("scope", ["unit:510403", "person:999999", "unit:", "person:x", "all:all"])
def test_a_scope_that_is_not_offered_is_refused(judged, scope):
    before = len(runs())
    assert start(judged.client("county_officer"), scope=scope).status_code == 422
    assert len(runs()) == before


def test_the_form_offers_what_one_sees(judged):
    offered = judged.client("city_officer").get(NEW).content.decode()
    assert "西山水泥有限公司" in offered
    assert "东风轧钢有限公司" in offered
    assert "西山水泥有限公司" not in judged.client("enterprise_head").get(NEW).content.decode()


def test_the_other_side_sees_no_run_and_opens_none(judged):
    stranger = judged.client("county_officer", west=True)
    assert runs()[0].title not in stranger.get(LIST).content.decode()
    assert stranger.get(f"{LIST}{runs()[0].pk}/").status_code == 404


@pytest.mark.parametrize("role", ["auditor", "city_head", "enterprise_finance"])
def test_who_may_look_may_not_start(judged, role):
    client = judged.client(role)
    assert client.get(LIST).status_code == 200
    assert NEW not in client.get(LIST).content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"scope": "all", "as_of": "2024-08-01"}).status_code == 403


def test_a_run_whose_files_are_lost_says_so_and_shows_the_rest(judged):
    client = judged.client("county_officer")
    start(client, as_of="2009-01-01", rehearsal="on")
    worker.run(once=True)
    formal, rehearsed = runs()
    storage.path(formal.output_hash, "devices").unlink()
    page = client.get(f"{LIST}{rehearsed.pk}/?with={formal.pk}")
    assert page.status_code == 200
    assert "从备份恢复" in page.content.decode()
    assert "必须淘汰" in page.content.decode()
