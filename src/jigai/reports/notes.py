"""The sheet 说明: how the result came about, which documents it rests on, what they lack, how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.worksheet import Worksheet

from jigai.reports.book import Book, Field, field_widths, fitting_height, lines_for
from jigai.reports.labels import label, labels, read_table
from jigai.reports.run import Run

SHEET: Final = "说明"
_LAST: Final = 9
_WIDTHS: Final = (11, 10, 26, 24, 24, 12, 8, 6, 58, 13)


def write_notes(book: Book, run: Run, remarks: Sequence[str] = ()) -> None:
    """Write 说明; ``remarks`` are things to know about this very file, such as rows that did not fit."""
    sheet = book.sheet(SHEET)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = book.heading(sheet, 0, "说明", _LAST)
    for remark in remarks:
        row = book.line(sheet, row, remark, _LAST, lines_for(remark, sum(_WIDTHS)), "stop")
    row = _facts(book, sheet, row, run)
    row = _verdicts(book, sheet, row + 1)
    row = _reading(book, sheet, row + 1)
    row = _sources(book, sheet, row + 1, run)
    _gaps(book, sheet, row + 1, run)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _facts(book: Book, sheet: Worksheet, row: int, run: Run) -> int:
    row = book.heading(sheet, row, "一、本次筛查", _LAST, 12)
    rows = [
        ["判定日", f"{run.as_of.isoformat()}（只用这一天有效的目录和标准）"],
        ["软件版本", f"jigai {run.engine_version}"],
        ["依据数据摘要", run.reference_hash],
        ["输入数据摘要", run.input_hash],
        ["台账文件", f"{len(run.files)}个"],
    ]
    return book.block(sheet, row, [Field("项目"), Field("内容", 9)], rows)


def _verdicts(book: Book, sheet: Worksheet, row: int) -> int:
    row = book.heading(sheet, row, "二、结论怎么读", _LAST, 12)
    known = list(labels("verdict").values())
    rows = [[item.zh, item.meaning] for item in known]
    return book.block(sheet, row, [Field("结论"), Field("含义", 9)], rows, tones_of=[item.tone for item in known])


def _reading(book: Book, sheet: Worksheet, row: int) -> int:
    row = book.heading(sheet, row, "三、使用须知", _LAST, 12)
    for place, item in enumerate(read_table("reading"), start=1):
        text = f"{place}. {item['zh']}"
        row = book.line(sheet, row, text, _LAST, lines_for(text, sum(_WIDTHS)), "ink")
    return row


def _sources(book: Book, sheet: Worksheet, row: int, run: Run) -> int:
    row = book.heading(sheet, row, "四、所用目录和标准", _LAST, 12)
    fields = [
        Field("检查"), Field("约束对象"), Field("名称"), Field("文号"), Field("有效期"), Field("依据内容"),
        Field("版本"), Field("条数", 1, "count"), Field("疑点"), Field("数据编号", 1, "text"),
    ]  # fmt: skip
    ordered = sorted(run.checks, key=lambda source: (list(labels("check")).index(source.check or ""), source.id))
    for place, source in enumerate(ordered):
        values = [
            label("check", source.check), label("binds", source.binds), source.title_zh, source.shown_number,
            source.window, label("certainty", source.certainty), source.version, source.rows,
            "；".join(source.doubts), source.id,
        ]  # fmt: skip
        height = fitting_height(values, _WIDTHS)
        if place == 0:
            row = book.block(sheet, row, fields, [values], height=height)
        else:
            book.row(sheet, row, fields, values, height)
            row += 1
    if not ordered:
        row = book.line(sheet, row, "这一天没有有效的目录和标准。", _LAST)
    return row


def _gaps(book: Book, sheet: Worksheet, row: int, run: Run) -> int:
    row = book.heading(sheet, row, "五、未收录的内容（这些范围内“未列入”不等于不在目录内）", _LAST, 12)
    rows = [[label("gap", gap.kind), gap.document, gap.text_zh] for gap in run.gaps]
    if not rows:
        return book.line(sheet, row, "没有登记的缺口。", _LAST)
    fields = [Field("性质"), Field("文件", 3), Field("缺什么", 6)]
    return book.block(sheet, row, fields, rows, fitting=field_widths(fields, _WIDTHS))
