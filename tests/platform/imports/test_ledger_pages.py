"""The pages of the wizard as a person clicks through them: paste, suggestions, undo, drafts, to-dos, filters."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from tests.platform.imports.conftest import book

from jigai.ledger.columns import attribute
from jigai.platform.home.todo import todos_for
from jigai.platform.imports import pasted
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.suggesting import suggestion
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

HEAD = ["设备名称", "规格型号", "效率(%)", "数量", "出厂年份"]
ROWS = [HEAD, ["水泵电机", "Y132M-4", 0.875, 2, "20l5"], ["天车", "QD20/5t", "", "二或三", 1995]]
NEW = "/imports/new/ledger/"


def send(client, rows=ROWS, name="台账.xlsx", **more):
    file = SimpleUploadedFile(name, book(rows, "台账"))
    return client.post(NEW, {"file": file, "whole": "on", **more}, follow=True)


def upload():
    return Upload.unscoped.latest("pk")


def post(client, what, **form):
    one = upload()
    return client.post(f"/imports/{one.pk}/{what}/", {"version": one.version, **form}, follow=True).content.decode()


def todos(actor):
    with transaction.atomic(), use_scope(actor.scope):
        return [(one.title, one.detail, one.url) for one in todos_for(actor) if one.source == "导入"]


def test_pasted_cells_are_the_sheet_they_were(city):
    client = city.client("enterprise_equipment")
    text = '设备名称\t规格型号\t数量\r\n"1号\n循环泵"\tIS80-65-160\t1\r\n"说 ""甲"" 泵"\t2Sh-6\t2\r\n'
    page = client.post(NEW, {"pasted": text, "whole": "on"}, follow=True).content.decode()
    assert "说 &quot;甲&quot; 泵" in page
    one = upload()
    assert (one.format, one.summary["good"], one.file_name[:5], one.file_name[-4:]) == ("text", 2, "粘贴的表格", ".tsv")
    assert client.get(f"/imports/{one.pk}/marked/").status_code == 200


@pytest.mark.parametrize(("text", "why"), [("", "请选择文件"), (" \n", "请选择文件"), ("一格", "没有分列")])
def test_what_is_no_table_is_not_taken_for_one(city, text, why):
    with pytest.raises(ImportRefusedError, match=why):
        pasted.as_file(text, timezone.now())
    answer = city.client("enterprise_equipment").post(NEW, {"pasted": text})
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_what_a_cell_was_meant_to_say_is_offered_taken_over_and_taken_back(city):
    client = city.client("enterprise_equipment")
    page = send(client).content.decode()
    assert "改为 87.5" in page
    assert "改为 2015" in page
    assert "采纳 2 条建议" in page
    assert "已采纳 2 条建议" in post(client, "cell", suggested="1")
    assert upload().corrections == {"台账": {"C2": "87.5", "E2": "2015"}}
    assert upload().summary["questions"] == 0
    assert "已恢复原样" in post(client, "take-back", sheet="台账", cell="C2")
    assert "改正都已撤销" in post(client, "take-back", all="1")
    assert "没有改过" in post(client, "take-back", all="1")


@pytest.mark.parametrize(
    ("code", "raw", "name", "wanted"),
    [
        ("fraction_in_percent", "0.917", "efficiency_pct", "91.7"),
        ("not_a_year", "2O15", "made_year", "2015"),
        ("not_a_number", "l5", "power_kw", "15"),
        ("not_a_number", "很大", "power_kw", ""),
        ("out_of_range", "-5", "power_kw", ""),
        ("not_a_choice", "O", "use_state", ""),
    ],
)
def test_only_what_then_reads_without_a_word_is_suggested(code, raw, name, wanted):
    assert suggestion(code, raw, attribute(name)) == wanted


def test_a_file_left_alone_waits_on_the_workbench_until_it_is_done(city):
    keeper, head = city.actor("enterprise_equipment"), city.actor("enterprise_head")
    client = city.client("enterprise_equipment")
    send(client)
    (todo,) = todos(keeper)
    assert todo == ("核对上传的文件：台账.xlsx", "1 行可入库，1 行留存", f"/imports/{upload().pk}/")
    assert todos(head) == [todo], "it is the enterprise's, so the others see it waits"
    assert todos(city.actor("county_officer")) == []
    post(client, "accept")
    worker.run(once=True)
    assert [one[0] for one in todos(keeper)] == ["补正留存的行：台账.xlsx"]
    post(client, "cell", sheet="台账", cell="D3", text="2")
    post(client, "accept")
    worker.run(once=True)
    assert todos(keeper) == []


def test_the_figures_of_a_result_open_their_devices(city):
    client = city.client("enterprise_equipment")
    send(client)
    post(client, "accept")
    worker.run(once=True)
    worker.run(once=True)
    first = upload()
    page = client.get(f"/imports/{first.pk}/").content.decode()
    assert f"/devices/?upload={first.pk}.new" in page
    assert "先改 1 行未入库的" in page
    send(client, [HEAD, ["风机", "4-72-4A", "", 1, 2015]], "新.xlsx")
    assert "没有写到已登记的 1 台中的 1 台" in client.get(f"/imports/{upload().pk}/").content.decode()
    post(client, "accept")
    worker.run(once=True)
    second = upload()
    motor, fan = Device.unscoped.order_by("pk")

    def listed(what):
        body = client.get(f"/devices/?upload={what}").content.decode()
        return [one.pk for one in (motor, fan) if f"/devices/{one.pk}/" in body]

    assert listed(f"{second.pk}.new") == [fan.pk]
    assert listed(f"{second.pk}.silent") == [motor.pk]
    assert listed(f"{second.pk}.site") == [motor.pk, fan.pk]
    assert listed(f"{first.pk}.new") == [motor.pk]
    assert listed(f"{first.pk}.changed") == []
    assert listed("nonsense") == listed("99999999999999999999.new") == []
    stranger = city.client("county_officer", west=True)
    assert f"/devices/{fan.pk}/" not in stranger.get(f"/devices/?upload={second.pk}.new").content.decode()


def test_a_corrected_file_is_handed_in_from_the_page_and_can_be_set_apart(city):
    client = city.client("enterprise_equipment")
    send(client)
    better = SimpleUploadedFile("改好.xlsx", book([*ROWS[:2], [*ROWS[2][:3], 3, 1995]], "台账"))
    page = post(client, "draft", file=better)
    assert "已换成改后的文件" in page
    assert "第 2 稿" in page
    assert upload().summary["held"] == 0
    former = client.get(f"/imports/{upload().pk}/original/?draft=0")
    assert former.content == book(ROWS, "台账")
    assert client.get(f"/imports/{upload().pk}/original/?draft=1").status_code == 404
    assert "请选择改好的文件" in post(client, "draft")
    number = upload().pk
    assert "已另作一份" in post(client, "apart")
    assert upload().pk != number
    assert "没有上一稿" in post(client, "apart")


def test_a_file_sent_again_leads_to_the_one_that_waits(city):
    client = city.client("enterprise_equipment")
    send(client)
    number = upload().pk
    assert "不用再传" in send(client).content.decode()
    assert upload().pk == number


def test_whose_it_is_is_said_on_the_page_and_wrong_answers_are_told(city):
    client = city.client("city_officer")
    send(client)
    assert "请先选定这是哪个厂区的台账" in client.get(f"/imports/{upload().pk}/").content.decode()
    assert "没有叫“无此厂”的厂区" in post(client, "about", site="无此厂")
    page = post(client, "about", site=str(city.west_site.pk), whole="on")
    assert "已确认" in page
    assert upload().site_id == city.west_site.pk
    assert client.post(NEW, {"pasted": "a\tb", "site": "无此厂"}).status_code == 422
    aside = post(client, "withdraw")
    assert "已作废" in aside
    assert "入库后会怎样" in post(client, "reopen")


def test_an_upload_moves_with_its_site(city):
    from jigai.platform.enterprises.moving import move

    client = city.client("enterprise_equipment")
    send(client)
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        site = type(city.east_site).objects.get(pk=city.east_site.pk)
        old = type(city.east_site).objects.get(pk=city.east_site.pk)
        site.manager_code = city.west_site.manager_code
        site.save()
        move(actor, old, site)
    assert upload().manager_code == city.west_site.manager_code
    assert city.client("county_officer", west=True).get(f"/imports/{upload().pk}/").status_code == 200
    assert city.client("county_officer").get(f"/imports/{upload().pk}/").status_code == 404
