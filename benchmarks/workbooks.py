"""Workbooks for the report job: a generated ledger, and the plain reading and writing it is measured against."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.generate import Grammar, lines
from jigai.ledger import read_ledger
from jigai.ledger.columns import attribute
from jigai.reference import Reference
from jigai.reports import Run, write_report
from jigai.screening import screen

Rows = list[list[Any]]


def write_ledger(path: Path, count: int, reference: Reference) -> None:
    """Write a workbook of ``count`` devices with Chinese headers and units, as an enterprise would send it."""
    devices = lines(Grammar(reference), 0, count, count, max(1, count // 4))
    shown = devices.drop("device_id", "source_file", "sheet", "row", "enterprise")
    heads = [attribute(name) for name in shown.columns]
    titles = [f"{head.zh}({head.unit})" if head.unit and head.type == "number" else head.zh for head in heads]
    write_plain(path, {"设备台账": [titles, *map(list, shown.iter_rows())]})


def report(path: Path, out: Path, as_of: date) -> int:
    """Read, screen and write ``report.xlsx`` as the command line does; returns the number of devices."""
    reference = Reference.load(as_of)
    ledger = read_ledger(path)
    screening = screen(ledger.devices, reference, as_of)
    write_report(screening, ledger.problems, Run.of(reference, [ledger], as_of), out)
    return screening.devices.height


def cells(path: Path) -> dict[str, Rows]:
    """Read every cell of a workbook with calamine."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def write_plain(path: Path, sheets: dict[str, Rows]) -> None:
    """Write cells with XlsxWriter in its leanest mode, without a single format."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
