"""A workbook to fill in for any subject that has an attribute table, and the export of its rows in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jigai.attributes import Attribute, AttributeTable, shown
from jigai.attributes.words import header
from jigai.reports.book import Book, Field, lines_for
from jigai.reports.template.checks import bounds, validate
from jigai.reports.template.questions import choice_words

LINES: Final = 2_000
NOTES_SHEET: Final = "填表说明"
ABOUT_SHEET: Final = "说明"
MARKER: Final = "jigai_subject"
"""Custom property of the file: the subject the template was made for."""

_HEADER_ROW: Final = 2
_AREA: Final = "#F7FAFD"
_STYLES: Final = {"number": "number", "integer": "whole", "year": "year", "date": "text"}
_NARROWEST, _WIDEST = 9, 40


def write_subject_template(table: AttributeTable, target: Path | IO[bytes], advice: Sequence[str] = ()) -> None:
    """Write an empty workbook for ``table``: drop-downs, checks, notes on every header, and a sheet 填表说明.

    ``advice`` are sentences on how to fill it in, shown first on that sheet.
    """
    book = Book(target, f"{table.zh}填报表")
    book.file.set_custom_property(MARKER, table.key)
    asked = list(table.asked)
    sheet = book.sheet(sheet_name(table.zh))
    last = max(len(asked) - 1, 1)
    book.heading(sheet, 0, table.zh, last)
    book.line(sheet, 1, f"带*的必填；蓝底为填写区；各列含义见“{NOTES_SHEET}”。不清楚的留空，不要填0。", last)
    _heads(book, sheet, asked)
    for column, item in enumerate(asked):
        validate(sheet, column, item, _HEADER_ROW + 1, LINES)
        look = _look(book, item, bg_color=_AREA)
        for row in range(_HEADER_ROW + 1, _HEADER_ROW + 21):
            sheet.write_blank(row, column, None, look)
    sheet.activate()
    _notes_sheet(book, table, asked, advice)
    book.close()


def write_rows(
    table: AttributeTable,
    rows: Iterable[Mapping[str, Any]],
    target: Path | IO[bytes],
    *,
    about: Sequence[tuple[str, str]] = (),
    as_of: date | None = None,
) -> int:
    """Write rows of ``table`` as a workbook that can be handed in again, and return how many there are.

    ``about`` are pairs of what and how for the sheet 说明: data date, filters, who made the file.
    """
    book = Book(target, table.zh, as_of)
    columns = [item for item in table if item.role != "provenance"]
    sheet = book.sheet(sheet_name(table.zh))
    last = max(len(columns) - 1, 1)
    book.heading(sheet, 0, table.zh, last)
    book.line(sheet, 1, "；".join(f"{what}：{how}" for what, how in about), last)
    _heads(book, sheet, columns)
    looks = [_look(book, item) for item in columns]
    count = 0
    for count, row in enumerate(rows, 1):
        for column, (item, look) in enumerate(zip(columns, looks, strict=True)):
            _write(sheet, _HEADER_ROW + count, column, item, row.get(item.name), look)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + max(count, 1), last)
    notes = book.sheet(ABOUT_SHEET, portrait=True)
    notes.set_column(0, 0, 18)
    notes.set_column(1, 1, 70)
    place = book.heading(notes, 0, f"{table.zh}说明", 1)
    for what, how in [*about, ("条数", str(count))]:
        notes.write_string(place, 0, what, book.tone("ink", bold=True))
        notes.write_string(place, 1, how, book.tone("ink"))
        place += 1
    book.close()
    return count


def sheet_name(text: str) -> str:
    """Make a name Excel accepts out of the name of a subject."""
    return "".join("_" if letter in "[]:*?/\\" else letter for letter in text)[:31] or "表"


def definition(item: Attribute) -> str:
    """Say how a column is filled in."""
    choices = choice_words(item)
    if choices:
        how = f"从下拉框中选：{'、'.join(choices)}。"
    elif item.type in {"number", "integer", "year", "date"}:
        how = bounds(item)
    else:
        how = ""
    said = f"{item.definition.rstrip('。；')}。" if item.definition else ""
    return said + how or "照实填写。"


def _heads(book: Book, sheet: Worksheet, columns: list[Attribute]) -> None:
    sheet.set_row(_HEADER_ROW, 34)
    head, required = book.head(), book.tone("head", bold=True, align="center", font_color="#FBF0DA")
    for column, item in enumerate(columns):
        sheet.set_column(column, column, _width(item))
        text = header(item) + ("*" if item.required else "")
        sheet.write_string(_HEADER_ROW, column, text, required if item.required else head)
        sheet.write_comment(_HEADER_ROW, column, definition(item), {"author": "jigai", "x_scale": 1.6})
    sheet.freeze_panes(_HEADER_ROW + 1, min(2, len(columns) - 1))
    sheet.repeat_rows(_HEADER_ROW)


def _width(item: Attribute) -> float:
    longest = max([len(header(item)), *(len(word) for word in choice_words(item))])
    free = 24 if item.type == "text" and not item.format else 0
    return min(max(longest * 2.0, _NARROWEST, 21 if item.format else 0, free), _WIDEST)


def _look(book: Book, item: Attribute, **properties: Any) -> Format:
    return book.tone("accent" if properties else "ink", _STYLES.get(item.type, "text"), **properties)


def _write(sheet: Worksheet, row: int, column: int, item: Attribute, value: Any, look: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif item.type in {"number", "integer", "year"}:
        sheet.write_number(row, column, float(value), look)
    else:
        sheet.write_string(row, column, shown(item, value), look)


def _notes_sheet(book: Book, table: AttributeTable, asked: list[Attribute], advice: Sequence[str]) -> None:
    sheet = book.sheet(NOTES_SHEET)
    widths = (22, 8, 70, 24)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = book.heading(sheet, 0, f"{table.zh}填表说明", len(widths) - 1)
    keys = "、".join(item.zh for item in table.keys)
    said = [*advice, "填好后把整个工作簿交回，不要改动表头。"]
    said += (
        [f"“{keys}”都相同的视为同一条：再次交来时改的是这一条，不会重复登记；空着的格不改动原有内容。"] if keys else []
    )
    for text in said:
        row = book.line(sheet, row, text, len(widths) - 1, lines_for(text, sum(widths)), "ink")
    fields = [Field("栏目"), Field("必填"), Field("怎么填"), Field("依据", 1, "text")]
    row = book.block(sheet, row, fields, [])
    for item in asked:
        how = definition(item)
        values = [header(item), "必填" if item.required else "", how, item.source]
        height = max(lines_for(how, widths[2] - 2), lines_for(item.source, widths[3] - 2))
        book.row(sheet, row, fields, values, 15 * height + 4)
        row += 1
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
