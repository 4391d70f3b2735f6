"""Messy workbooks: titles, merged headers, one sheet per shop, subtotals, 同上, hidden rows, signatures."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from jigai.platform.sample.draws import table
from jigai.platform.sample.firms import Firm

MADE: Final = datetime(2026, 3, 2, 9, 0)
"""The time written into every workbook, so that the bytes are the same each time."""


def write_book(path: Path, firm: Firm, rows: list[dict[str, str]], layout: dict[str, Any], chance: Random) -> None:
    """Write the ledger of ``firm`` as a workbook in ``layout``."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True, "align": "center", "border": 1, "text_wrap": True})
        title = firm.name + chance.choice(table("layouts")["titles"])
        if layout["per_shop"]:
            ordered = sorted(rows, key=lambda row: row["shop"])
            for shop, part in groupby(ordered, key=lambda row: row["shop"]):
                _sheet(book.add_worksheet(shop[:31]), f"{title}（{shop}）", list(part), layout, chance, bold)
        else:
            _sheet(book.add_worksheet("设备台账"), title, rows, layout, chance, bold)


def _sheet(
    sheet: Worksheet, title: str, rows: list[dict[str, str]], layout: dict[str, Any], chance: Random, bold: Any
) -> None:
    headers = layout["headers"]
    last = len(headers) - 1
    sheet.merge_range(0, 0, 0, last, title, bold)
    first = _headers(sheet, list(headers.values()), layout["merged"], bold)
    line = first
    above: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(headers):
            value = row.get(name, "")
            if layout["ditto"] and name == "shop" and value and value == above.get(name) and chance.random() < 0.5:
                value = "同上"
            _put(sheet, line, column, name, value)
        if layout["hidden"] and chance.random() < 0.02:
            sheet.set_row(line, None, None, {"hidden": True})
        above = row
        line += 1
        if layout["subtotals"] and number % 40 == 0:
            line = _subtotal(sheet, line, headers, rows[number - 40 : number])
    if layout["subtotals"] and rows:
        line = _subtotal(sheet, line, headers, rows, "合计")
    sheet.write_string(line + 1, 0, "　　".join(table("layouts")["foot"]))


def _headers(sheet: Worksheet, labels: list[str], merged: bool, bold: Any) -> int:
    """Write the header below the title and return the first row of data."""
    if not merged:
        for column, label in enumerate(labels):
            sheet.write_string(1, column, label, bold)
        return 2
    column = 0
    for group, part in groupby(labels, key=lambda label: label.split("/")[0] if "/" in label else None):
        names = list(part)
        if group is None:
            for place, label in enumerate(names, column):
                sheet.merge_range(1, place, 2, place, label, bold)
        else:
            if len(names) > 1:
                sheet.merge_range(1, column, 1, column + len(names) - 1, group, bold)
            else:
                sheet.write_string(1, column, group, bold)
            for place, label in enumerate(names, column):
                sheet.write_string(2, place, label.split("/", 1)[1], bold)
        column += len(names)
    return 3


def _put(sheet: Worksheet, row: int, column: int, name: str, value: str) -> None:
    if name in {"no", "quantity"} and value.isdigit():
        sheet.write_number(row, column, int(value))
    elif value:
        sheet.write_string(row, column, value)


def _subtotal(
    sheet: Worksheet, row: int, headers: dict[str, str], part: list[dict[str, str]], word: str = "小计"
) -> int:
    sheet.write_string(row, 0, word)
    sheet.write_number(row, list(headers).index("quantity"), sum(int(one["quantity"]) for one in part))
    return row + 1
