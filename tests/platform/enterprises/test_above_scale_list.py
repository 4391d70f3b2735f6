"""The above-scale list as a list: by pages, narrowed and kept so, as frozen or as changed since, and exported."""

from __future__ import annotations

import re

import pytest
import python_calamine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.enterprises import above_scale
from jigai.platform.enterprises.models import AboveScale, LegalPerson
from jigai.platform.jobs import files, worker
from jigai.platform.jobs.models import Job
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web.listing import PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEAR = 2024
URL = f"/enterprises/above-scale/{YEAR}/"
MORE = 2 * PAGE + 7


@pytest.fixture
def long(city):
    """So many enterprises on the list of a year that it has three pages; every third is of the west."""
    with transaction.atomic(), use_scope(command_scope("test")):
        for number in range(MORE):
            side = city.west_enterprise if number % 3 == 0 else city.east_enterprise
            columns = {"org": side.org, "manager_code": side.manager_code, "place_code": side.place_code}
            person = LegalPerson.objects.create(
                name=f"名单{number:03}号厂", credit_code=code(number), industry_code="3130", **columns
            )
            AboveScale.objects.create(legal_person=person, year=YEAR, reason="统计", recorded_by="x", **columns)
    return city


def shown(answer):
    return re.findall(r"名单\d{3}号厂", answer.content.decode().partition("<tbody>")[2])


def following(answer):
    found = re.search(r'href="([^"]+)"[^>]*>下一页', answer.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def walk(client, url):
    """Return what each page shows, from the first to the last."""
    pages, answer = [], client.get(url)
    while True:
        pages.append(shown(answer))
        if not (url := following(answer)):
            return pages
        answer = client.get(url)


def whole(client, url):
    """Return what all pages together show."""
    return [name for page in walk(client, url) for name in page]


def test_every_enterprise_stands_once_on_its_pages(long):
    pages = walk(long.client("city_officer"), URL + "?all=1")
    assert [len(page) for page in pages] == [PAGE, PAGE, MORE - 2 * PAGE]
    assert [name for page in pages for name in page] == [f"名单{number:03}号厂" for number in range(MORE)]


@pytest.mark.parametrize("sort", ["-legal_person__name", "manager_code", "-recorded_at"])
def test_whatever_it_is_sorted_by(long, sort):
    found = whole(long.client("city_officer"), f"{URL}?sort={sort}")
    assert sorted(found) == [f"名单{number:03}号厂" for number in range(MORE)]


def test_the_numbers_at_the_top_are_those_of_the_whole_list(long):
    page = long.client("city_officer").get(URL + "?q=名单001").content.decode()
    west = len(range(0, MORE, 3))
    assert f"共 {MORE} 户，东区 {MORE - west}，西区 {west}" in page
    assert "共 1 条" in page
    own = long.client("county_officer").get(URL).content.decode()
    assert f"共 {MORE - west} 户，东区 {MORE - west}" in own
    assert "西区 " not in own


def test_filters_narrow_it_and_stay(long):
    client = long.client("city_officer")
    west = f"{URL}?manager={long.west_enterprise.manager_code}"
    kept = whole(client, west)
    assert kept == [f"名单{number:03}号厂" for number in range(0, MORE, 3)]
    assert shown(client.get(URL)) == kept, "come back to without a question, it is as it was left"
    assert len(shown(client.get(URL + "?all=1"))) == PAGE
    assert shown(client.get(URL + "?q=" + code(5))) == ["名单005号厂"], "found by its code as well"
    assert shown(client.get(URL + "?division=31"))[:1] == ["名单000号厂"]
    assert "没有符合筛选条件的条目" in client.get(URL + "?division=45").content.decode()


def test_only_those_who_keep_the_list_have_a_button_at_each_row(long):
    assert long.client("city_officer").get(URL).content.decode().count(">移出</a>") == PAGE
    assert ">移出</a>" not in long.client("auditor").get(URL).content.decode()
    chosen = long.client("city_officer").get(URL + "?columns=manager")
    assert chosen.content.decode().count(">移出</a>") == PAGE, "what can be done is no column to put away"
    choice = chosen.content.decode().split('class="pick__menu"')[1].split("</form>")[0]
    assert 'value="manager"' in choice
    assert 'value="remove"' not in choice


@pytest.fixture
def frozen(long):
    """The list was frozen; afterwards one was put on and seven were taken off."""
    with acting(long, "city_officer") as actor:
        above_scale.freeze(actor, YEAR)
        above_scale.add_to_list(actor, long.east_enterprise, YEAR, "省局补报")
        gone = AboveScale.objects.filter(year=YEAR, legal_person__name__regex="名单00[0-6]号厂")
        for row in gone.order_by("pk"):
            above_scale.take_off_list(actor, row, "停产")
    return long


def test_what_changed_since_it_was_frozen_is_a_filter_away(frozen):
    client = frozen.client("city_officer")
    page = client.get(URL).content.decode()
    assert "列入 东风轧钢有限公司（省局补报）" in page
    assert page.count("移出 名单") == 5, "few are named, the rest are counted"
    assert "共移出 7 户" in page
    assert f"共 {MORE - 6} 户" in page
    removed = client.get(URL + "?as=removed")
    assert shown(removed) == [f"名单{number:03}号厂" for number in range(7)]
    assert f"{timezone.localdate().isoformat()} 移出：停产" in removed.content.decode()
    assert ">移出</a>" not in removed.content.decode()
    added = client.get(URL + "?as=added").content.decode()
    assert "东风轧钢有限公司" in added
    assert "共 1 条" in added


def test_the_list_as_it_was_frozen_is_only_read(frozen):
    client = frozen.client("city_officer")
    then = client.get(URL + "?as=frozen")
    assert "定稿时的名单，之后的更正不在内" in then.content.decode()
    assert ">移出</a>" not in then.content.decode()
    assert f"共 {MORE} 条" in then.content.decode()
    assert shown(client.get(URL)) == shown(then), "kept like any filter"
    now = client.get(URL + "?as=")
    assert f"共 {MORE - 6} 条" in now.content.decode()
    only = client.get(URL + "?as=frozen", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in only
    assert "定稿时的名单，之后的更正不在内" in only, "what the rows are is said where they are drawn anew"


def test_a_year_that_is_not_frozen_knows_no_other_list(long):
    page = long.client("city_officer").get(URL + "?as=frozen").content.decode()
    assert f"共 {MORE} 条" in page
    assert 'href="?as=frozen"' not in page
    assert 'name="as"' not in page


def test_an_empty_year_says_how_to_begin(long):
    url = reverse("enterprises:above_scale", args=[2025])
    page = long.client("city_officer").get(url).content.decode()
    assert "2025 年还没有名单" in page
    assert "沿用往年名单，再逐户增减" in page
    assert "沿用往年名单" not in long.client("auditor").get(url).content.decode()


def test_the_workbook_names_its_year_and_holds_every_row(frozen):
    client = frozen.client("city_officer")
    answer = client.get(URL + "?as=frozen&manager=" + frozen.west_enterprise.manager_code)
    client.post(reverse("jobs:export"), {"list": answer.context["listing"].export_token})
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(kind="list.export")
    assert job.state == "done", job.error
    (made,) = job.result["files"]
    assert made["name"].startswith(f"{YEAR}_年规上名单_")
    book = python_calamine.load_workbook(str(files.folder(job.pk) / made["name"]))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == f"{YEAR} 年规上名单"
    assert "名单：定稿时的名单" in rows[1][0]
    assert "移出" not in rows[2]
    assert "办理" not in rows[2]
    assert [row[0] for row in rows[3:]] == [f"名单{number:03}号厂" for number in range(0, MORE, 3)]
