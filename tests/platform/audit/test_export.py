"""The trail as a workbook, for those who read the trail; and in English."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import transaction
from python_calamine import CalamineWorkbook

from jigai.platform.audit import chain
from jigai.platform.audit.forward import forward
from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.jobs import services, worker
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def told(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        record(city.actor("county_officer"), "site.edited", city.east_site, reason="=HYPERLINK()", before={"name": "a"})
    return city


def button(client, path="/audit/"):
    found = re.search(r'name="list" value="([^"]+)"', client.get(path).content.decode())
    return found.group(1) if found else ""


@pytest.mark.parametrize("role", ["auditor", "audit_admin"])
def test_the_trail_is_exported_by_its_readers(told, role):
    client = told.client(role)
    answer = client.post("/jobs/export/", {"list": button(client, "/audit/?action=site.edited")})
    worker.run(once=True)
    job = services.find(told.actor(role), int(answer["Location"].strip("/").split("/")[-1]))
    assert job.state == "done", job.error
    got = client.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(got.streaming_content))).get_sheet_by_index(0).to_python()
    head, line = rows[2], rows[3]
    assert head[:3] == ["时间", "操作人", "操作人（附）"]
    assert line[1] == "county_officer_510402"
    assert "修改厂区" in line
    assert "=HYPERLINK()" in line
    assert len(rows) == 4


def test_the_button_of_a_reader_does_not_work_for_another(told):
    token = button(told.client("auditor"))
    assert token
    assert told.client("city_officer").post("/jobs/export/", {"list": token}).status_code == 403
    assert told.client("bank").post("/jobs/export/", {"list": token}).status_code == 403


def test_in_english(told):
    client = told.client("audit_admin")
    client.cookies["django_language"] = "en"
    chain.link_pending()
    with transaction.atomic(), use_scope(command_scope("test")):
        number = Event.objects.get(action="site.edited").number
    for path, words in (("/audit/", "edited a site"), (f"/audit/{number}/", "Before"), ("/audit/verify/", "Head")):
        said = client.get(path).content.decode()
        main = re.search(r"<main.*?<footer", said, re.S).group()
        assert words in main, path


def test_the_worker_links_and_hands_over(told, settings):
    settings.SYSLOG = ""
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        assert not chain.pending().filter(action="site.edited").exists()
    assert forward() == 0


def test_the_verify_page_tells_of_a_collector_that_does_not_answer(told, settings):
    settings.SYSLOG = "127.0.0.1:1"
    with transaction.atomic(), use_scope(command_scope("test")):
        record(command("test"), "job.done")
    chain.link_pending()
    assert forward() == 0
    assert "转发受阻" in told.client("audit_admin").get("/audit/verify/").content.decode()
