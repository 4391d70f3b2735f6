"""One ledger through the wizard: read as the command line reads it, given to its site, taken in whole, screened."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import transaction
from django.http import Http404
from tests.platform.imports.conftest import book

from jigai.ledger import read_ledger
from jigai.platform.imports import drafts, services
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import read
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

SAMPLES = Path(__file__).parents[3] / "samples"
HEAD = ["设备名称", "规格型号", "数量", "出厂年份", "设备编号"]
MOTOR = ["电机", "Y132M-4", 2, 1998, "A1"]
PUMP = ["水泵", "IS80-65-160", 1, 2003, "A2"]
TRANSFORMER = ["变压器", "S7-200/10", 1, 1990, "A3"]


def inside(actor):
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(use_scope(actor.scope))
    return stack


def ledger(*rows, title="东风轧钢有限公司设备台账"):
    return book([[title], HEAD, *rows], "台账")


def hand_in(actor, data, name="台账.xlsx", **context):
    with inside(actor):
        return services.take_in(actor, "ledger", name, data, context)


def fresh(upload):
    with transaction.atomic(), use_scope(command_scope("test")):
        return Upload.objects.get(pk=upload.pk)


def everything(model, **narrowed):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.filter(**narrowed).order_by("pk"))


def preview(actor, upload):
    with inside(actor):
        upload, found = services.get_upload(actor, upload.pk)
        return services.preview(actor, upload, found)


def accept(actor, upload):
    with inside(actor):
        services.accept(actor, upload, fresh(upload).version)
    worker.run(once=True)
    worker.run(once=True)
    return fresh(upload)


def tell(actor, upload, site, whole=True):
    form = {"site": str(site.pk)} | ({"whole": "on"} if whole else {})
    with inside(actor):
        return services.tell(actor, upload, fresh(upload).version, form)


def test_an_enterprise_hands_its_own_ledger_in_and_sees_it_judged(city):
    actor = city.actor("enterprise_equipment")
    upload = hand_in(actor, ledger(MOTOR, PUMP, TRANSFORMER))
    assert (upload.state, upload.summary["good"], upload.summary["held"]) == ("open", 3, 0)
    assert upload.context["site"] == upload.site_id == city.east_site.pk
    assert upload.context["confirmed"], "it has one site and the file says nothing else"
    shown = preview(actor, upload)
    assert shown.why_not == ""
    assert dict(shown.counts) == {"new": 3, "changed": 0, "same": 0, "asked": 0, "silent": 0}
    assert ("电动机", 1, 2) in shown.more["kinds"]
    upload = accept(actor, upload)
    assert upload.state == "done"
    assert upload.result["new"] == 3
    assert [one.upload_id for one in everything(DeviceState)] == [upload.pk] * 3
    (run,) = everything(Run)
    assert (run.state, upload.result["run"]) == ("done", run.pk)
    assert everything(Device)[2].verdict == "must_replace"


def test_it_is_read_as_the_command_line_reads_it(city):
    data = (SAMPLES / "01_rolling_mill.xlsx").read_bytes()
    upload = hand_in(city.actor("enterprise_equipment"), data, "01_rolling_mill.xlsx")
    with inside(city.actor("enterprise_equipment")):
        found = services.subject_of(upload)
        rows = read(upload, found).rows.drop("held")
    plain = read_ledger(data, source_file="01_rolling_mill.xlsx", as_of=upload.uploaded_at.date()).devices
    assert rows.equals(plain)
