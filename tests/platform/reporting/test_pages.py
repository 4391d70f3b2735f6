"""The pages of report forms, clicked through as people do."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.platform.campaigns.conftest import whole
from tests.platform.reporting.blanks import SHEET, workbook
from tests.platform.reporting.conftest import PERIOD
from tests.platform.reporting.figures import NAMES

from jigai.platform.jobs import worker
from jigai.platform.reporting.forms import BindForm
from jigai.platform.reporting.grid import drawn
from jigai.platform.reporting.models import Form, Report
from jigai.platform.reporting.suggesting import heading_of, suggested
from jigai.reports.filling import Blank

pytestmark = pytest.mark.django_db


def url(name, *args, **query):
    tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    return reverse(f"reporting:{name}", args=args) + tail


def post(client, where, **values):
    """Fill a form in as it was drawn, and send it."""
    form = client.get(where).context
    hidden = {"version": form["version"]} if form.get("version") is not None else {"once": form.get("once", "")}
    return client.post(where, {**hidden, **values})


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_form_is_taken_in_bound_by_clicks_and_reported(city, kept, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = city.client("city_officer")
    file = SimpleUploadedFile("月报.xlsx", workbook())
    said = {"name": "月报", "every": "month", "issuer": "示例省经信厅", "due_day": "5", "file": file}
    answer = post(client, url("new"), **said)
    form = Form.objects.get()
    assert answer.url == url("bind", form.pk)
    page = client.get(url("bind", form.pk)).content.decode()
    assert "规上工业企业数（户）" in page and 'colspan="4"' in page and "ƒ" in page
    assert client.get(url("bind", form.pk, sheet="没有")).status_code == 404

    where = url("bind", form.pk, sheet=SHEET, cell="B4")
    page = client.get(where)
    assert page.context["form"].initial["indicator"] == "firms"
    figure = {"kind": "figure", "label": "企业数", "indicator": "firms", "span": "this", "part": "value", "factor": "1"}
    assert post(client, where, **figure).status_code == 302
    assert "企业数" in client.get(url("form", form.pk)).content.decode()
    columns = {"kind": "list", "label": "清单", "indicator": "firms", "span": "this", "columns": "A = 序号\nＢ = 名称"}
    where = url("bind", form.pk, sheet=SHEET, cell="A10")
    assert post(client, where, **{**columns, "columns": "A"}).status_code == 422
    assert post(client, where, **columns).status_code == 302
    assert form.bindings.get(address="A10").said["columns"][1] == {"letter": "B", "field": "label"}
    assert "B = 名称" in client.get(where).content.decode()
    wrong = post(client, url("bind", form.pk, sheet=SHEET, cell="C6"), **figure)
    assert wrong.status_code == 422 and "公式" in wrong.content.decode()

    assert post(client, url("start", form.pk), period=PERIOD).status_code == 302
    report = Report.objects.get()
    answer = client.post(url("fill", report.pk))
    assert answer.status_code == 302 and answer.url.startswith("/jobs/")
    worker.run(once=True)
    assert "填了 2 格" in client.get(answer.url).content.decode()
    assert "东风轧钢" in client.get(url("report", report.pk)).content.decode()


@pytest.mark.sqlite
def test_the_page_of_a_report_shows_figures_and_what_to_look_at(desk):
    report = desk.fill(desk.start())
    client = desk.city.client("city_officer")
    page = client.get(url("report", report.pk)).content.decode()
    for words in ("规上企业数", "未确认", "须处理", "还没有填写", "3 行", "东区", "西区"):
        assert words in page
    where = url("cell", report.pk, desk.key(report, "B7"))
    assert post(client, where, text="进展正常").status_code == 302
    assert "进展正常" in client.get(url("report", report.pk)).content.decode()
    assert client.get(url("cell", report.pk, "999999")).status_code == 404
    assert post(client, url("step", report.pk, "ask"), comment="").status_code == 302
    assert client.get(url("step", report.pk, "no-step")).status_code == 404
    client.post(url("fill", report.pk))
    assert "不能重新生成" in client.get(url("report", report.pk)).content.decode()


@pytest.mark.sqlite
def test_a_county_sees_its_own_figures_confirms_them_and_gets_no_file(desk):
    report = desk.fill(desk.start())
    desk.type(report)
    desk.step(report, "ask")
    east = desk.city.client("county_officer")
    page = east.get(url("report", report.pk)).content.decode()
    assert "东区企业数" in page and "西区企业数" not in page and "设备投资" not in page
    assert east.get(url("file", report.pk)).status_code == 404
    where = url("confirm", report.pk)
    assert "西区企业数" not in east.get(where).content.decode()
    assert post(east, where, agreed="no", reason="").status_code == 422
    assert post(east, where, agreed="yes", reason="").status_code == 302
    assert "已确认" in east.get(url("report", report.pk)).content.decode()
    assert desk.city.client("auditor").get(where).status_code == 403


@pytest.mark.sqlite
def test_a_draft_is_handed_out_as_such(desk):
    report = desk.start()
    client = desk.city.client("city_officer")
    assert client.get(url("file", report.pk)).status_code == 302
    report = desk.fill(report)
    answer = client.get(url("file", report.pk))
    assert "%EF%BC%88%E5%B7%B2%E7%94%9F%E6%88%90%EF%BC%89" in answer["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]["B4"].value == 3


@pytest.mark.postgres("official reports are frozen on the server only")
def test_a_frozen_report_shows_what_changed_and_is_corrected(desk):
    from datetime import date

    report = desk.frozen()
    client = desk.city.client("city_officer")
    assert "没有变动" in client.get(url("difference", report.pk)).content.decode()
    desk.kept.add("firms", "2026-10", "510402", "东二厂", 1, day=date(2026, 11, 4))
    page = client.get(url("difference", report.pk)).content.decode()
    assert "更正报表" in page and "东二厂" in page
    where = url("correct", report.pk)
    assert post(client, where, reason="补报").status_code == 422
    said = {f"why{at}": "企业补报" for at in range(3)}
    assert post(client, where, reason="补报", **said).status_code == 302
    second = Report.objects.get(number=2)
    assert set(second.reasons.values()) == {"企业补报"} and len(second.reasons) == 3
    assert "第 2 稿" in client.get(url("report", second.pk)).content.decode()
    desk.fill(second, date(2026, 11, 5))
    page = client.get(url("difference", second.pk)).content.decode()
    assert "企业补报" in page
    assert "看更正稿" in client.get(url("difference", report.pk)).content.decode()


@pytest.mark.sqlite
def test_the_list_shows_the_newest_report_of_each_form(desk):
    client = desk.city.client("auditor")
    assert "还没有填报" in client.get(url("list")).content.decode()
    desk.fill(desk.start())
    page = client.get(url("list")).content.decode()
    assert "2026年10月" in page and "已生成" in page and "新增报表" not in page
    assert client.get(url("new")).status_code == 403


@pytest.mark.sqlite
def test_a_blank_that_cannot_be_filled_is_refused_where_it_was_chosen(city, kept, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = city.client("city_officer")
    file = SimpleUploadedFile("月报.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    said = {"name": "月报", "every": "month", "issuer": "x", "due_day": "40", "file": file}
    assert "1 到 31" in post(client, url("new"), **said).content.decode()
    file.seek(0)
    answer = post(client, url("new"), **{**said, "due_day": "5"})
    assert answer.status_code == 422 and "另存为" in answer.content.decode()


def test_what_a_cell_wants_is_guessed_from_the_words_around_it():
    sheet = Blank(workbook()).sheet(SHEET)
    assert heading_of(sheet, 5, 1) == "关键工序数控化率（%） 全市"
    assert suggested(heading_of(sheet, 5, 1), NAMES)["indicator"] == "nc_rate"
    assert suggested(heading_of(sheet, 5, 1), NAMES)["factor"] == "100"
    assert suggested(heading_of(sheet, 6, 1), NAMES)["factor"] == "0.00000001"
    assert suggested(heading_of(sheet, 16, 1), NAMES)["field"] == "filler"
    assert suggested("天气", NAMES) == {"label": "天气", "kind": "typed"}


def test_a_sheet_is_drawn_as_excel_shows_it():
    table = drawn(Blank(workbook()).sheet(SHEET), {})
    assert table.letters[:4] == ["A", "B", "C", "D"] and not table.cut
    title = table.rows[0][1][0]
    assert (title.address, title.wide, title.high) == ("A1", 4, 1)
    assert [one.address for one in table.rows[0][1]] == ["A1", "E1", "F1", "G1"]


def test_columns_are_read_by_letter_and_word(city):
    with whole():
        form = BindForm(data={"label": "x", "kind": "list", "columns": "a＝number\n\n b = 名称 "})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["columns"] == [
            {"letter": "A", "field": "number"}, {"letter": "B", "field": "label"},
        ]  # fmt: skip
        for wrong in ("1 = 名称", "A 名称", "甲 = 名称"):
            assert not BindForm(data={"label": "x", "kind": "list", "columns": wrong}).is_valid()
