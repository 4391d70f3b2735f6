"""A workbook that asks an enterprise only what decides one kind of equipment."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.worksheet import Worksheet

from jigai.ledger.columns import Attribute
from jigai.reports.book import Book, Field, lines_for
from jigai.reports.template.checks import bounds, validate
from jigai.reports.template.questions import Kind, Question, UnknownKind, choice_words, find_kind, questions
from jigai.reports.template.subject import write_subject_template

if TYPE_CHECKING:
    from jigai.reference import Reference

LINES: Final = 2_000
"""Lines prepared with drop-downs and checks."""
NOTES_SHEET: Final = "填表说明"
MARKER: Final = "jigai_template"
"""Custom property of the file: the kind the template was made for."""

ENTERPRISE: Final = "填报单位"
_ENTERPRISE_ROW: Final = 2
_HEADER_ROW: Final = 3

__all__ = ["Kind", "UnknownKind", "write_subject_template", "write_template"]


def write_template(kind: str, path: Path, reference: Reference | None = None) -> Kind:
    """Write a template for a kind of equipment and return the kind.

    Args:
        kind: key (``motor``), Chinese or English name, or an alias (水泵).
        path: the xlsx file to write.
        reference: the facts whose rules decide what is asked; without it, the facts that have no end date.

    Raises:
        UnknownKind: no kind has this name; the names there are come with it.
    """
    if reference is None:
        from jigai.reference import Reference as Facts

        reference = Facts.load(date.max)
    found = find_kind(kind, reference)
    asked = questions(found, reference)
    book = Book(path, f"{found.zh}台账填报表")
    book.file.set_custom_property(MARKER, found.key)
    _ledger_sheet(book, found, asked)
    _notes_sheet(book, found, asked)
    book.close()
    return found


def header(item: Attribute) -> str:
    """Return the header of a column with its unit: 额定功率(kW)."""
    said = not item.unit or item.type == "year" or item.unit in item.zh
    return item.asked_zh if said else f"{item.asked_zh}({item.unit})"


def _ledger_sheet(book: Book, kind: Kind, asked: list[Question]) -> None:
    sheet = book.sheet(f"{kind.zh}台账"[:31])
    last = len(asked) - 1
    book.heading(sheet, 0, f"{kind.zh}台账", last)
    book.line(sheet, 1, f"带*的必填；蓝底为填写区；各列含义见“{NOTES_SHEET}”。不清楚的留空，不要填0。", last)
    _ask_enterprise(book, sheet)
    sheet.set_row(_HEADER_ROW, 34)
    area = book.tone("accent", "text", bg_color="#F7FAFD")
    head, required = book.head(), book.tone("head", bold=True, align="center", font_color="#FBF0DA")
    for column, question in enumerate(asked):
        sheet.set_column(column, column, question.width)
        text = header(question.attribute) + ("*" if question.required else "")
        sheet.write_string(_HEADER_ROW, column, text, required if question.required else head)
        sheet.write_comment(_HEADER_ROW, column, _definition(question), {"author": "jigai", "x_scale": 1.6})
        validate(sheet, column, question.attribute, _HEADER_ROW + 1, LINES)
    for row in range(_HEADER_ROW + 1, _HEADER_ROW + 21):
        for column, question in enumerate(asked):
            look = area if question.attribute.type in {"text", "choice", "flag"} else _number_look(book, question)
            sheet.write_blank(row, column, None, look)
    sheet.freeze_panes(_HEADER_ROW + 1, min(3, last))
    sheet.repeat_rows(_HEADER_ROW)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + LINES, last)
    sheet.set_comments_author("jigai")
    sheet.activate()


def _ask_enterprise(book: Book, sheet: Worksheet) -> None:
    """Ask once, above the table, whose equipment this is; the reader looks for the name there."""
    sheet.set_row(_ENTERPRISE_ROW, 24)
    sheet.write_string(_ENTERPRISE_ROW, 0, ENTERPRISE, book.head())
    sheet.merge_range(_ENTERPRISE_ROW, 1, _ENTERPRISE_ROW, 3, "", book.tone("accent", "text", bg_color="#F7FAFD"))


def _number_look(book: Book, question: Question) -> Any:
    return book.tone("accent", "year" if question.attribute.type == "year" else "number", bg_color="#F7FAFD")


def _definition(question: Question) -> str:
    """Say how a column is filled in."""
    item = question.attribute
    choices = choice_words(item)
    if choices:
        how = f"从下拉框中选：{'、'.join(choices)}。"
    elif item.type in {"number", "integer", "year"}:
        how = bounds(item)
    else:
        how = ""
    parts = [f"{text.rstrip('。；')}。" for text in (question.advice, item.definition) if text]
    return "".join([*parts, how]) or "照实填写。"


def _notes_sheet(book: Book, kind: Kind, asked: list[Question]) -> None:
    sheet = book.sheet(NOTES_SHEET)
    widths = (20, 8, 60, 30, 18)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = book.heading(sheet, 0, f"{kind.zh}台账填表说明", len(widths) - 1)
    for text in (
        "一台一行；型号、年份、使用状态都相同的可以并成一行，在“数量”栏写台数。",
        "照铭牌填写，铭牌看不清的留空并在备注中说明，不要估计，不要填0。",
        f"先在台账表上方写“{ENTERPRISE}”全称。填好后把整个工作簿报回，不要改动表头。",
    ):
        row = book.line(sheet, row, text, len(widths) - 1, 1, "ink")
    fields = [Field("栏目"), Field("必填"), Field("怎么填"), Field("用于"), Field("示例", 1, "text")]
    row = book.block(sheet, row, fields, [])
    for question in asked:
        item = question.attribute
        example = question.example or (choice_words(item)[:1] or [""])[0]
        serves = "、".join(question.serves) or ("识别设备" if item.name in {"name", "model"} else "核对")
        how = _definition(question)
        values = [header(item), "必填" if question.required else "", how, serves, example]
        book.row(
            sheet, row, fields, values, 15 * max(lines_for(how, widths[2] - 2), lines_for(serves, widths[3] - 2)) + 4
        )
        row += 1
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
