"""The slips of a bulk of hundreds of files: by pages, the numbers and the button over all of them."""

from __future__ import annotations

import re

import pytest
import python_calamine
from django.db import transaction
from django.utils import timezone
from tests.platform.ledger.test_slips import rows

from jigai.platform.jobs import files, worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Bulk, BulkFile, ReturnSlip
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web.listing import PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MANY = 2 * PAGE + 20
NOBODY = 7
SEND = re.compile(r'data-confirm="([^"]+)"')


@pytest.fixture
def bulk(city):
    """A bulk of the city: many bad files of the east, seven of nobody, and good ones that nobody is asked about."""
    with transaction.atomic(), use_scope(command_scope("test")):
        made = Bulk.objects.create(state="open", sent_by="x")
        common = {"bulk": made, "content_hash": "0" * 64, "state": "read"}
        for number in range(MANY):
            site = None if number < NOBODY else city.east_site
            BulkFile.objects.create(file_name=f"台账{number:03}.xlsx", errors=1, for_site=site, **common)
        BulkFile.objects.create(file_name="好的.xlsx", for_site=city.east_site, **common)
        BulkFile.objects.create(file_name="跳过.xlsx", errors=1, **common | {"state": "skipped"})
    return made


@pytest.fixture
def sent(bulk, city):
    """Slips went out for the last three: one sent, one seen, one answered."""
    now = timezone.now()
    with transaction.atomic(), use_scope(command_scope("test")):
        last = BulkFile.objects.filter(bulk=bulk, errors=1).exclude(state="skipped").order_by("-pk")[:3]
        for file, more in zip(last, ({}, {"seen_at": now, "seen_by": "张三"}, {"answered_at": now}), strict=True):
            said = {"file_name": file.file_name, "content_hash": "0" * 64, "wanted": "改", "sent_by": "x", "told": 4}
            ReturnSlip.objects.create(file=file, sent_at=now, **said, **more, **city.east_site.scope_columns())
    return bulk


def url(bulk, query=""):
    return f"/devices/bulk/{bulk.pk}/slips/{query}"


def named(answer):
    return re.findall(r"台账\d{3}\.xlsx|好的|跳过", rows(answer))


def walk(client, address):
    pages, answer = [], client.get(address)
    while True:
        pages.append(named(answer))
        found = re.search(r'href="([^"]+)"[^>]*>下一页', answer.content.decode())
        if not found:
            return pages
        answer = client.get(found[1].replace("&amp;", "&"))


@pytest.mark.parametrize("query", ["?all=1", "?sort=file_name", "?sort=for_site__enterprise_name"])
def test_every_file_with_a_problem_stands_once_on_its_pages(city, bulk, query):
    pages = walk(city.client("city_officer"), url(bulk, query))
    assert [len(page) for page in pages] == [PAGE, PAGE, MANY - 2 * PAGE]
    assert sorted(name for page in pages for name in page) == [f"台账{number:03}.xlsx" for number in range(MANY)]


def test_numbers_and_button_are_of_all_whatever_page_or_filter(city, sent):
    client = city.client("city_officer")
    answer = client.get(url(sent, "?state=nobody"))
    assert len(named(answer)) == NOBODY
    page = answer.content.decode()
    assert f"{MANY} 个文件有问题，已发出 3 份" in page
    assert f'<b class="fg-ok">{MANY - NOBODY}</b>份可发' in page
    assert f'<b class="fg-stop">{NOBODY}</b>个没有归属' in page
    assert SEND.findall(page) == [f"把 {MANY - NOBODY} 份退回单发到各企业的通知里？"]
    client.post(f"{url(sent)}send/", {"send": "1"})
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(kind="ledger.slips")
    assert len(job.arguments["files"]) == MANY, "not those of the page alone"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("open", MANY - NOBODY - 3),
        ("nobody", NOBODY),
        ("sent", 1),
        ("seen", 1),
        ("answered", 1),
        ("no such state", MANY),
    ],
)
def test_it_is_narrowed_by_how_far_each_is(city, sent, state, shown):
    page = city.client("city_officer").get(url(sent, f"?state={state}")).content.decode()
    assert f"共 {shown} 条" in page


def test_a_row_says_how_far_it_is_and_what_comes_next(city, sent):
    client = city.client("city_officer")
    day = timezone.localdate().isoformat()
    assert f"已发 {day} 通知 4 人 下载" in rows(client.get(url(sent, "?state=sent")))
    assert f"已看 张三 {day} 下载" in rows(client.get(url(sent, "?state=seen")))
    assert f"已重报 {day} 下载" in rows(client.get(url(sent, "?state=answered")))
    nobody = client.get(url(sent, "?state=nobody"))
    assert rows(nobody).count("没有归属 先选企业") == NOBODY
    assert f'href="/devices/bulk/{sent.pk}/">先选企业' in nobody.content.decode()
    assert "企业设备管理" in rows(client.get(url(sent, "?q=台账050")))
    assert named(client.get(url(sent, "?q=东风"))) == [f"台账{NOBODY + number:03}.xlsx" for number in range(PAGE)]


def test_an_enterprise_without_account_is_told_by_hand(city, bulk):
    with transaction.atomic(), use_scope(command_scope("test")):
        city.east_enterprise.org.memberships.update(active=False)
    assert "没有账号，请下载后转交" in rows(city.client("city_officer").get(url(bulk, "?state=open")))


def test_the_workbook_holds_them_all(city, sent):
    client = city.client("city_officer")
    client.post("/jobs/export/", {"list": client.get(url(sent)).context["listing"].export_token})
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(kind="list.export")
    assert job.state == "done", job.error
    path = files.folder(job.pk) / job.result["files"][0]["name"]
    table = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert table[0][0] == f"退回单：{sent}"
    assert "办理" not in table[2]
    assert len(table) == 3 + MANY
    assert "企业负责人、企业设备管理" in table[-1]


def test_only_those_who_see_the_bulk_see_its_slips(city, sent):
    assert city.client("enterprise_equipment", west=True).get(url(sent)).status_code == 404
    assert city.client("auditor").get(url(sent)).status_code == 403
