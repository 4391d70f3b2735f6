"""One device typed in: asked by its kind, its plate read while one types, saved once, like ones told."""

from __future__ import annotations

import pytest
from django.db import transaction

from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

TYPED = {
    "name": "1号风机电机", "model": "Y132M-4", "quantity": "2", "use_state": "在用", "made_year": "1998",
    "code": "A1", "power_kw": "7.5", "once": "k1",
}  # fmt: skip


def address(city, kind="motor", site=None, read=False):
    return f"/devices/add/{(site or city.east_site).pk}/{kind}/{'read/' if read else ''}"


def everything(model):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.order_by("pk"))


def test_the_kind_comes_first_and_only_what_matters_for_it_is_asked(city):
    client = city.client("enterprise_equipment")
    first = client.get("/devices/add/").content.decode()
    assert "变压器" in first
    assert 'name="site"' not in first, "there is one site to choose from"
    answer = client.get("/devices/add/?kind=transformer")
    assert answer.url == address(city, "transformer")
    asked = client.get(answer.url).content.decode()
    assert 'name="capacity_kva"' in asked
    assert 'name="poles"' not in asked
    motor = client.get(address(city)).content.decode()
    assert 'name="poles"' in motor
    assert 'name="capacity_kva"' not in motor
    assert 'name="original_value"' not in motor


def test_who_has_several_sites_chooses_one_first(city):
    client = city.client("city_officer")
    assert "请先选择厂区" in client.get("/devices/add/?kind=motor").content.decode()
    answer = client.get("/devices/add/", {"kind": "motor", "site": "西山水泥有限公司"})
    assert answer.url == address(city, site=city.west_site)
    assert client.get("/devices/add/?kind=nonsense&site=1").status_code in {200, 404}
    assert client.get(address(city, "nonsense")).status_code == 404


def test_the_plate_is_read_and_the_verdict_shown_while_one_types(city):
    client = city.client("enterprise_equipment")
    empty = client.post(address(city, read=True), {"model": ""}).content.decode()
    assert "填了型号" in empty
    told = client.post(address(city, read=True), {"name": "电机", "model": "Y132M-4"}).content.decode()
    assert "电动机" in told
    assert "7.5 kW" in told
    assert "Y132M-4" in told
    old = client.post(address(city, "transformer", read=True), {"name": "变压器", "model": "S7-200/10"})
    assert "必须淘汰" in old.content.decode()
    other = {"name": "变压器", "model": "S7-200/10", "capacity_kva": "500"}
    clash = client.post(address(city, "transformer", read=True), other)
    assert "请核对铭牌" in clash.content.decode()
    assert "填了型号" in client.get(address(city, read=True)).content.decode()


def test_it_is_saved_as_a_state_judged_and_once_however_often_it_is_sent(city):
    client = city.client("enterprise_equipment")
    answer = client.post(address(city), TYPED)
    (device,) = everything(Device)
    assert answer.url == f"/devices/{device.pk}/"
    (state,) = everything(DeviceState)
    assert (state.how, state.values["quantity"], state.values["power_kw"], state.upload_id) == ("entry", 2, 7.5, None)
    assert (device.kind, device.site_id, device.code) == ("motor", city.east_site.pk, "A1")
    assert client.post(address(city), TYPED).url == answer.url
    assert len(everything(Device)) == 1
    worker.run(once=True)
    assert everything(Device)[0].verdict
    more = client.post(address(city), TYPED | {"code": "A2", "once": "k2", "next": "1"})
    assert more.url == "/devices/add/"


def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_saved(city):
    client = city.client("enterprise_equipment")
    answer = client.post(address(city), TYPED | {"power_kw": "很大", "made_year": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 处要改" in page
    assert "很大" in page, "what was typed is still there"
    assert everything(Device) == []


def test_one_like_it_is_told_before_another_is_added(city):
    client = city.client("enterprise_equipment")
    client.post(address(city), TYPED)
    (known,) = everything(Device)
    warned = client.post(address(city, read=True), TYPED).content.decode()
    assert f"/devices/{known.pk}/" in warned
    again = client.post(address(city), TYPED | {"once": "k2"})
    assert again.status_code == 422
    assert "是另一台" in again.content.decode()
    assert len(everything(Device)) == 1
    client.post(address(city), TYPED | {"once": "k3", "another": "on"})
    assert len(everything(Device)) == 2


def test_nobody_types_devices_into_a_site_out_of_sight(city):
    client = city.client("county_officer")
    for read in (False, True):
        assert client.post(address(city, site=city.west_site, read=read), TYPED).status_code == 404
    assert city.client("auditor").get("/devices/add/").status_code == 403
    assert everything(Device) == []


def test_money_is_asked_of_those_who_may_see_it(city):
    page = city.client("enterprise_head").get(address(city)).content.decode()
    assert "铭牌识读" in page
    sneaked = city.client("enterprise_equipment").post(address(city), TYPED | {"original_value": "99"})
    assert sneaked.status_code == 302
    assert "original_value" not in everything(DeviceState)[0].values
