"""The list of devices and the page of one, as people of each role see them."""

from __future__ import annotations

import io
import re

import polars as pl
import pytest
from django.db import transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.platform.ledger.conftest import BOOK, DAY
from tests.platform.people import WEST

from jigai.ledger import read_ledger
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.services import edit_site
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.taking import take
from jigai.platform.screening.models import Finding, Run
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LIST = "/devices/"


def one(**filters):
    with transaction.atomic(), use_scope(command_scope("test")):
        return Device.objects.filter(**filters).order_by("pk").first()


def all_devices():
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(Device.objects.all())


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    "role", ["enterprise_equipment", "enterprise_finance", "county_officer", "city_head", "auditor"]
)
def test_who_sees_the_enterprise_sees_its_devices(judged, role):
    page = judged.client(role).get(LIST)
    assert page.status_code == 200
    assert f"共 {len(all_devices())} 条" in text_of(page)


@pytest.mark.parametrize("role", ["enterprise_equipment", "county_officer"])
def test_the_other_side_sees_none_and_opens_none(judged, role):
    stranger = judged.client(role, west=True)
    assert "还没有设备" in stranger.get(LIST).content.decode()
    device = one()
    assert stranger.get(f"{LIST}{device.pk}/").status_code == 404
    assert stranger.get(reverse("ledger:identified", args=[device.identifier])).status_code == 404


@pytest.mark.parametrize("role", ["bank", "expert", "supplier", "system_admin", "security_admin"])
def test_who_has_nothing_to_do_with_devices_is_refused(judged, role):
    assert judged.client(role).get(LIST).status_code == 403
    assert judged.client(role).get(f"{LIST}{one().pk}/").status_code == 403


def test_sums_count_machines_and_not_lines(judged):
    devices = all_devices()
    machines = sum(each.quantity or 1 for each in devices)
    power = sum((each.power_kw or 0) * (each.quantity or 1) for each in devices)
    foot = judged.client("county_officer").get(LIST).content.decode().split("<tfoot")[1].split("</tfoot>")[0]
    assert [f"{machines:,}", f"{power:,.0f}"] == re.findall(r">([\d,]+)</td>", foot)
    assert machines > len(devices)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("verdict=must_replace", lambda each: each.verdict == "must_replace"),
        ("kind=motor&power=37", lambda each: each.kind == "motor" and (each.power_kw or 0) >= 37),
        ("elimination=eliminate", lambda each: each.elimination == "eliminate"),
        ("age=20", lambda each: (each.in_service_year or each.made_year or 9999) <= 2006),
        ("problem=missing", lambda each: each.missing != ""),
        ("problem=unjudged", lambda each: each.verdict == ""),
        ("q=YX3", lambda each: "YX3" in each.model.upper()),
        ("manager=510403", lambda each: False),
        ("age=x&power=y&problem=z", lambda each: True),
    ],
)
def test_filters_find_what_they_say(judged, query, wanted):
    page = judged.client("city_officer").get(f"{LIST}?{query}")
    number = sum(1 for each in all_devices() if wanted(each))
    assert f"共 {number} 条" in text_of(page) if number else "没有符合筛选条件" in text_of(page)


def test_a_device_shows_why_with_document_clause_and_cell(judged):
    device = one(verdict="must_replace")
    page = text_of(judged.client("enterprise_equipment").get(f"{LIST}{device.pk}/"))
    assert "必须淘汰" in page
    assert "淘汰目录" in page
    assert device.identifier in page
    with transaction.atomic(), use_scope(command_scope("test")):
        state = DeviceState.objects.get(device=device)
    assert f"{state.cells['model']} 规格型号" in page
    assert f"第 {state.row} 行" in page


def test_each_finding_opens_its_own_evidence(judged):
    device = one(efficiency="below_limit") or one(service_life="over_age")
    client = judged.client("county_officer")
    page = text_of(client.get(f"{LIST}{device.pk}/?check=service_life"))
    assert "依据 服役年限" in page
    assert client.get(f"{LIST}{device.pk}/?check=no-such").status_code == 200


def test_choices_and_units_are_told_in_words(judged):
    device = one(kind="transformer")
    page = text_of(judged.client("county_officer").get(f"{LIST}{device.pk}/"))
    assert "油浸" in page or "干式" in page
    assert "silicon_steel" not in page
    assert "kVA" in page


def test_the_label_leads_to_the_device(judged):
    device = one()
    answer = judged.client("county_officer").get(reverse("ledger:identified", args=[device.identifier.lower()]))
    assert answer["Location"] == f"{LIST}{device.pk}/"
    assert judged.client("county_officer").get(reverse("ledger:identified", args=["SB0000"])).status_code == 404


def test_the_search_of_the_top_bar_finds_models_and_identifiers(judged):
    device = one(kind="motor")
    client = judged.client("county_officer")
    assert f"{LIST}{device.pk}/" in client.get("/search/", {"q": device.identifier}).content.decode()
    assert f"{LIST}{device.pk}/" in client.get("/search/", {"q": device.model}).content.decode()
    stranger = judged.client("county_officer", west=True)
    assert f"{LIST}{device.pk}/" not in stranger.get("/search/", {"q": device.identifier}).content.decode()


def test_a_device_not_yet_screened_is_judged_on_the_spot(city):
    actor = city.actor("enterprise_equipment")
    line = read_ledger(BOOK).devices.head(1)
    with transaction.atomic(), use_scope(actor.scope):
        take(
            actor, line.with_columns(site=pl.lit(city.east_site.pk), upload=pl.lit(None, pl.Int64)), Reference.load(DAY)
        )
    page = text_of(city.client("enterprise_equipment").get(f"{LIST}{one().pk}/"))
    assert "尚未筛查，以上为即时试算" in page


def test_a_site_that_moves_takes_its_devices_along(judged):
    """The county that manages the site now sees devices, states, findings and runs; the former sees none of it."""
    device = one(verdict="must_replace")
    actor = judged.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        site = Site.objects.get(pk=judged.east_site.pk)
        edit_site(actor, site, {"manager_code": WEST}, site.version)
    here, there = judged.client("county_officer"), judged.client("county_officer", west=True)
    assert here.get(f"{LIST}{device.pk}/").status_code == 404
    page = there.get(f"{LIST}{device.pk}/")
    assert page.status_code == 200
    assert "规则" in text_of(page)
    assert "还没有设备" in here.get(LIST).content.decode()
    with transaction.atomic(), use_scope(judged.actor("county_officer").scope):
        assert [model.objects.count() for model in (Device, DeviceState, Finding, Run)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("role", "sees"), [("enterprise_finance", True), ("county_officer", True), ("dept_officer", False)]
)
def test_what_a_machine_cost_is_told_to_those_who_may_see_money(judged, role, sees):
    device = one()
    with transaction.atomic(), use_scope(command_scope("test")):
        state = DeviceState.objects.get(device=device)
        state.values = {**state.values, "original_value": 1234567.0}
        state.save()
    assert ("1,234,567" in text_of(judged.client(role).get(f"{LIST}{device.pk}/"))) is sees


def test_the_list_by_document_finds_the_devices_that_rest_on_it(judged):
    with transaction.atomic(), use_scope(command_scope("test")):
        document = Finding.objects.exclude(document="").order_by("pk").values_list("document", flat=True).first()
        wanted = Finding.objects.filter(document=document).values("device").distinct().count()
    page = judged.client("county_officer").get(LIST, {"document": document})
    assert f"共 {wanted} 条" in text_of(page)
    assert "<tfoot" in page.content.decode()


def test_the_list_is_exported_with_its_filters_into_a_workbook(judged):
    client = judged.client("county_officer")
    token = re.search(r'name="list" value="([^"]+)"', client.get(f"{LIST}?verdict=must_replace").content.decode())[1]
    client.post("/jobs/export/", {"list": token})
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.order_by("-pk").first()
    assert job.state == "done", job.error
    data = client.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}").getvalue()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    wanted = sum(each.verdict == "must_replace" for each in all_devices())
    assert sum(row[-1] == "必须淘汰" or "必须淘汰" in row for row in rows) == wanted > 0


def test_the_industry_of_the_enterprise_is_known_to_the_two_high_check(judged):
    device = one()
    assert device.industry_code == "3130"
    page = text_of(judged.client("county_officer").get(f"{LIST}{device.pk}/?check=two_high"))
    assert "没有国民经济行业小类代码" not in page
    assert "国民经济行业小类代码 3130" not in page, "not a parameter the ledger states"


def test_ages_are_told_by_name_and_with_their_unit(judged):
    device = one(service_life="over_age")
    page = text_of(judged.client("county_officer").get(f"{LIST}{device.pk}/?check=service_life"))
    assert "age_years" not in page
    assert re.search(r"已用年数 \d+ 年 \d+ 年", page)
