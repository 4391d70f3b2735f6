"""The board as a workbook and a Word document: the figures of the page, what is grey and missing is said."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from docx import Document as Opened
from openpyxl import load_workbook
from PIL import Image
from tests.platform.people import EAST, WEST
from tests.platform.plan.conftest import work
from tests.platform.plan.scoring import YEAR, keep_sums, sample

from jigai.plan.period import Period
from jigai.platform.jobs import files
from jigai.platform.jobs.models import Job
from jigai.platform.plan.papers import document
from jigai.platform.plan.reading import Ask, read_board
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reports.charts import Bar, NoFontError, bars
from jigai.reports.fonts import chinese

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def told(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        sample()
        keep_sums("capacity_grade_a", {EAST: (1, 2, 5, 2)})
        keep_sums("newness", {EAST: (50, 100, 2, 2), WEST: (30, 100, 4, 4)})
    return city


def made(client, form):
    """Have a paper made and return its file."""
    client.post(reverse("papers:make", args=[form]) + f"?year={YEAR}")
    work()
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.order_by("-pk")[0]
    assert job.state == "done", job.error
    return Path(files.folder(job.pk)) / job.result["files"][0]["name"]


def test_the_workbook_holds_every_objective_unit_and_year(told):
    book = load_workbook(made(told.client("city_officer"), "xlsx"))
    assert book.sheetnames == ["目标", "地区", "历年", "说明"]
    heads, *rows = book["目标"].iter_rows(min_row=3, values_only=True)
    assert len(rows) == 16, "fifteen objectives, one of them with two targets"
    found = {row[2]: dict(zip(heads, row, strict=True)) for row in rows}
    nc_rate = found["关键工序数控化率"]
    assert (nc_rate["数值"], nc_rate["单位"], nc_rate["应报"], nc_rate["已报"]) == (68.8, "%", 10, 8)
    assert nc_rate["能否上报"] == "可上报"
    assert found["环保绩效A级产能占比"]["能否上报"] == "不可上报"
    digital = found["规上工业企业数字化改造覆盖率"]
    assert digital["期间"] == "2023年", "of a yearly figure the last year that enough reported for"
    assert "项目库尚未建立" in found["年度技改项目数"]["情况"]
    heads, *rows = book["地区"].iter_rows(min_row=3, values_only=True)
    assert len(rows) == 16 * 6
    west = next(row for row in map(dict, (zip(heads, row, strict=True) for row in rows))
                if row["县区、园区"] == "西区" and row["指标"] == "关键工序数控化率")  # fmt: skip
    assert (west["数值"], west["填报覆盖率"], west["能否上报"]) == (50, 0.5, "不可上报")
    notes = {row[0] for row in book["说明"].iter_rows(min_row=2, max_col=1, values_only=True)}
    assert {"方案", "灰色", "关键工序数控化率", "软件"} <= notes


def test_the_document_says_each_objective_with_its_units_and_charts(told):
    place = made(told.client("city_officer"), "docx")
    paper = Opened(str(place))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "15 项目标中，" in text
    assert "（十五）O15" in text
    assert "没有数：项目库尚未建立" in text
    assert "填报覆盖率 40%，不到方案规定" in text
    tables = {tuple(cell.text for cell in row.cells)[:2] for table in paper.tables for row in table.rows}
    assert ("西区", "50.0") in tables
    pictures = [one for one in paper.part.package.iter_parts() if one.partname.endswith(".png")]
    assert bool(pictures) == bool(chinese())


def test_what_rests_on_few_is_held_back_from_those_without_finance(told):
    paper = Opened(str(made(told.client("dept_officer"), "docx")))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "不到 3 家企业" in text
    rows = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert ["东区", "—"] in [row[:2] for row in rows]
    assert ["东区", "0.50"] not in [row[:2] for row in rows]


def test_without_a_typeface_the_document_is_made_without_charts(told, tmp_path):
    place = tmp_path / "board.docx"
    with transaction.atomic(), use_scope(command_scope("test")):
        board = read_board(told.actor("city_head"), Ask(Period(YEAR)), date(2026, 6, 1))
        steps = []
        assert not document.write(place, board, "某", None, lambda done, all_: steps.append((done, all_)))
    assert steps[-1] == (15, 15)
    assert not [one for one in Opened(str(place)).part.package.iter_parts() if one.partname.endswith(".png")]


def test_an_enterprise_has_no_board_to_export(told):
    assert told.client("enterprise_head").post(reverse("papers:make", args=["docx"])).status_code == 403
    assert told.client("city_officer").post(reverse("papers:make", args=["pdf"])).status_code == 404


@pytest.mark.skipif(chinese() is None, reason="no typeface with Chinese signs here")
def test_hatched_and_plain_bars_differ_in_grey():
    png = bars([Bar("甲", 100, "100"), Bar("乙", 100, "100", hatched=True)], chinese())
    picture = Image.open(io.BytesIO(png))
    assert picture.mode == "L"
    middle = picture.width // 2
    plain, hatched = (set(picture.crop((middle - 60, y - 8, middle + 60, y + 8)).tobytes()) for y in (70, 162))
    assert plain == {96}
    assert {0, 255} <= hatched


def test_a_chart_needs_a_typeface():
    with pytest.raises(NoFontError):
        bars([], None)
