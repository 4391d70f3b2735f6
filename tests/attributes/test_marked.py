"""Marked copies of any subject: the workbook as it came, with every problem at its cell."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import polars as pl
import pytest
import xlwt
from tests.attributes.tables import GOOD, book, green

from jigai.ledger import read_table
from jigai.reports.returns.copies import SUFFIX, problem_marks, with_problems

HEAD = ["企业名称", "统一社会信用代码", "级别", "认定年份", "有效期至"]
ROWS = [HEAD, ["甲公司", GOOD, "县级", "去年", "2026-02-30"], ["乙公司", "坏", "国家级", 2023, ""]]


@pytest.fixture
def table(tmp_path):
    return green(tmp_path)


def test_one_mark_per_cell_with_all_that_is_said(table):
    reading = read_table(book(ROWS), table)
    marks = problem_marks(reading.problems)
    notes = {f"{row['column']}{row['row']}": row["note"] for row in marks.to_dicts()}
    assert set(notes) == {"C2", "D2", "E2", "B3"}
    assert "不在“级别”的选项里" in notes["C2"]
    assert "必填" in notes["C2"]
    assert notes["D2"].count("【") == 2


def test_notes_of_the_reading_are_not_marked(table):
    reading = read_table(book([HEAD, ["甲公司", GOOD, "国家级", 2023, 46082]]), table)
    assert "date_serial" in reading.problems["code"].to_list()
    assert problem_marks(reading.problems).is_empty()


def test_an_xlsx_comes_back_with_everything_else_untouched(table):
    data = book(ROWS)
    reading = read_table(data, table)
    copy, name = with_problems(data, "xlsx", "名单.xlsx", reading.problems)
    assert name == "名单.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["名单"]
    assert "四位年份" in sheet["D2"].comment.text
    assert sheet["D2"].fill.fgColor.rgb != sheet["A2"].fill.fgColor.rgb
    assert [cell.value for cell in sheet[2]] == ROWS[1]
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(copy)) as after:
        kept = [part for part in before.namelist() if part.startswith(("docProps", "xl/theme", "xl/sharedStrings"))]
        assert kept
        assert all(before.read(part) == after.read(part) for part in kept)
    again = read_table(copy, table)
    assert again.rows.drop("row_id").equals(reading.rows.drop("row_id")), "a marked copy reads as its original"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_file_comes_back_as_a_workbook_that_says_so(table, encoding):
    data = "\n".join(",".join(map(str, row)) for row in ROWS).encode(encoding)
    reading = read_table(data, table, source_file="名单.csv")
    copy, name = with_problems(data, reading.format, "名单.csv", reading.problems)
    assert name == f"名单.csv{SUFFIX}"
    opened = openpyxl.load_workbook(io.BytesIO(copy))
    assert "转存" in str(opened.worksheets[0]["A1"].value)
    assert "四位年份" in opened.worksheets[1]["D2"].comment.text


def test_an_old_xls_comes_back_as_a_workbook(table):
    old = xlwt.Workbook()
    page = old.add_sheet("名单")
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    target = io.BytesIO()
    old.save(target)
    reading = read_table(target.getvalue(), table, source_file="名单.xls")
    assert reading.rows.height == 2
    copy, name = with_problems(target.getvalue(), reading.format, "名单.xls", reading.problems)
    assert name.endswith(SUFFIX)
    assert read_table(copy, table, source_file=name).rows["enterprise_name"].to_list() == ["甲公司", "乙公司"]


def test_no_problem_is_no_mark(table):
    data = book([HEAD, ["甲公司", GOOD, "国家级", 2023, "2026-05-01"]])
    reading = read_table(data, table)
    assert problem_marks(reading.problems.clear()).is_empty()
    copy, _name = with_problems(data, "xlsx", "名单.xlsx", reading.problems)
    assert openpyxl.load_workbook(io.BytesIO(copy))["名单"]["A2"].comment is None
    assert isinstance(reading.problems, pl.DataFrame)
