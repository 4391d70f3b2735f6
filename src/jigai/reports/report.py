"""``report.xlsx``: 汇总, 设备, 依据, 问题, 说明."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from jigai.reports.book import Book
from jigai.reports.labels import labels, read_table, tones
from jigai.reports.notes import write_notes
from jigai.reports.overview import write_overview
from jigai.reports.run import Run
from jigai.reports.sheet_xml import MAX_ROWS, Body, column_letters, fill
from jigai.reports.tables import device_table, finding_table, problem_table

if TYPE_CHECKING:
    from jigai.screening import Screening

TITLE: Final = "工业设备筛查报告"
SHEETS: Final = {"devices": "设备", "findings": "依据", "problems": "问题"}
MAX_SHEETS: Final = 3
"""Sheets one table may fill; what lies beyond is in the parquet file beside the report, and 说明 says so."""

_TITLES: Final = {
    "devices": "设备清单（每行对应台账一行，最紧要的在前）",
    "findings": "判定依据（只列有话可说的结果）",
    "problems": "台账问题（请按“说明与处理办法”逐条处理）",
}
_HEADER_ROW: Final = 1
_FROZEN: Final = {"devices": 5, "findings": 4, "problems": 2}


@dataclass(frozen=True)
class Shown:
    """A column of a long sheet as ``sheets.csv`` has it."""

    name: str
    header: str
    width: float
    style: str
    printed: bool


def write_report(
    screening: Screening,
    problems: pl.DataFrame,
    run: Run,
    path: Path,
    max_rows: int = MAX_ROWS,
    advice: pl.DataFrame | None = None,
) -> None:
    """Write the report of a screening to ``path``.

    Args:
        screening: devices and findings as :func:`jigai.screening.screen` returns them; both may be empty.
        problems: all problems, of reading the ledgers and of contradicting nameplates.
        run: the facts of the run.
        path: the xlsx file to write.
        max_rows: rows a sheet may have; longer tables go on in 设备(2) and so on.
        advice: what the sector guide says of the devices (:func:`jigai.screening.sector_guide.directions`).
    """
    tables = {
        "devices": device_table(screening.devices, screening.findings, run.as_of, run.kinds, advice),
        "findings": finding_table(screening.devices, screening.findings),
        "problems": problem_table(problems),
    }
    shell = io.BytesIO()
    book = Book(shell, TITLE, run.as_of)
    write_overview(book, screening.devices, screening.findings, problems, run)
    bodies: list[Body] = []
    remarks: list[str] = []
    for key, table in tables.items():
        bodies += _long_sheets(book, key, table, run, max_rows, remarks)
    write_notes(book, run, remarks)
    book.close()
    shell.seek(0)
    fill(shell, path, bodies)


def _long_sheets(book: Book, key: str, table: pl.DataFrame, run: Run, max_rows: int, remarks: list[str]) -> list[Body]:
    """Lay out the sheets of one table, as many as its rows need."""
    room = max_rows - _HEADER_ROW - 1
    fitting = min(table.height, room * MAX_SHEETS)
    if fitting < table.height:
        remarks.append(
            f"“{SHEETS[key]}”共{table.height:,}行，超过Excel能容纳的行数，这里只列前{fitting:,}行；"
            f"全部内容见同一文件夹的{key}.parquet。"
        )
    shown = _columns(key, table)
    frame = table.select(column.name for column in shown)
    bodies = []
    for place, start in enumerate(range(0, max(fitting, 1), room)):
        name = SHEETS[key] if place == 0 else f"{SHEETS[key]}({place + 1})"
        bodies.append(_long_sheet(book, key, name, shown, frame.slice(start, min(room, fitting - start)), run))
    return bodies


def _columns(key: str, table: pl.DataFrame) -> list[Shown]:
    """The columns of a sheet: optional ones only when some line has a value."""
    return [
        Shown(row["column"], row["zh"], float(row["width"]), row["style"], bool(row["print"]))
        for row in read_table("sheets")
        if row["sheet"] == key
        and (
            not row["optional"] or (row["column"] in table.columns and table[row["column"]].null_count() < table.height)
        )
    ]


def _long_sheet(book: Book, key: str, name: str, shown: list[Shown], frame: pl.DataFrame, run: Run) -> Body:
    sheet = book.sheet(name, f"按{run.as_of.isoformat()}有效的依据")
    part = f"xl/worksheets/sheet{len(book.file.worksheets())}.xml"
    last_column = len(shown) - 1
    printed = max(place for place, column in enumerate(shown) if column.printed)
    first, last = _HEADER_ROW + 1, _HEADER_ROW + max(frame.height, 1)
    book.heading(sheet, 0, f"{_TITLES[key]}　判定日 {run.as_of.isoformat()}", printed, 14)
    sheet.set_row(_HEADER_ROW, 32)
    for place, column in enumerate(shown):
        sheet.set_column(place, place, column.width)
        sheet.write_string(_HEADER_ROW, place, column.header, book.head())
        sheet.write_blank(first, place, None, book.tone("ink", column.style, valign="top"))
    sheet.autofilter(_HEADER_ROW, 0, last, last_column)
    sheet.freeze_panes(first, _FROZEN[key])
    sheet.repeat_rows(_HEADER_ROW)
    sheet.print_area(0, 0, last, printed)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last_column)}{last + 1}"})
    for place, column in enumerate(shown):
        if column.name in {"verdict", "severity", "outcome"}:
            for item in labels(column.name).values():
                if item.tone:
                    colours = tones()[item.tone]
                    look = book.file.add_format({"font_color": f"#{colours.font}", "bg_color": f"#{colours.fill}"})
                    rule = {"type": "cell", "criteria": "==", "value": f'"{item.zh}"', "format": look}
                    sheet.conditional_format(first, place, last, place, rule)
    widths = {column.name: column.width for column in shown if column.style in {"words", "text"} and column.printed}
    return Body(part, first + 1, frame, widths)
