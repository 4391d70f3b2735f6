"""The board as a workbook: objectives, units, the years of every figure, and 说明."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from jigai.plan.amounts import rounded
from jigai.platform.plan import words
from jigai.platform.plan.kept import Number
from jigai.platform.plan.papers import words as told
from jigai.platform.plan.reading import Board, ObjectiveView, TargetView
from jigai.reports.book import Book, Field, lines_for


def write(target: Path, board: Board, by: str, day: date) -> None:
    """Write the workbook; ``day`` is the day it is made on."""
    book = Book(target, told.title(board), day)
    rows = [(view, one) for view in board.objectives for one in view.targets]
    _sheet(book, board, _("目标"), _objective_fields(), [_objective(*row) for row in rows])
    _sheet(book, board, _("地区"), _unit_fields(), [line for row in rows for line in _units(*row)])
    _sheet(book, board, _("历年"), _year_fields(), [line for row in rows for line in _years(*row)])
    _notes(book, board, by)
    book.close()


def _sheet(
    book: Book, board: Board, name: str, columns: Sequence[tuple[Field, float]], rows: Sequence[Sequence[Any]]
) -> Worksheet:
    sheet = book.sheet(name, note=told.line(board))
    fields, widths = [field for field, _width in columns], [width for _field, width in columns]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = len(fields) - 1
    row = book.heading(sheet, 0, f"{told.title(board)}：{name}", last)
    row = book.line(sheet, row, told.line(board), last)
    book.block(sheet, row, fields, rows, fitting=widths)
    sheet.freeze_panes(row + 1, 2)
    sheet.repeat_rows(row)
    sheet.autofilter(row, 0, row + max(len(rows), 1), last)
    return sheet


def _shared_fields() -> list[tuple[Field, float]]:
    return [(Field(_("项目")), 8), (Field(_("目标")), 22), (Field(_("指标")), 26)]


def _figure_fields() -> list[tuple[Field, float]]:
    return [
        (Field(_("数值"), style="number"), 12),
        (Field(_("单位")), 9),
        (Field(_("应报"), style="count"), 9),
        (Field(_("已报"), style="count"), 9),
        (Field(_("填报覆盖率"), style="share"), 11),
        (Field(_("能否上报")), 9),
        (Field(_("数据日期")), 12),
    ]


def _objective_fields() -> list[tuple[Field, float]]:
    asked = [(Field(_("要求")), 22), (Field(_("此时应到"), style="number"), 11), (Field(_("状态")), 10)]
    return [*_shared_fields(), (Field(_("期间")), 12), *_figure_fields(), *asked, (Field(_("情况")), 60)]


def _unit_fields() -> list[tuple[Field, float]]:
    part = [(Field(_("县区、园区")), 14), (Field(_("期间")), 12)]
    return [*_shared_fields(), *part, *_figure_fields(), (Field(_("差距"), style="number"), 10), (Field(_("状态")), 10)]


def _year_fields() -> list[tuple[Field, float]]:
    return [*_shared_fields(), (Field(_("期间")), 12), *_figure_fields()]


def _named(view: ObjectiveView, one: TargetView) -> list[Any]:
    return [view.objective.id, view.objective.title.say(words.language()), words.title(one.indicator)]


def _figure(number: Number) -> list[Any]:
    value = None if number.value is None else float(rounded(number.value, number.indicator.digits))
    share = None if number.coverage is None else float(number.coverage)
    reportable = "" if number.value is None else _("可上报") if number.reportable else _("不可上报")
    day = number.data_date.isoformat() if number.data_date else ""
    return [value, words.unit(number.indicator), number.should, number.reported, share, reportable, day]


def _objective(view: ObjectiveView, one: TargetView) -> list[Any]:
    line = one.judgement.expected if one.judgement else None
    state = words.state_of(one).word
    asked = [told.target(one), None if line is None else float(line), state, "".join(told.said(one))]
    return [*_named(view, one), words.period(one.number.period), *_figure(one.number), *asked]


def _units(view: ObjectiveView, one: TargetView) -> list[list[Any]]:
    return [
        [
            *_named(view, one), unit.name, words.period(unit.number.period), *_figure(unit.number),
            None if unit.gap is None else float(unit.gap), told.unit_state(unit),
        ]
        for unit in one.units
    ]  # fmt: skip


def _years(view: ObjectiveView, one: TargetView) -> list[list[Any]]:
    return [[*_named(view, one), words.period(number.period), *_figure(number)] for number in one.history]


def _notes(book: Book, board: Board, by: str) -> None:
    sheet = book.sheet(_("说明"), portrait=True)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 76)
    row = book.heading(sheet, 0, _("说明"), 1)
    fields = [Field(_("项目")), Field(_("内容"))]
    reading = (
        _("读表须知"),
        _("空白表示没有数据，不表示零；差距是本单位的数减去此时应到的数，没有进度线的减去目标值。"),
    )
    for place, values in enumerate([*told.notes(board, by), reading]):
        height = 16.0 * max(lines_for(values[1], 74), lines_for(values[0], 22)) + 4
        if place == 0:
            row = book.block(sheet, row, fields, [values], height=height)
        else:
            book.row(sheet, row, fields, values, height)
            row += 1
