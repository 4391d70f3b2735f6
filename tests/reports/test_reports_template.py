"""Templates: asked in plain Chinese, and read back as they were meant."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jigai.ledger import read_ledger
from jigai.ledger.columns import Attribute, attributes
from jigai.reference import Reference
from jigai.reports.labels import read_table
from jigai.reports.template import ENTERPRISE, NOTES_SHEET, header, write_template
from jigai.reports.template.questions import choice_words, find_kind, questions
from jigai.screening import screen

DAY = date(2026, 11, 23)
KINDS = ["motor", "transformer", "compressor", "fan", "pump", "boiler", "machine_tool", "welder", "furnace", "crane"]
HEADER_ROW = 4


@pytest.fixture(scope="module")
def facts() -> Reference:
    return Reference.load(DAY)


def made(kind: str, facts: Reference, folder: Path) -> openpyxl.Workbook:
    write_template(kind, folder / f"{kind}.xlsx", facts)
    return openpyxl.load_workbook(folder / f"{kind}.xlsx")


def headers(sheet: Worksheet) -> list[str]:
    return [str(cell.value).rstrip("*") for cell in sheet[HEADER_ROW]]


def answer(item: Attribute, example: str) -> object:
    """Something a careful filler could write into this column."""
    if choice_words(item):
        return choice_words(item)[-1]
    if item.type == "year":
        return 1998
    if item.type in {"number", "integer"}:
        return item.maximum / 2 if item.maximum and item.type == "number" else max(int(item.minimum or 0), 1)
    return example or ("4/2" if item.name == "poles" else "甲")


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_filled_template_is_read_back(kind: str, facts: Reference, tmp_path: Path) -> None:
    book = made(kind, facts, tmp_path)
    sheet = book.worksheets[0]
    asked = questions(find_kind(kind, facts), facts)
    assert headers(sheet) == [header(question.attribute) for question in asked]
    sheet.cell(3, 2, "某某有限公司")
    for column, question in enumerate(asked, 1):
        sheet.cell(HEADER_ROW + 1, column, answer(question.attribute, question.example))
    book.save(tmp_path / "filled.xlsx")

    ledger = read_ledger(tmp_path / "filled.xlsx", as_of=DAY)

    assert [sheet.name for sheet in ledger.sheets] == [book.sheetnames[0]]
    read_as = [column.attribute for column in ledger.sheets[0].columns]
    assert read_as == [question.attribute.name for question in asked]
    assert ledger.devices.height == 1
    assert ledger.devices["enterprise"].to_list() == ["某某有限公司"]
    unread = [question.attribute.name for question in asked if ledger.devices[question.attribute.name][0] is None]
    assert unread == []
    assert ledger.problems.filter(ledger.problems["severity"] == "error").is_empty()
    judged = screen(ledger.devices, facts, DAY)
    assert judged.devices["kind"].to_list() == [kind]


def test_an_empty_template_asks_for_devices(facts: Reference, tmp_path: Path) -> None:
    made("pump", facts, tmp_path)
    ledger = read_ledger(tmp_path / "pump.xlsx", as_of=DAY)
    assert ledger.refused
    assert ledger.problems["code"].to_list()[0] == "no_rows"


def test_examples_are_of_the_kind_that_is_asked_for(facts: Reference, tmp_path: Path) -> None:
    notes = made("pump", facts, tmp_path)[NOTES_SHEET]
    shown = {row[0].value: row[4].value for row in notes.iter_rows(min_row=5)}
    assert (shown["设备名称"], shown["规格型号"]) == ("2号循环水泵", "IS150-125-400")
    notes = made("valve", facts, tmp_path)[NOTES_SHEET]
    shown = {row[0].value: row[4].value for row in notes.iter_rows(min_row=5)}
    assert (shown["设备名称"], shown["规格型号"]) == (None, None)


def test_examples_name_kinds_there_are(facts: Reference) -> None:
    known = set(facts.table("kinds", "kinds")["kind"])
    assert [row["kind"] for row in read_table("examples") if row["kind"] not in known] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_speaks_no_code(kind: str, facts: Reference, tmp_path: Path) -> None:
    book = made(kind, facts, tmp_path)
    notes = [str(row[2].value) for row in book[NOTES_SHEET].iter_rows(min_row=6) if row[2].value]
    comments = [cell.comment.text for cell in book.worksheets[0][HEADER_ROW]]
    assert [text for text in [*notes, *comments] if re.search(r"[a-z]+_[a-z]+|[a-z]{5,}", text)] == []
    assert book.worksheets[0].cell(3, 1).value == ENTERPRISE


def test_yes_or_no_is_asked_as_a_question() -> None:
    shown = {item.name: header(item) for item in attributes() if item.type == "flag"}
    assert shown["double_suction"] == "是否双吸"
    assert shown["networked"] == "是否联网"
    assert all(text.startswith("是否") for text in shown.values())
