"""A ledger that cannot be changed in place (xls, csv, ods …) comes back as a new workbook that says so."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from jigai.ledger.formers import author_of
from jigai.reports.book import Book
from jigai.reports.returns.marked import marked_copy
from jigai.reports.sheet_xml import MAX_ROWS, Body, fill

NOTICE_SHEET: Final = "转存说明"
_LONGEST_NAME: Final = 31


def rebuilt_copy(name: str, sheets: Sequence[tuple[str, pl.DataFrame]], marks: pl.DataFrame, data: bytes) -> bytes:
    """Return a new xlsx with the cells of a ledger in their old places, and the marks on them.

    Args:
        name: the ledger's name, as the notice shows it.
        sheets: name and cells of every sheet; row 0 of the cells is row 1 of the sheet, all columns are texts.
        marks: one row per marked cell, by the same sheet names.
        data: the ledger itself, which the notes name.
    """
    shell = io.BytesIO()
    book = Book(shell, name)
    notice = book.sheet(NOTICE_SHEET)
    notice.set_column(0, 0, 100)
    text = (
        f"本工作簿由“{name}”转存而成：原文件的格式不能直接加批注。单元格的位置与原文件一致，"
        "版式、图片和公式没有带过来。请在本工作簿中补正后报回，或在原文件中补正后另存为.xlsx报回。"
    )
    notice.write_string(0, 0, text, book.format(text_wrap=True, bold=True, font_color="#9B1C16"))
    notice.set_row(0, 48)
    bodies: list[Body] = []
    names: dict[str, str] = {}
    for title, cells in sheets:
        shown = _sheet_name(title, set(names.values()) | {NOTICE_SHEET})
        names[title] = shown
        sheet = book.file.add_worksheet(shown)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        look = book.format(border=1, border_color="#E2DFD7", valign="vcenter")
        for place in range(max(cells.width, 1)):
            sheet.set_column(place, place, 14)
            sheet.write_blank(0, place, None, look)
        part = f"xl/worksheets/sheet{len(book.file.worksheets())}.xml"
        bodies.append(Body(part, 1, cells.head(MAX_ROWS), {}, read_numbers=True))
    book.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.xlsx"
        fill(shell, path, bodies)
        made = path.read_bytes()
    return marked_copy(made, marks.with_columns(pl.col("sheet").replace(names)), author_of(data, before=1))


def _sheet_name(title: str, taken: set[str]) -> str:
    """Make a name Excel accepts: no []:*?/\\, no quote at the ends, 31 characters, unique."""
    clean = "".join("_" if letter in "[]:*?/\\" else letter for letter in title).strip("' ") or "台账"
    name, number = clean[:_LONGEST_NAME], 1
    while name.casefold() in {item.casefold() for item in taken}:
        number += 1
        name = f"{clean[: _LONGEST_NAME - 4]}({number})"
    return name
