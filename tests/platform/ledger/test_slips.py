"""Return slips of a bulk: one table, sent at once, seen, answered; and a bulk taken back as far as it can be."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.db import transaction
from tests.platform.ledger import test_wizard as wizard
from tests.platform.ledger.test_act_pages import seen, words
from tests.platform.ledger.test_bulk import SAMPLES, everything, files_of, fresh, ledger, send, take_in

from jigai.ledger import read_ledger
from jigai.platform.home.todo import todos_for
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Act, Device, DeviceState, OpenLine, ReturnSlip
from jigai.platform.notices.models import Notice
from jigai.platform.walls.scope import command_scope, use_scope

__all__ = ["send"]

pytestmark = pytest.mark.django_db(transaction=True)
BAD = (SAMPLES / "bad_cells.xlsx").read_bytes()
BROKEN = (SAMPLES / "bad_truncated.xlsx").read_bytes()
GOOD = ledger("东风轧钢有限公司", "电机,Y132M-4,2,1998", "水泵,IS80-65-160,1,2003")


@pytest.fixture
def bulk(city, send):
    """A bulk with a bad workbook and a broken one of the east, and one of nobody; the first is taken in."""
    made = send(("东风轧钢有限公司台账.xlsx", BAD), ("东风轧钢有限公司.xlsx", BROKEN), ("无名.xlsx", BROKEN))
    return take_in(city, made)


def post_slips(city, bulk, **said):
    client = city.client("city_officer")
    answer = client.post(f"/devices/bulk/{bulk.pk}/slips/send/", said, follow=True)
    worker.run(once=True)
    return client, answer


def rows(answer):
    """Return what stands in the rows of a list, in words."""
    table = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", table).split())


def test_the_table_says_whom_each_goes_to_and_what_is_wanted(city, bulk):
    page = words(city.client("city_officer").get(f"/devices/bulk/{bulk.pk}/slips/"))
    row = re.search(r"东风轧钢有限公司 东风轧钢有限公司主厂区 东风轧钢有限公司台账.xlsx (\S+).*?请(改正|回答)", page)
    assert row
    assert "企业设备管理" in row[1]
    assert "没有归属" in page
    assert "发出 2 份" in page


def test_slips_reach_the_enterprise_with_its_marked_copy(city, bulk):
    post_slips(city, bulk, send="1")
    slips = seen(ReturnSlip)
    assert [one.file_name for one in slips] == ["东风轧钢有限公司台账.xlsx", "东风轧钢有限公司.xlsx"]
    told = seen(Notice, kind="fact")
    assert {one.title for one in told} == {f"台账退回：{one.file_name}" for one in slips}
    assert {one.user.username for one in told} == {"enterprise_equipment_510402", "enterprise_head_510402"}
    client = city.client("enterprise_equipment")
    actor = city.actor("enterprise_equipment")
    with transaction.atomic(), use_scope(actor.scope):
        todo = next(one for one in todos_for(actor) if one.url == f"/devices/slips/{slips[0].pk}/")
    assert todo.detail == slips[0].wanted
    assert "改正" in words(client.get(todo.url))
    data = b"".join(client.get(f"{todo.url}file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == ["东风轧钢有限公司台账.xlsx", "东风轧钢有限公司台账.xlsx.清单.xlsx"] or len(names) == 2
        copy = archive.read(names[0])
    with zipfile.ZipFile(io.BytesIO(copy)) as book:
        assert any("comments" in name for name in book.namelist()), "the marked copy carries notes"
    assert (
        read_ledger(copy, source_file="x.xlsx").devices.height == read_ledger(BAD, source_file="x.xlsx").devices.height
    )
    assert city.client("enterprise_equipment", west=True).get(todo.url).status_code == 404


def test_the_table_shows_sent_seen_and_answered(city, bulk, send):
    clerk, _answer = post_slips(city, bulk, send="1")
    table = f"/devices/bulk/{bulk.pk}/slips/"
    assert rows(clerk.get(table)).count("已发 ") == 2
    slip = seen(ReturnSlip)[0]
    clerk.get(f"/devices/slips/{slip.pk}/")
    assert seen(ReturnSlip)[0].seen_at is None, "the office's own look does not count"
    city.client("enterprise_head").get(f"/devices/slips/{slip.pk}/")
    assert "已看 enterprise_head_510402" in rows(clerk.get(table))
    take_in(city, send(("东风.csv", GOOD), role="county_officer"), role="county_officer")
    assert [one.answered_at is not None for one in seen(ReturnSlip)] == [True, True]
    assert rows(clerk.get(table)).count("已重报") == 2
    assert "不用再办" in words(city.client("enterprise_head").get(f"/devices/slips/{slip.pk}/"))
    assert "共 2 条" in words(clerk.get("/devices/slips/?state=answered"))


def test_a_ledger_of_the_wizard_answers_the_slips_of_its_site(city, bulk):
    post_slips(city, bulk, send="1")
    keeper = city.actor("enterprise_equipment")
    upload = wizard.hand_in(keeper, wizard.ledger(wizard.MOTOR))
    assert {one.answered_at for one in everything(ReturnSlip)} == {None}
    wizard.accept(keeper, upload)
    assert all(one.answered_at for one in everything(ReturnSlip) if one.site_id == city.east_site.pk)


def test_packing_alone_sends_nothing_and_holds_a_folder_for_each_file(city, bulk):
    clerk, _answer = post_slips(city, bulk)
    assert seen(ReturnSlip) == []
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(kind="ledger.slips")
    assert job.state == "done", job.error
    data = clerk.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}").getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        folders = sorted({name.split("/")[0] for name in archive.namelist()})
    assert folders == ["001_东风轧钢有限公司", "002_东风轧钢有限公司", "003_没有归属"]


def test_sending_again_doubles_no_slip_and_tells_nobody_twice(city, bulk):
    post_slips(city, bulk, send="1")
    post_slips(city, bulk, send="1")
    assert len(seen(ReturnSlip)) == 2
    assert len(seen(Notice, kind="fact")) == 4


def test_a_bulk_without_problems_has_no_slips(city, send):
    made = send(("东风.csv", GOOD))
    page = city.client("city_officer")
    assert "没有要退回的问题" in words(page.get(f"/devices/bulk/{made.pk}/slips/"))
    assert "没有要退回的问题" in words(page.post(f"/devices/bulk/{made.pk}/slips/send/", {"send": "1"}, follow=True))


# ── taking a bulk back ──

HEAD = "填报单位：东风轧钢有限公司\n设备编号,设备名称,规格型号,数量,出厂年份\n"
FIRST = "A1,电机,Y132M-4,2,1998\nB1,水泵,IS80-65-160,1,2003\nC1,车床,C620-1,1,1980\n"
LATER = "A1,电机,Y132M-4,3,1998\nB1,空压机,L-20/8,1,2011\nD1,风机,4-72-12C,1,1990\n"


@pytest.fixture
def two(city, send):
    """A first ledger, and a second that changes one device, adds one, asks about one, and silences one."""
    take_in(city, send(("甲.csv", (HEAD + FIRST).encode("gb18030"))))
    second = take_in(city, send(("乙.csv", (HEAD + LATER).encode("gb18030"))))
    return second


def take_back(city, bulk, reason="交错了文件"):
    client = city.client("city_officer")
    url = f"/devices/bulk/{bulk.pk}/undo/"
    version = re.search(r'name="version" value="(\d+)"', client.get(url).content.decode())[1]
    answer = client.post(url, {"reason": reason, "version": version}, follow=True)
    worker.run(once=True)
    worker.run(once=True)
    return client, answer


def test_a_bulk_taken_back_leaves_things_as_they_were(city, two):
    assert [(one.code, one.quantity, one.silent_since is not None) for one in everything(Device)] == [
        ("A1", 3, False),
        ("B1", 1, False),
        ("C1", 1, True),
        ("D1", 1, False),
    ]
    assert len(seen(OpenLine, settled_at=None)) == 1
    client, answer = take_back(city, two)
    assert "已开始撤销" in words(answer)
    assert [(one.code, one.quantity, one.silent_since) for one in seen(Device, gone_at=None)] == [
        ("A1", 2, None),
        ("B1", 1, None),
        ("C1", 1, None),
    ]
    assert seen(OpenLine, settled_at=None) == []
    assert fresh(two).state == "undone"
    assert files_of(two)["乙.csv"].state == "undone"
    assert [one.how for one in seen(DeviceState, device__code="A1")] == ["upload", "upload", "back"]
    page = words(client.get(f"/devices/bulk/{two.pk}/"))
    assert "已撤销" in page
    assert "没有动" not in page
    motor = seen(Device, code="A1")[0]
    assert motor.verdict != "", "the sites are screened again"


def test_what_was_said_since_stays_and_is_named(city, two):
    added = seen(Device, code="D1")[0]
    keeper = city.client("enterprise_equipment")
    keeper.post(f"/devices/gone/?pick={added.pk}", {"what": "still", "reason": "在用"})
    with transaction.atomic(), use_scope(command_scope("test")):
        Device.objects.filter(code="A1").update(held=True)
    client, _answer = take_back(city, two)
    assert [(one.code, one.quantity) for one in seen(Device, gone_at=None)] == [
        ("A1", 2),
        ("B1", 1),
        ("C1", 1),
        ("D1", 1),
    ]
    page = words(client.get(f"/devices/bulk/{two.pk}/"))
    assert "1 台没有动" in page
    assert f"{added.identifier}：之后又有登记或上报" in page


def test_a_bulk_is_taken_back_once_with_a_reason_and_by_whom_it_concerns(city, two):
    client = city.client("city_officer")
    url = f"/devices/bulk/{two.pk}/undo/"
    version = re.search(r'name="version" value="(\d+)"', client.get(url).content.decode())[1]
    assert "没有填写" in words(client.post(url, {"reason": "", "version": version}))
    assert city.client("enterprise_equipment", west=True).get(url).status_code == 404
    assert "改动过" in words(client.post(url, {"reason": "x", "version": "0"}))
    part = seen(Act, bulk=two)[0]
    assert "撤销这一批" in words(client.post("/devices/acts/undo/", {"act": part.pk}, follow=True))
    take_back(city, two)
    version = re.search(r'name="version" value="(\d+)"', client.get(url).content.decode())[1]
    assert "没有已入库" in words(client.post(url, {"reason": "x", "version": version}))
    assert all(one.undone_at for one in seen(Act, bulk=two))
