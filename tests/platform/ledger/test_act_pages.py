"""The pages where people answer for devices: ticked in the list, asked, done, taken back."""

from __future__ import annotations

import re

import polars as pl
import pytest
from django.db import transaction
from tests.platform.ledger.conftest import DAY

from jigai.platform.enterprises.models import Line
from jigai.platform.home.todo import todos_for
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Act, Device, DeviceState, OpenLine
from jigai.platform.ledger.taking import take
from jigai.platform.screening.models import Finding, Run
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
MOTORS = {"code": "A1", "name": "电机", "model": "Y132M-4", "quantity": 3, "power_kw": 7.5, "made_year": 1998}
PUMP = {"code": "B1", "name": "离心泵", "model": "IS80-65-160", "quantity": 1, "original_value": 3.2}
KEEPER = "enterprise_equipment"


def seen(model, **filters):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.filter(**filters).order_by("pk"))


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def put(city):
    """Take rows in at the site of the east as the county, as a file of their own."""

    def _put(rows, whole=False, batch="f"):
        actor = city.actor("county_officer")
        lines = pl.DataFrame(
            [{"device_id": f"{batch}-{n}", "source_file": f"{batch}.xlsx", "sheet": "台账", "row": n + 3, **row}
             for n, row in enumerate(rows)],
            infer_schema_length=None,
        ).with_columns(site=pl.lit(city.east_site.pk), upload=pl.lit(None, pl.Int64))  # fmt: skip
        with transaction.atomic(), use_scope(actor.scope):
            take(actor, lines, Reference.load(DAY), {city.east_site.pk} if whole else set())
        return seen(Device)

    return _put


def undo(client, answer):
    """Press the button in the message."""
    acts = re.findall(r'name="act" value="(\d+)"', answer.content.decode())
    return client.post("/devices/acts/undo/", {"act": acts[0]}, follow=True)


def test_ticked_devices_are_recorded_as_dismantled_and_taken_back(city, put):
    motor, pump = put([MOTORS, PUMP])
    client = city.client(KEEPER)
    url = f"/devices/gone/?pick={motor.pk}&pick={pump.pk}"
    assert "2 行设备" in words(client.get(url))
    assert "请填日期" in words(client.post(url, {"what": "dismantled", "record_no": "报废 17"}))
    said = {"what": "dismantled", "on": "2026-10-01", "record_no": "报废 17"}
    answer = client.post(url, said, follow=True)
    assert "已登记 2 行设备的去向" in words(answer)
    assert [one.gone_at is None for one in seen(Device)] == [False, False]
    page = words(client.get(f"/devices/{motor.pk}/"))
    assert "登记已不在" in page
    assert "处置记录 报废 17" in page
    assert "恢复原状" in words(undo(client, answer))
    assert [one.gone_at is None for one in seen(Device)] == [True, True]


def test_a_silent_device_waits_on_the_workbench_and_on_its_page(city, put):
    put([MOTORS, PUMP])
    put([PUMP], whole=True, batch="g")
    client = city.client(KEEPER)
    for role in (KEEPER, "county_officer"):
        actor = city.actor(role)
        with transaction.atomic(), use_scope(actor.scope):
            told = [one for one in todos_for(actor) if "去向" in one.title]
        assert [(one.title, one.subject) for one in told] == [("登记 1 行设备的去向", "东风轧钢有限公司")]
        assert "共 1 条" in words(city.client(role).get(told[0].url))
    motor = seen(Device)[0]
    assert f"/devices/gone/?pick={motor.pk}" in client.get(f"/devices/{motor.pk}/").content.decode()
    still = {"what": "still", "reason": "漏填"}
    assert "已登记" in words(client.post(f"/devices/gone/?pick={motor.pk}", still, follow=True))
    assert seen(Device, silent_since__isnull=False) == []


@pytest.mark.parametrize("page", ["gone", "merge", "labels"])
def test_nothing_ticked_leads_back_and_foreign_devices_are_not_found(city, put, page):
    motor = put([MOTORS])[0]
    assert "勾选" in words(city.client(KEEPER).get(f"/devices/{page}/", follow=True))
    stranger = city.client(KEEPER, west=True)
    assert stranger.get(f"/devices/{page}/?pick={motor.pk}").status_code == 404
    assert stranger.get(f"/devices/{motor.pk}/split/").status_code == 404
    assert stranger.get(f"/devices/{motor.pk}/seen/").status_code == 404


def test_a_line_is_split_on_its_page_and_screened_again(city, put):
    motor = put([MOTORS])[0]
    client = city.client(KEEPER)
    page = client.get(f"/devices/{motor.pk}/split/?count=2").content.decode()
    assert "A1-1\nA1-2</textarea>" in page
    said = {"numbers": "A1-1\r\nA1-2\r\n", "reason": "逐台管理", "version": motor.version}
    answer = client.post(f"/devices/{motor.pk}/split/", said, follow=True)
    assert "已拆出" in words(answer)
    worker.run(once=True)
    assert [(one.code, one.quantity, one.verdict != "") for one in seen(Device)] == [
        ("A1", 1, True),
        ("A1-1", 1, True),
        ("A1-2", 1, True),
    ]
    assert {one.device_id for one in seen(Finding, check_name="elimination")} == {one.pk for one in seen(Device)}
    part = seen(Device)[1]
    assert motor.identifier in words(client.get(f"/devices/{part.pk}/"))
    stale = client.post(f"/devices/{motor.pk}/split/", said)
    assert "改动过" in words(stale)


def test_two_devices_are_merged_with_what_differs_in_sight(city, put):
    one, two = put([{**MOTORS, "quantity": 1}, {**MOTORS, "code": "A-01", "quantity": 1, "maker": "江南电机"}])
    client = city.client(KEEPER)
    url = f"/devices/merge/?pick={one.pk}&pick={two.pk}"
    page = client.get(url).content.decode()
    assert "<mark>A-01</mark>" in page
    assert "<mark>电机</mark>" not in page
    said = {"keep": one.pk, "quantity": "1", "reason": "一台两号", "version": version(page)}
    answer = client.post(url, said, follow=True)
    assert "已合并为一台" in words(answer)
    kept = seen(Device, gone_at=None)
    assert [(each.code, each.maker) for each in kept] == [("A1", "江南电机")], "what it lacked comes from the other"
    undo(client, answer)
    assert [(each.code, each.maker) for each in seen(Device, gone_at=None)] == [("A1", ""), ("A-01", "江南电机")]


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def test_two_people_merge_at_once_and_the_second_is_told(city, put):
    one, two = put([{**MOTORS, "quantity": 1}, {**MOTORS, "code": "A-01", "quantity": 1}])
    first, second = city.client(KEEPER), city.client("county_officer")
    url = f"/devices/merge/?pick={one.pk}&pick={two.pk}"
    drawn = version(second.get(url).content.decode())
    said = {"quantity": "1", "reason": "一台两号", "version": drawn}
    first.post(url, {**said, "keep": one.pk})
    late = second.post(url, {**said, "keep": two.pk}, follow=True)
    assert late.redirect_chain == [("/devices/", 302)]
    assert f"（{two.identifier}）刚刚已被合并或登记了去向" in words(late)
    assert [each.pk for each in seen(Device, gone_at=None)] == [one.pk]
    assert f"（{two.identifier}）刚刚已被合并" in words(second.get(url, follow=True)), "an old list leads here too"


def test_a_merge_drawn_before_somebody_put_a_value_right_is_shown_anew(city, put):
    one, two = put([{**MOTORS, "quantity": 1}, {**MOTORS, "code": "A-01", "quantity": 1}])
    first, second = city.client(KEEPER), city.client("county_officer")
    url = f"/devices/merge/?pick={one.pk}&pick={two.pk}"
    said = {"keep": one.pk, "quantity": "1", "reason": "一台两号", "version": version(second.get(url).content.decode())}
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', first.get(f"/devices/{two.pk}/edit/").content.decode()))
    typed.pop("csrfmiddlewaretoken")
    put_right = first.post(f"/devices/{two.pk}/edit/", typed | {"location": "二号泵房", "reason": "现场核对"})
    assert put_right.status_code == 302
    stale = second.post(url, said)
    assert stale.status_code == 422
    assert "改动过" in words(stale)
    assert "<mark>二号泵房</mark>" in stale.content.decode(), "what changed is in sight before one goes on"
    again = second.post(url, said | {"version": version(stale.content.decode())}, follow=True)
    assert "已合并为一台" in words(again)
    assert [each.location for each in seen(Device, gone_at=None)] == ["二号泵房"]


def test_values_are_put_right_with_the_reason_and_the_rest_stays(city, put):
    pump = put([PUMP])[0]
    client = city.client(KEEPER)
    url = f"/devices/{pump.pk}/edit/"
    page = client.get(url).content.decode()
    assert "original_value" not in page, "who may not see money does not type it either"
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    typed.pop("csrfmiddlewaretoken")
    said = typed | {"power_kw": "７.5", "made_year": "2003", "location": "泵房"}
    assert "没有填写" in words(client.post(url, said))
    assert "不是数字" in words(client.post(url, said | {"power_kw": "七", "reason": "x"}))
    answer = client.post(url, said | {"reason": "现场核对铭牌"}, follow=True)
    assert "已更正" in words(answer)
    state = seen(DeviceState, device=pump)[-1]
    assert (state.how, state.reason) == ("edit", "现场核对铭牌")
    wanted = {"power_kw": 7.5, "made_year": 2003, "location": "泵房", "original_value": 3.2, "quantity": 1}
    assert {name: state.values[name] for name in wanted} == wanted
    assert "功率" in words(client.get(f"/devices/{pump.pk}/"))
    assert [one.state for one in seen(Run)] == ["waiting"], "the findings in force follow by a run"
    undo(client, answer)
    assert "power_kw" not in seen(DeviceState, device=pump)[-1].values
    assert len(seen(Run)) == 1, "a run that waits anyway will do"


def test_a_device_is_put_on_its_production_line_and_taken_off_again(city, put):
    pump = put([PUMP])[0]
    with transaction.atomic(), use_scope(command_scope("test")):
        line = Line.objects.create(name="2#线", product="钢材", **city.east_site.scope_columns())
        foreign = Line.objects.create(name="西线", product="水泥", **city.west_site.scope_columns())
    client = city.client(KEEPER)
    answer = client.post(f"/devices/{pump.pk}/line/", {"line": line.pk}, follow=True)
    assert seen(Device)[0].line_id == line.pk
    assert client.post(f"/devices/{pump.pk}/line/", {"line": foreign.pk}).status_code == 404
    token = re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]
    client.post("/undo/", {"token": token})
    assert seen(Device)[0].line_id is None


def test_who_only_looks_is_offered_nothing_to_change(city, put):
    motor = put([MOTORS])[0]
    client = city.client("auditor")
    page = client.get(f"/devices/{motor.pk}/").content.decode()
    assert "/edit/" not in page
    assert "/devices/gone/" not in client.get("/devices/").content.decode()
    for url in (f"/devices/{motor.pk}/edit/", f"/devices/gone/?pick={motor.pk}", "/devices/claims/"):
        assert client.get(url).status_code == 403


# ── lines to claim ──


@pytest.fixture
def asked(put):
    """Two lines that bear the numbers of other machines."""
    put([MOTORS, PUMP])
    other = {"name": "空压机", "model": "L-20/8", "quantity": 1, "made_year": 2011}
    put([{**other, "code": "A1"}, {**other, "code": "B1", "location": "空压站"}], batch="g")
    return seen(OpenLine)


def test_a_line_stands_beside_its_candidate_and_is_claimed_by_one_click(city, asked):
    client = city.client(KEEPER)
    assert "2 行等您认领" in words(client.get("/devices/claims/?state=open"))
    line = asked[0]
    page = client.get(f"/devices/claims/{line.pk}/").content.decode()
    assert "<mark>L-20/8</mark>" in page
    assert f'value="{line.candidates[0]}"' in page
    answer = client.post(f"/devices/claims/{line.pk}/answer/", {"device": line.candidates[0]}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/devices/claims/{asked[1].pk}/", "the next one is shown at once"
    assert seen(Device, pk=line.candidates[0])[0].model == "L-20/8"
    undo(client, answer)
    assert seen(OpenLine, settled_at=None) == asked
    assert "请选是哪一台" in words(client.post(f"/devices/claims/{line.pk}/answer/", {"device": "x"}, follow=True))


def test_many_lines_get_the_same_answer(city, asked):
    client = city.client(KEEPER)
    picks = [one.pk for one in asked]
    answer = client.post("/devices/claims/many/", {"pick": picks, "as": "new"}, follow=True)
    assert "2 行已作为新设备入库" in words(answer)
    assert len(seen(Device)) == 4
    undo(client, answer)
    client.post("/devices/claims/many/", {"pick": picks, "as": "only"})
    assert [one.settled_id for one in seen(OpenLine)] == [one.candidates[0] for one in asked]
    settled = words(client.get("/devices/claims/?state=settled"))
    assert "共 2 条" in settled
    assert "已认领" in settled


def test_lines_that_are_not_ours_say_why_and_can_be_taken_back(city, asked):
    client = city.client(KEEPER)
    url = "/devices/claims/not-ours/?" + "&".join(f"pick={one.pk}" for one in asked)
    answer = client.post(url, {"reason": "租赁设备"}, follow=True)
    assert "2 行已登记为不是本厂设备" in words(answer)
    assert "租赁设备" in words(client.get(f"/devices/claims/{asked[0].pk}/"))
    assert "撤销" in words(client.get(f"/devices/claims/{asked[0].pk}/"))
    undo(client, answer)
    assert len(seen(OpenLine, settled_at=None)) == 2


def test_lines_wait_on_the_workbench_of_whom_they_concern_alone(city, asked):
    for role, west, wanted in (
        (KEEPER, False, 1),
        ("city_officer", False, 1),
        (KEEPER, True, 0),
        ("auditor", False, 0),
    ):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            assert len([one for one in todos_for(actor) if "认领" in one.title]) == wanted
    assert city.client(KEEPER, west=True).get(f"/devices/claims/{asked[0].pk}/").status_code == 404
    assert seen(Act) == []


# ── the enterprise's page, and who sees a device ──


def test_the_enterprise_shows_its_devices_by_verdict_with_links(city, put):
    put([MOTORS, PUMP])
    client = city.client("county_officer")
    page = client.get(f"/enterprises/{city.east_enterprise.pk}/").content.decode()
    row = re.search(r"尚未筛查.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r">([\d,]+)<", row) == ["2", "4", "22"], "lines, machines, kW weighted by quantity"
    url = re.search(r'href="(/devices/\?enterprise=[^"]+unjudged)"', row)[1].replace("&amp;", "&")
    assert "共 2 条" in words(client.get(url))
    west = city.client("city_officer").get(f"/enterprises/{city.west_enterprise.pk}/")
    assert "还没有设备台账" in words(west)


def test_who_sees_a_device_is_asked_of_the_walls(city, put):
    motor = put([MOTORS])[0]
    page = city.client(KEEPER).get(f"/devices/{motor.pk}/seen/").content.decode()
    rows = re.findall(r"<tr><td>([^<]+)</td><td>([^<]+)</td><td class=\"n\">(\d+)</td>.*?<td>([^<]+)</td></tr>", page)
    told = {(organisation, role): hidden for organisation, role, _people, hidden in rows}
    assert ("东风轧钢有限公司", "企业设备管理") in told
    assert not any(organisation.startswith("西山") for organisation, _role in told)
    assert not any("510403" in organisation for organisation, _role in told if "bureau" in organisation)
    assert told["东风轧钢有限公司", "企业财务"] == "—"
    assert "原值" in told["东风轧钢有限公司", "企业设备管理"]
    for (_organisation, role), _hidden in told.items():
        assert role not in ("银行", "供应商", "专家", "系统管理员")
