"""One ledger through the wizard: read as the command line reads it, given to its site, taken in whole, screened."""

from __future__ import annotations

import io
from contextlib import ExitStack
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from django.http import Http404
from tests.platform.imports.conftest import book

from jigai.ledger import read_ledger
from jigai.platform.imports import services
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import read
from jigai.platform.jobs import worker
from jigai.platform.ledger import wizard_job
from jigai.platform.ledger.importing import subjects
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
    assert dict(shown.counts) == {"new": 3, "changed": 0, "same": 0, "asked": 0, "not_ours": 0, "silent": 0}
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


def test_a_later_ledger_tells_what_was_added_changed_and_is_no_longer_there(city):
    actor = city.actor("enterprise_equipment")
    accept(actor, hand_in(actor, ledger(MOTOR, PUMP, TRANSFORMER)))
    later = hand_in(actor, ledger([*MOTOR[:2], 3, 1998, "A1"], TRANSFORMER, ["风机", "4-72-4A", 1, 2015, "A4"]))
    shown = preview(actor, later)
    assert dict(shown.counts) == {"new": 1, "changed": 1, "same": 1, "asked": 0, "not_ours": 0, "silent": 1}
    states = {one.state: one for one in shown.lines}
    assert states["changed"].changes == (("数量", "2 台", "3 台"),)
    assert states["silent"].title == "水泵 IS80-65-160"
    assert states["silent"].target == everything(Device)[1].pk
    later = accept(actor, later)
    assert {name: later.result[name] for name in shown.counts} == dict(shown.counts), "it came as it was foretold"
    motor, pump, transformer, fan = everything(Device)
    assert (motor.quantity, fan.code, transformer.silent_since) == (3, "A4", None)
    assert pump.silent_since is not None
    assert pump.gone_at is None
    assert later.result["quiet"] == [pump.pk]
    back = accept(actor, hand_in(actor, ledger(MOTOR, PUMP, TRANSFORMER)))
    assert everything(Device)[1].silent_since is None, "it is named again"
    assert back.result["silent"] == 1


def test_a_part_of_the_ledger_silences_nothing(city):
    actor = city.actor("enterprise_equipment")
    accept(actor, hand_in(actor, ledger(MOTOR, PUMP)))
    part = hand_in(actor, ledger(TRANSFORMER), whole=False)
    assert preview(actor, part).counts["silent"] == 0
    assert accept(actor, part).result["silent"] == 0
    assert [one.silent_since for one in everything(Device)] == [None, None, None]


def test_a_line_that_does_not_tell_how_many_waits_and_its_device_is_not_silenced(city):
    actor = city.actor("enterprise_equipment")
    accept(actor, hand_in(actor, ledger(MOTOR, PUMP)))
    upload = hand_in(actor, ledger(MOTOR, [*PUMP[:2], "二或三", 2003, "A2"]))
    assert (upload.summary["good"], upload.summary["held"], upload.summary["errors"]) == (1, 1, 1)
    assert preview(actor, upload).counts["silent"] == 0
    upload = accept(actor, upload)
    assert (upload.result["same"], upload.result["silent"]) == (1, 0)
    with inside(actor):
        services.correct(actor, upload, upload.version, [("台账", "C4", "4")])
    again = accept(actor, upload)
    assert (again.result["same"], again.result["changed"], again.summary["held"]) == (1, 1, 0)
    assert [one.quantity for one in everything(Device)] == [2, 4]


def test_a_bad_cell_alone_does_not_keep_its_line_out(city):
    upload = hand_in(city.actor("enterprise_equipment"), ledger([*MOTOR[:3], "一九某年", "A1"]))
    assert (upload.summary["good"], upload.summary["errors"], upload.summary["questions"]) == (1, 0, 1)


def test_a_clerk_is_asked_whose_it_is_and_the_enterprise_then_sees_it(city):
    clerk = city.actor("city_officer")
    upload = hand_in(clerk, ledger(MOTOR, title="设备台账"))
    assert upload.context["site"] is None
    assert preview(clerk, upload).why_not == "请先选定这是哪个厂区的台账。"
    with inside(clerk), pytest.raises(ImportRefusedError, match="请先选定"):
        services.accept(clerk, upload, upload.version)
    own = city.actor("enterprise_head")
    with inside(own), pytest.raises(Http404):
        services.get_upload(own, upload.pk)
    tell(clerk, upload, city.east_site, whole=False)
    with inside(own):
        seen, _found = services.get_upload(own, upload.pk)
    assert (seen.site_id, seen.context["whole"], seen.context["confirmed"]) == (city.east_site.pk, False, True)
    assert accept(clerk, upload).result["new"] == 1


def test_the_only_site_in_sight_is_proposed_and_still_asked_about(city):
    clerk = city.actor("county_officer")
    upload = hand_in(clerk, ledger(MOTOR, title="设备台账"))
    assert (upload.context["site"], upload.context["confirmed"]) == (city.east_site.pk, False)


def test_a_name_in_the_file_proposes_and_a_person_confirms(city):
    clerk = city.actor("city_officer")
    upload = hand_in(clerk, ledger(MOTOR, title="填报单位：西山水泥有限公司"))
    assert (upload.context["site"], upload.context["why"]) == (city.west_site.pk, "cell")
    assert preview(clerk, upload).why_not == "请先确认这是哪个厂区的台账。"
    tell(clerk, upload, city.west_site)
    assert preview(clerk, upload).why_not == ""


def test_a_file_that_names_another_enterprise_is_not_taken_for_ones_own_unasked(city):
    upload = hand_in(city.actor("enterprise_equipment"), ledger(MOTOR, title="填报单位：西山水泥有限公司"))
    assert (upload.context["site"], upload.context["confirmed"]) == (city.east_site.pk, False)


def test_nobody_gives_a_ledger_to_a_site_out_of_sight(city):
    clerk = city.actor("county_officer")
    upload = hand_in(clerk, ledger(MOTOR))
    with inside(clerk):
        for site in (str(city.west_site.pk), "西山水泥有限公司", "没有的厂", "9" * 30):
            with pytest.raises(ImportRefusedError, match="没有叫"):
                services.tell(clerk, upload, fresh(upload).version, {"site": site})
        with pytest.raises(ImportRefusedError, match="请选择"):
            services.tell(clerk, upload, fresh(upload).version, {"site": " "})


def test_what_is_ambiguous_is_asked_once_and_closed_when_the_cell_is_put_right(city):
    actor = city.actor("enterprise_equipment")
    accept(actor, hand_in(actor, ledger(MOTOR)))
    upload = hand_in(actor, ledger(["水泵", "IS80-65-160", 1, 2003, "A1"]))
    shown = preview(actor, upload)
    assert dict(shown.counts)["asked"] == 1
    assert "编号相同" in shown.lines[0].why
    upload = accept(actor, upload)
    accept(actor, upload)
    (line,) = everything(OpenLine)
    assert (line.upload_id, line.settled_at, len(everything(Device))) == (upload.pk, None, 1)
    with inside(actor):
        services.correct(actor, upload, fresh(upload).version, [("台账", "E3", "A2")])
    accept(actor, upload)
    (line,) = everything(OpenLine)
    assert line.settled_id == everything(Device)[1].pk


def test_a_step_that_comes_after_somebody_elses_ledger_neither_doubles_nor_loses(city, monkeypatch):
    monkeypatch.setattr(wizard_job, "STEP", 2)
    actor = city.actor("enterprise_equipment")
    alike = [["电机", "Y132M-4", 1, 1998, ""]] * 5
    upload = accept(actor, hand_in(actor, ledger(*alike)))
    assert upload.result["new"] == 5
    more = accept(actor, hand_in(actor, ledger(*alike, ["电机", "Y132M-4", 1, 1998, ""])))
    assert (more.result["new"], more.result["same"], len(everything(Device))) == (1, 5, 6)


def test_a_ledger_without_a_column_of_models_comes_in(city):
    actor = city.actor("enterprise_equipment")
    rows = book([["设备名称", "数量", "出厂年份"], ["电动机", 2, 1998], ["变压器", 1, 1990]], "台账")
    upload = hand_in(actor, rows)
    assert preview(actor, upload).counts["new"] == 2
    result = accept(actor, upload).result
    assert (result["new"], result["silent"]) == (2, 0)
    other = book([["设备名称", "数量", "出厂年份"], ["变压器", 1, 1990], ["电动机", 3, 1998]], "台账")
    counts = dict(preview(actor, hand_in(actor, other, "再交.xlsx")).counts)
    wanted = {"new": 0, "changed": 1, "same": 1, "asked": 0, "not_ours": 0, "silent": 0}
    assert counts == wanted, "known again by name"


def test_a_model_put_right_after_taking_in_changes_its_device_and_makes_no_other(city):
    actor = city.actor("enterprise_equipment")
    upload = accept(actor, hand_in(actor, ledger(["电机", "J02-61-4", 2, 1976, ""], PUMP)))
    with inside(actor):
        services.correct(actor, upload, upload.version, [("台账", "B3", "JO2-61-4")])
    upload = accept(actor, upload)
    counts = {name: upload.result[name] for name in ("new", "changed", "same", "asked", "silent")}
    assert counts == {"new": 0, "changed": 1, "same": 1, "asked": 0, "silent": 0}
    assert [one.model for one in everything(Device)] == ["JO2-61-4", "IS80-65-160"]


def test_the_template_filled_in_comes_in_without_any_question(city):
    (subject,) = subjects()
    name, data = subject.template("transformer")
    assert name == "变压器台账填报表.xlsx"
    form = openpyxl.load_workbook(io.BytesIO(data))
    sheet = form.worksheets[0]
    heads = {str(cell.value).split("(")[0].split("（")[0].strip("*"): cell.column for cell in sheet[4] if cell.value}
    typed = {"设备名称": "2号配电变压器", "规格型号": "S7-200/10", "数量": 1, "使用状态": "在用", "出厂年份": 1990}
    for head, value in typed.items():
        sheet.cell(5, heads[head], value)
    filled = io.BytesIO()
    form.save(filled)
    actor = city.actor("enterprise_equipment")
    upload = hand_in(actor, filled.getvalue(), name)
    told = {key: upload.summary[key] for key in ("good", "held", "errors", "questions")}
    assert told == {"good": 1, "held": 0, "errors": 0, "questions": 0}
    shown = preview(actor, upload)
    assert (shown.why_not, shown.more["notes"], dict(shown.counts)["new"]) == ("", [], 1)


def test_what_machines_cost_is_opened_by_those_who_may_see_money_and_by_whoever_handed_it_in(city):
    head, keeper = city.actor("enterprise_head"), city.actor("enterprise_equipment")
    plain = hand_in(head, ledger(MOTOR))
    for column in ("原值(元)", "账面余额（万元）"):
        costly = hand_in(head, book([[*HEAD, column], [*MOTOR, 12_000]], "台账"), "贵.xlsx")
        with inside(keeper), pytest.raises(Http404):
            services.get_upload(keeper, costly.pk)
        with inside(city.actor("county_officer")):
            services.get_upload(city.actor("county_officer"), costly.pk)
        own = hand_in(keeper, book([[*HEAD, column], [*MOTOR, 12_000]], "台账"), "贵.xlsx")
        with inside(keeper):
            services.get_upload(keeper, own.pk)
    with inside(keeper):
        services.get_upload(keeper, plain.pk)
