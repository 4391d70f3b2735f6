"""A file of any subject comes back with its problems at their cells, whatever format it was handed in."""

from __future__ import annotations

import io

import openpyxl
import pytest
from tests.attributes.tables import GOOD, book, green

from jigai.ledger import read_table
from jigai.reports.returns.copies import SUFFIX, problem_marks, with_problems

HEAD = ["统一社会信用代码", "企业名称", "级别", "认定年份", "有效期至"]
WRONG = [HEAD, [GOOD, "甲", "县级", "去年", "2026-02-30"]]


@pytest.fixture
def table(tmp_path):
    return green(tmp_path)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def notes(sheet):
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def test_every_wrong_cell_is_marked_once_with_all_that_is_said(table):
    found = read_table(book(WRONG), table, source_file="名单.xlsx")
    marks = problem_marks(found.problems).to_dicts()
    places = [(one["sheet"], one["row"], one["column"]) for one in marks]
    assert len(places) == len(set(places))
    assert {("名单", 2, "C"), ("名单", 2, "D"), ("名单", 2, "E")} <= set(places)
    for one in marks:
        lines = one["note"].split("\n")
        assert len(lines) == len(set(lines))
        assert one["note"].startswith("【")


def test_a_workbook_keeps_its_name_and_its_words(table):
    data = book(WRONG)
    found = read_table(data, table, source_file="名单.xlsx")
    copy, name = with_problems(data, "xlsx", "名单.xlsx", found.problems)
    assert name == "名单.xlsx"
    sheet = opened(copy)
    assert [cell.value for cell in sheet[2]] == WRONG[1]
    assert {"C2", "D2", "E2"} <= set(notes(sheet))


def test_a_text_file_comes_back_as_a_workbook_that_says_so(table):
    data = "\n".join(",".join(row) for row in WRONG).encode()
    found = read_table(data, table, source_file="名单.csv")
    copy, name = with_problems(data, found.format, "名单.csv", found.problems)
    assert name == "名单.csv" + SUFFIX
    says, marked = openpyxl.load_workbook(io.BytesIO(copy)).worksheets[:2]
    assert says.title == "转存说明"
    assert len(notes(marked)) >= 3


def test_a_file_without_faults_has_no_marks(table):
    data = book([HEAD, [GOOD, "甲", "国家级", 2024, "2026-01-01"]])
    found = read_table(data, table, source_file="名单.xlsx")
    assert problem_marks(found.problems).is_empty()
    copy, _name = with_problems(data, "xlsx", "名单.xlsx", found.problems)
    assert notes(opened(copy)) == {}
