"""The trail tells everybody who reads it that a financial figure was changed; the figure, only those who may see it."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import transaction
from python_calamine import CalamineWorkbook
from tests.platform.audit.test_export import button
from tests.platform.audit.test_forward import Collector
from tests.platform.enterprises.helpers import YEAR, acting
from tests.platform.imports.test_figures_of_others import ROWS
from tests.platform.imports.test_imports import hand_in, inside

from jigai.platform.audit import chain
from jigai.platform.audit.forward import forward
from jigai.platform.audit.models import Event
from jigai.platform.audit.verification import verify
from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.imports import services as imports
from jigai.platform.jobs import services, worker
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
WHICH = attributes()["main_revenue"].zh
# With a point: the pages show fingerprints too, and digits alone may stand in one by chance.
FIGURES = ("83211.77", "84322.88", "85433.99", "年中并购")


@pytest.fixture
def changed(city):
    """A financial figure entered and corrected, one of equipment, and a cell of a file put right."""
    with acting(city, "enterprise_head") as actor:
        person = city.east_enterprise
        set_fact(actor, person, YEAR, "main_revenue", "83211.77", explain_later=True)
        set_fact(actor, person, YEAR, "main_revenue", "84322.88", note="年中并购", explain_later=True)
        set_fact(actor, person, YEAR, "employees", "641", explain_later=True)
    upload = hand_in(city.actor("enterprise_head"), ROWS, "年报.xlsx", "facts")
    with inside(city.actor("enterprise_head")):
        imports.correct(city.actor("enterprise_head"), upload, upload.version, [("名单", "C2", "85433.99")])
    return city


def events(action):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(Event.objects.filter(action=action).order_by("number"))


def pages(client):
    found = [client.get("/audit/").content.decode()]
    found += [
        client.get(f"/audit/{one.pk}/").content.decode() for one in (*events("fact.set"), *events("import.corrected"))
    ]
    return "\n".join(re.search(r"<main.*</main>", page, re.S).group() for page in found)


def test_the_audit_administrator_reads_that_it_changed_and_not_what_it_is(changed):
    said = pages(changed.client("audit_admin"))
    assert [one for one in FIGURES if one in said] == []
    assert "已隐藏" in said
    assert "main_revenue" in said, "which figure it was is told"
    assert "641" in said, "a figure that is nobody's secret is shown"


def test_the_auditor_who_may_see_financial_figures_sees_them(changed):
    said = pages(changed.client("auditor"))
    assert [one for one in FIGURES if one not in said] == []


def test_in_english_too(changed):
    client = changed.client("audit_admin")
    client.cookies["django_language"] = "en"
    said = client.get(f"/audit/{events('fact.set')[0].pk}/").content.decode()
    assert "hidden" in said and "已隐藏" not in said


@pytest.mark.parametrize("role", ["audit_admin", "auditor"])
def test_the_export_holds_none_of_them(changed, role):
    client = changed.client(role)
    answer = client.post("/jobs/export/", {"list": button(client)})
    worker.run(once=True)
    job = services.find(changed.actor(role), int(answer["Location"].strip("/").split("/")[-1]))
    got = client.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(got.streaming_content)))
    said = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert WHICH in said
    assert [one for one in FIGURES if one in said] == []


def test_the_log_collector_gets_none_of_them(changed, settings):
    heard = Collector()
    settings.SYSLOG = f"127.0.0.1:{heard.port}"
    try:
        assert forward() > 0
    finally:
        heard.close()
    said = "\n".join(heard.messages)
    assert [one for one in FIGURES if one in said] == []
    assert "main_revenue" in said and "641" in said and "已隐藏" in said


def test_a_search_does_not_find_out_either(changed):
    client = changed.client("audit_admin")
    for figure in FIGURES[:3]:
        assert WHICH not in client.get(f"/audit/?object={figure}").content.decode()


def test_the_chain_holds_and_a_change_still_shows(changed):
    with transaction.atomic(), use_scope(chain.CHAIN):
        assert verify().intact
        said = [one.after["value"] for one in Event.objects.filter(action="fact.set").order_by("number")]
    assert said == ["83211.77", "84322.88", "641"], "what is kept is kept whole"
