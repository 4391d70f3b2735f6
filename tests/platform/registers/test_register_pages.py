"""Pages of the registers: made from the columns, open to whom they are meant for, and forgiving."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from tests.platform.registers.test_registers import inside

from jigai.ledger import read_table
from jigai.platform.jobs import files, worker
from jigai.platform.jobs.models import Job
from jigai.platform.registers.definition import registers
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.registers.search import find

pytestmark = pytest.mark.django_db
GREEN = "/registers/green-factories/"
ENTRY = {
    "enterprise_name": "东风轧钢有限公司",
    "level": "national",
    "year": "2023",
    "state": "watch",
    "valid_to": "2029-01-01",
}


def added(city, **changes):
    response = city.client("county_officer").post(f"{GREEN}add/", ENTRY | changes)
    assert response.status_code == 302, response.content.decode()
    return RegisterEntry.unscoped.latest("pk")


def test_every_register_has_its_pages(city):
    client = city.client("city_officer")
    assert "数字化水平" in client.get("/registers/").content.decode()
    for key in registers():
        for page in ("", "add/", "columns/", "template/"):
            response = client.get(f"/registers/{key}/{page}")
            assert response.status_code == 200, (key, page)
    assert client.get("/registers/nothing/").status_code == 404


def test_a_template_can_be_handed_in_again(city):
    client = city.client("county_officer")
    for key, register in registers().items():
        data = client.get(f"/registers/{key}/template/").content
        reading = read_table(data, register.table, source_file=f"{key}.xlsx")
        assert reading.problems["code"][0] == "no_records", key


def test_an_entry_goes_in_by_the_form_and_shows_its_history(city):
    entry = added(city)
    client = city.client("county_officer")
    text = client.get(f"{GREEN}{entry.pk}/").content.decode()
    assert "限期整改" in text
    assert "s-warn" in text
    form = client.get(f"{GREEN}{entry.pk}/edit/").content.decode()
    assert 'value="2029-01-01"' in form
    assert "企业名称" not in form, "whom an entry is about does not change"
    saved = client.post(f"{GREEN}{entry.pk}/edit/", ENTRY | {"version": 1, "state": "kept", "reason": "复核通过"})
    assert saved.status_code == 302
    text = client.get(f"{GREEN}{entry.pk}/").content.decode()
    assert "<s>限期整改</s> → 保留" in text
    assert "复核通过" in text


def test_wrong_values_come_back_with_what_was_typed(city):
    client = city.client("county_officer")
    response = client.post(f"{GREEN}add/", ENTRY | {"year": "去年", "valid_to": "2029-02-30", "score": "120"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "四位年份" in text
    assert "读不出日期" in text
    assert "0 至 100" in text
    assert 'value="去年"' in text
    response = client.post(f"{GREEN}add/", ENTRY | {"enterprise_name": "西山水泥有限公司"})
    assert "可见范围" in response.content.decode()
    added(city)
    response = client.post(f"{GREEN}add/", ENTRY)
    assert "已有这一条" in response.content.decode()
    assert RegisterVersion.unscoped.count() == 1


def test_of_two_editors_the_second_sees_both(city):
    entry = added(city)
    first, second = city.client("county_officer"), city.client("city_officer")
    assert (
        first.post(f"{GREEN}{entry.pk}/edit/", ENTRY | {"version": 1, "score": "90", "reason": "甲"}).status_code == 302
    )
    response = second.post(f"{GREEN}{entry.pk}/edit/", ENTRY | {"version": 1, "score": "80", "reason": "乙"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "现在是 90，您填的是 80" in text
    assert 'name="version" value="2"' in text
    assert (
        second.post(f"{GREEN}{entry.pk}/edit/", ENTRY | {"version": 2, "score": "80", "reason": "乙"}).status_code
        == 302
    )


def test_ending_an_entry_needs_a_reason(city):
    entry = added(city)
    client = city.client("county_officer")
    client.post(f"{GREEN}{entry.pk}/remove/", {"version": 1, "reason": ""})
    assert not RegisterVersion.unscoped.filter(removed=True).exists()
    client.post(f"{GREEN}{entry.pk}/remove/", {"version": 1, "reason": "企业已注销"})
    assert RegisterVersion.unscoped.filter(removed=True).count() == 1
    assert "企业已注销" in client.get(f"{GREEN}{entry.pk}/").content.decode()


def test_pages_open_to_whom_they_are_meant_for(city):
    entry = added(city)
    for key, own, add in (
        ("enterprise_head", 200, 403),
        ("auditor", 200, 403),
        ("bank", 403, 403),
        ("county_head", 200, 403),
        ("dept_officer", 200, 200),
    ):
        client = city.client(key)
        assert client.get(f"{GREEN}{entry.pk}/").status_code == own, key
        assert client.get(f"{GREEN}add/").status_code == add, key
    west = city.client("county_officer", west=True)
    for page in ("", "edit/"):
        assert west.get(f"{GREEN}{entry.pk}/{page}").status_code == 404
    assert west.post(f"{GREEN}{entry.pk}/remove/", {"version": 1, "reason": "x"}).status_code == 404
    assert city.client("county_officer").get("/registers/holidays/add/").status_code == 403, "kept by the city"


def test_lists_are_filtered_by_choice_year_and_day(city):
    added(city)
    added(city, level="city", year="2021", state="", valid_to="2024-12-31")
    client = city.client("county_officer")
    for query, expected in (
        ("level=city", 1),
        ("valid=2025", 1),
        ("valid=2022", 1),
        ("valid=2024", 2),
        ("q=东风", 2),
        ("q=西山", 0),
        ("known=2020-01-01", 0),
        ("known=2099-01-01", 2),
        ("known=昨天", 0),
        ("manager=510403", 0),
        ("sort=c_year", 2),
        ("sort=-c_state", 2),
    ):
        client.get(f"{GREEN}?all=1")
        text = client.get(f"{GREEN}?{query}").content.decode()
        assert text.count('<span class="sub">') == expected, query
    part = client.get(f"{GREEN}?level=city", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part


@pytest.mark.django_db(transaction=True)
def test_an_export_can_be_handed_in_again(city):
    added(city)
    client = city.client("county_officer")
    response = client.post(f"{GREEN}export/?level=national")
    assert response.status_code == 302
    worker.run(once=True)
    job = Job.unscoped.get(kind="registers.export")
    assert job.state == "done", job.error
    path = files.folder(job.pk) / job.result["files"][0]["name"]
    reading = read_table(path, registers()["green-factories"].table)
    assert reading.rows["held"].to_list() == [""]
    assert reading.rows["state"].to_list() == ["watch"]


def test_the_shipped_calendar_is_offered_to_the_city_and_loaded(city):
    client = city.client("city_officer")
    assert "载入随附数据" in client.get("/registers/holidays/").content.decode()
    assert client.post("/registers/holidays/shipped/").status_code == 302
    text = client.get("/registers/holidays/").content.decode()
    assert "2026-10-10" in text
    assert "载入随附数据" not in text
    assert city.client("county_officer").post("/registers/holidays/shipped/").status_code == 403


def test_entries_are_found_by_the_search(city):
    entry = added(city)
    for key, west, count in (("county_officer", False, 1), ("county_officer", True, 0), ("bank", False, 0)):
        actor = city.actor(key, west=west)
        with inside(actor):
            hits = find(actor, "东风 国家级", 20)
        assert len(hits) == count, key
    with inside(city.actor("city_officer")):
        (hit,) = find(city.actor("city_officer"), "东风", 20)
    assert hit.url == f"{GREEN}{entry.pk}/"


def test_the_list_asks_the_database_the_same_however_long_it_is(city):
    client = city.client("county_officer")
    added(city)
    client.get(GREEN)
    with CaptureQueriesContext(connection) as one:
        client.get(GREEN)
    for level in ("city", "provincial"):
        added(city, level=level)
    with CaptureQueriesContext(connection) as three:
        client.get(GREEN)
    assert len(one) == len(three) <= 20


@override_settings(LANGUAGE_CODE="zh-hans")
def test_pages_speak_english_when_asked(city):
    entry = added(city)
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    text = client.get(f"{GREEN}{entry.pk}/").content.decode()
    assert "Green factories" in text
    assert "to be mended" in text
    assert "History" in text


def test_a_score_is_shown_with_its_parts(city):
    client = city.client("county_officer")
    register = registers()["digital-maturity"]
    shares = dict.fromkeys(register.evaluation["parts"], "80")
    response = client.post(
        "/registers/digital-maturity/add/", {"enterprise_name": "东风轧钢有限公司", "year": "2026"} | shares
    )
    text = client.get(response.headers["Location"]).content.decode()
    assert "SME24-09" in text
    assert "2022 年版" in text
    assert "inferred" in text
