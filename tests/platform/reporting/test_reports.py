"""A report from its blank to the file that goes to the province, and what is done when figures change later."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from tests.platform.campaigns.conftest import whole
from tests.platform.people import EAST, WEST
from tests.platform.reporting.blanks import SHEET, workbook
from tests.platform.reporting.conftest import CELLS, DAY

from jigai.platform.audit.models import Event
from jigai.platform.home.todo import todos_for
from jigai.platform.imports import storage
from jigai.platform.notices.models import Notice
from jigai.platform.reporting import figures, filling, freezing, services, workflow
from jigai.platform.reporting.models import Report, ReportValue
from jigai.platform.reporting.periods import Reported
from jigai.reports.filling import Blank

pytestmark = pytest.mark.django_db


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))[SHEET]


def keys(value):
    return [one["key"] for one in value.warnings]


@pytest.mark.sqlite
def test_a_report_takes_its_figures_lists_names_and_words(desk):
    report = desk.fill(desk.start())
    assert desk.value(report, "B4").held == ["n", "3"]
    assert desk.value(report, "B5").held == ["n", "60"]
    assert desk.value(report, "B6").held == ["n", "3.6"]
    assert (desk.value(report, "C4").held, desk.value(report, "C4").manager_code) == (["n", "2"], EAST)
    assert desk.value(report, "D2").held == ["t", "2026年10月"]
    assert [row[1] for row in desk.value(report, "A10").held] == [["t", "东一厂"], ["t", "东风轧钢"], ["t", "西山水泥"]]
    assert desk.value(report, "B4").about["coverage"] == "1"
    assert keys(desk.value(report, "B7")) == ["not_typed"]
    assert not keys(desk.value(report, "B6"))


@pytest.mark.postgres("official reports are frozen on the server only")
def test_the_file_is_the_workbook_of_the_province_with_its_cells_filled(desk):
    """D32: every part but the sheet and what asks for a calculation is byte for byte the blank's."""
    report = desk.frozen()
    with whole():
        data = freezing.kept_workbook(report)
    sheet = opened(data)
    assert [sheet[one].value for one in ("A2", "D2", "B4", "B5", "B6", "C4", "D4", "B7")] == [
        "填报单位：示范市经信局", "2026年10月", 3, 60, 3.6, 2, 1, "进展正常",
    ]  # fmt: skip
    assert [sheet[f"B{row}"].value for row in (10, 11, 12)] == ["东一厂", "东风轧钢", "西山水泥"]
    assert sheet["B11"].border.left.style == "thin" and sheet["C6"].value == "=B6*100"
    assert (sheet["A1"].value, sheet["A16"].value) == ("工业设备更新进展月报（示例）", "填报人：")
    assert sheet["B16"].value == desk.city.people["city_officer"].name
    assert sheet["D16"].value == desk.city.people["city_head"].name
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        touched = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert old.namelist() == new.namelist()
    assert touched <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/core.xml"}
    with whole():
        blank = storage.read(report.blank_hash)
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        assert old.read("docProps/core.xml") == new.read("docProps/core.xml")


@pytest.mark.postgres("official reports are frozen on the server only")
def test_what_is_frozen_is_kept_by_the_hash_of_data_and_file(desk):
    """D25: the same data gives the same bytes, and both can be checked later."""
    report = desk.frozen()
    with whole():
        data, said = storage.read(report.file_hash), storage.read(report.data_hash)
        assert hashlib.sha256(data).hexdigest() == report.file_hash
        assert hashlib.sha256(said).hexdigest() == report.data_hash
        assert freezing.workbook(report) == data
        cells = {one["place"]: one["value"] for one in json.loads(said)["cells"]}
        assert cells[f"{SHEET}!B4"] == ["n", "3"]
        storage.path_of(report.file_hash).unlink()
        assert freezing.kept_workbook(report) == data
        storage.path_of(report.blank_hash).unlink()
        with pytest.raises(ValidationError, match="files/originals"):
            freezing.kept_workbook(report)


@pytest.mark.sqlite
def test_low_coverage_holds_a_report_up_until_a_reason_is_given(desk):
    desk.kept.add("firms", "2026-10", WEST, "西二厂", 0, reported=0)
    report = desk.fill(desk.start())
    desk.type(report)
    assert keys(desk.value(report, "B4")) == ["not_reportable"]
    assert desk.value(report, "D4").warnings[0]["said"] == {"coverage": "50", "least": "80"}
    with pytest.raises(ValidationError, match="2 格"):
        desk.step(report, "ask")
    for address in ("B4", "D4"):
        with desk.acting("city_officer") as actor:
            report.refresh_from_db()
            filling.force(actor, report, report.version, desk.key(report, address), "省里要求先报")
    report.refresh_from_db()
    assert not desk.value(report, "B4").warnings
    assert desk.step(report, "ask").state == "confirming"


@pytest.mark.sqlite
def test_a_reason_holds_for_the_figure_it_was_given_for_alone(desk):
    desk.kept.add("firms", "2026-10", WEST, "西二厂", 0, reported=0)
    report = desk.fill(desk.start())
    with desk.acting("city_officer") as actor:
        filling.force(actor, report, report.version, desk.key(report, "D4"), "先报")
    report.refresh_from_db()
    assert desk.fill(report).forced
    desk.kept.add("firms", "2026-10", WEST, "西三厂", 1)
    desk.kept.add("firms", "2026-10", WEST, "西四厂", 1)
    desk.kept.add("firms", "2026-10", WEST, "西二厂", 0, reported=0)
    assert not desk.fill(report).forced


@pytest.mark.sqlite
def test_a_missing_figure_is_no_zero(desk):
    report = desk.fill(desk.start("2026-09"))
    one = desk.value(report, "B4")
    assert one.held is None and keys(one) == ["missing"]
    with whole():
        assert opened(freezing.workbook(report))["B4"].value is None


@pytest.mark.sqlite
def test_warnings_compare_with_the_workbook_reported_before(desk):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book[SHEET]["B4"], book[SHEET]["B6"], book[SHEET]["C4"] = 1, 4.0, 0
    target = io.BytesIO()
    book.save(target)
    report = desk.fill(desk.start(last=target.getvalue()))
    assert desk.value(report, "B4").warnings == [{"key": "jump", "said": {"last": "1", "way": "升", "percent": "200"}}]
    assert keys(desk.value(report, "B6")) == ["fell"]
    assert keys(desk.value(report, "C4")) == ["new"]


@pytest.mark.sqlite
def test_warnings_tell_what_does_not_add_up_and_what_the_bureau_has(desk):
    desk.kept.add("equipment_investment_cumulative", "2026-10", "", "市属未分", 60_000_000)
    report = desk.fill(desk.start())
    assert keys(desk.value(report, "B6")) == ["sum", "bureau"]
    assert desk.value(report, "B6").warnings[1]["said"]["percent"] == "16.7"


@pytest.mark.sqlite
def test_a_county_sees_and_confirms_its_own_figures_alone(desk):
    report = desk.fill(desk.start())
    desk.type(report)
    desk.step(report, "ask")
    with desk.acting("county_officer") as actor:
        assert [one.manager_code for one in ReportValue.objects.filter(report=report)] == [EAST]
        assert workflow.units_of(report) == [EAST]
        with pytest.raises(ValidationError, match="本管理主体"):
            workflow.confirm(actor, report, WEST, agreed=True)
        assert [one.title for one in todos_for(actor) if one.source == "报表"]
    with whole():
        assert Notice.objects.filter(kind="report").count() >= 2
    desk.confirm(report)
    with desk.acting("county_officer") as actor:
        assert not [one for one in todos_for(actor) if one.source == "报表"]


@pytest.mark.sqlite
def test_a_report_waits_for_every_unit_and_an_objection_sends_it_back(desk):
    report = desk.fill(desk.start())
    desk.type(report)
    desk.step(report, "ask")
    desk.confirm(report)
    with pytest.raises(ValidationError, match="西区"):
        desk.step(report, "submit")
    with pytest.raises(ValidationError, match="依据"):
        desk.confirm(report, west=True, agreed=False)
    desk.confirm(report, west=True, agreed=False, reason="西山应为 2 户")
    with pytest.raises(ValidationError, match="有异议"):
        desk.step(report, "submit")
    with pytest.raises(ValidationError, match="原因"):
        desk.step(report, "reopen")
    desk.step(report, "reopen", comment="核实西区")
    desk.kept.add("firms", "2026-10", WEST, "西二厂", 1)
    report.refresh_from_db()
    desk.fill(report)
    desk.step(report, "ask")
    with whole():
        said = workflow.words_of_units(report)
    assert said[EAST].agreed and said[WEST] is None  # the east's figures are the same, the west's are not
    desk.confirm(report, west=True)
    assert desk.step(report, "submit").state == "review"


@pytest.mark.sqlite
def test_three_signatures_are_of_three_people(desk):
    report = desk.fill(desk.start())
    desk.type(report)
    desk.step(report, "ask")
    desk.confirm(report)
    desk.confirm(report, west=True)
    desk.step(report, "submit")
    with pytest.raises(ValidationError, match="三个人"):
        desk.step(report, "review")
    with pytest.raises(PermissionDenied):
        desk.step(report, "review", "dept_officer")
    desk.step(report, "review", "city_head")
    with pytest.raises(ValidationError, match="三个人"):
        desk.step(report, "sign", "city_head")
    assert desk.step(report, "refuse", "city_head", west=True, comment="投资数再核").state == "filled"
    with whole():
        assert not workflow.signatures(Report.objects.get(pk=report.pk))


@pytest.mark.sqlite
def test_one_office_prepares_but_does_not_freeze(desk):
    """D20: official lists are not finalised on SQLite."""
    from django.db import connection

    if connection.vendor == "postgresql":
        assert desk.frozen().state == "frozen"
        return
    with pytest.raises(ValidationError, match="PostgreSQL"):
        desk.frozen()
    with whole():
        assert Report.objects.get().state == "sign"


@pytest.mark.postgres("official reports are frozen on the server only")
def test_a_later_change_is_told_and_corrected_with_reasons_and_both_are_kept(desk):
    first = desk.frozen()
    desk.kept.add("firms", "2026-10", EAST, "东二厂", 1, day=date(2026, 11, 20))
    with whole():
        assert not freezing.changes_since(first, date(2026, 11, 19))
        changes = freezing.changes_since(first, date(2026, 11, 25))
    told = {one.bound.address: (one.then, one.now) for one in changes}
    assert told["B4"] == (["n", "3"], ["n", "4"]) and set(told) == {"B4", "C4", "A10"}
    reasons = {f"{SHEET}!B4": "东二厂补报", f"{SHEET}!C4": "东二厂补报"}
    with desk.acting("city_officer") as actor:
        with pytest.raises(ValidationError):
            freezing.correct(actor, first, " ", reasons)
        second = freezing.correct(actor, first, "企业补报", reasons)
    desk.fill(second, date(2026, 11, 25))
    second = desk.to_the_end(second)
    with whole():
        between = {one.bound.address: one.why for one in freezing.changes_between(second)}
        assert between == {"B4": "东二厂补报", "C4": "东二厂补报", "A10": ""}
        assert opened(freezing.kept_workbook(first))["B4"].value == 3
        assert opened(freezing.kept_workbook(second))["B4"].value == 4
        assert json.loads(storage.read(second.data_hash))["corrects"] == first.data_hash
    with desk.acting("city_officer") as actor, pytest.raises(ValidationError, match="最新一稿"):
        freezing.correct(actor, first, "再来", {})


@pytest.mark.postgres("official reports are frozen on the server only")
def test_the_next_month_is_compared_with_the_one_frozen(desk):
    desk.frozen()
    for name, unit in (("东风轧钢", EAST), ("西山水泥", WEST)):
        desk.kept.add("firms", "2026-11", unit, name, 5)
    report = desk.fill(desk.start("2026-11"), date(2026, 12, 2))
    assert desk.value(report, "B4").warnings[0]["said"] == {"last": "3", "way": "升", "percent": "233.3"}


@pytest.mark.sqlite
def test_nothing_is_changed_behind_anybodys_back(desk):
    report = desk.fill(desk.start())
    with desk.acting("city_officer") as actor:
        with pytest.raises(ValidationError, match="刷新"):
            filling.type_in(actor, report, report.version - 1, desk.key(report, "B7"), "旧页面")
        with pytest.raises(Http404):
            filling.type_in(actor, report, report.version, desk.key(report, "B4"), "改数")
        with pytest.raises(ValidationError, match="刷新"):
            workflow.take_step(actor, report, 0, "ask")
        with pytest.raises(ValidationError, match="不能"):
            workflow.take_step(actor, report, report.version, "submit")
    desk.type(report)
    desk.step(report, "ask")
    with pytest.raises(ValidationError, match="不能重新生成"):
        desk.fill(report)
    with whole():
        kinds = set(Event.objects.values_list("action", flat=True))
    assert {"report_form.created", "report_form.bound", "report.started", "report.filled", "report.ask"} <= kinds


@pytest.mark.sqlite
@pytest.mark.parametrize(("period", "says"), [("2026", "2026-"), ("10月", "2026-"), ("2026-13", "2026-")])
def test_a_period_is_of_the_kind_the_form_asks_for(desk, period, says):
    with pytest.raises(ValidationError, match=says):
        desk.start(period)


@pytest.mark.sqlite
def test_a_period_is_reported_once(desk):
    desk.start()
    with pytest.raises(ValidationError, match="已经建立"):
        desk.start()


@pytest.mark.sqlite
def test_binding_refuses_what_the_cell_cannot_take(desk):
    with desk.acting("city_officer") as actor:
        for address, says in (("C6", "公式"), ("B1", "左上角"), ("ZZZZ9", "地址"), ("B10", "两次")):
            with pytest.raises(ValidationError, match=says):
                services.bind(actor, desk.form, SHEET, address, {"kind": "constant", "label": "x", "text": "x"})
        with pytest.raises(ValidationError, match="工作表"):
            services.bind(actor, desk.form, "没有", "A1", {"kind": "constant", "label": "x", "text": "x"})
        for kind in ("figure", "list", "dimension", "constant"):
            with pytest.raises(ValidationError):
                services.bind(actor, desk.form, SHEET, "B8", {"kind": kind, "label": "x"})
        services.bind(actor, desk.form, SHEET, "B4", {"kind": "constant", "label": "固定", "text": "１２"})
        assert desk.form.bindings.count() == len(CELLS)
        assert desk.form.bindings.get(address="B4").said == {"value": ["n", "12"]}
        assert services.unbind(actor, desk.form, SHEET, "B4")
        assert not services.unbind(actor, desk.form, SHEET, "B4")
    with desk.acting("county_officer") as actor, pytest.raises(PermissionDenied):
        services.unbind(actor, desk.form, SHEET, "B5")


@pytest.mark.sqlite
def test_a_new_blank_must_take_what_is_bound(desk):
    other = io.BytesIO()
    openpyxl.Workbook().save(other)
    with desk.acting("city_officer") as actor:
        with pytest.raises(ValidationError) as refused:
            services.edit(actor, desk.form, 1, {"name": "新名", "file": ("空.xlsx", other.getvalue())})
        assert "没有名为“月报”" in str(refused.value)
        services.edit(actor, desk.form, 1, {"name": "新名", "file": ("月报2.xlsx", workbook(foot=18))})
        desk.form.refresh_from_db()
        assert (desk.form.name, desk.form.version) == ("新名", 2)
        with pytest.raises(ValidationError, match="另存为"):
            old = {"name": "x", "every": "year", "issuer": "x", "due_day": 1}
            services.create(actor, {**old, "file": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))})


@pytest.mark.sqlite
def test_a_list_longer_than_the_form_says_how_many_rows_to_insert(desk):
    for number in range(9):
        desk.kept.add("firms", "2026-10", EAST, f"新厂{number}", 1)
    report = desk.fill(desk.start())
    with whole(), pytest.raises(ValidationError, match="第 16 行之前插入 6 行"):
        freezing.workbook(report)


@pytest.mark.sqlite
def test_without_indicators_every_figure_is_missing_with_the_reason(desk):
    figures.provide(figures.NoFigures())
    report = desk.fill(desk.start())
    assert desk.value(report, "B4").warnings == [{"key": "missing", "said": {"why": "本平台还没有启用指标"}}]
    assert desk.value(report, "A10").held == []


def test_periods():
    month, quarter, year = (Reported.over(one, date(2026, 4, 1)) for one in ("month", "quarter", "year"))
    assert (month.key, quarter.key, year.key) == ("2026-03", "2026-Q1", "2025")
    assert [Reported.read(one.key) for one in (month, quarter, year)] == [month, quarter, year]
    assert [one.before.key for one in (month, quarter, year)] == ["2026-02", "2025-Q4", "2024"]
    assert (month.due(31), year.due(5)) == (date(2026, 4, 30), date(2026, 1, 5))
    assert [quarter.figure_period(one).key for one in ("this", "last", "year", "last_year")] == [
        "2026-03", "2025-03", "2026", "2025",
    ]  # fmt: skip
    assert year.figure_period("this").key == "2025"
    with pytest.raises(ValueError, match="no period"):
        Reported.read("2026-Q5")


def test_the_draft_is_read_back(desk):
    report = desk.fill(desk.start())
    with whole():
        values = Blank(freezing.workbook(report)).values([(SHEET, "B6")])
    assert values[SHEET, "B6"] == Decimal("3.6")
    assert report.known_on == DAY
