"""Ledgers with every kind of trouble, made in memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import polars as pl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableCellProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from jigai.ledger import Ledger

HEADER = ("设备名称", "规格型号", "功率(kW)", "数量")
LINES = (("水泵", "IS80-65-160", 7.5, 2), ("电机", "Y160L-4", 15, 1))


def xlsx(rows: Sequence[Sequence[Any]], *, name: str = "台账", merges: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet; None is a blank cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for reference in merges:
        sheet.merge_cells(reference)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(
    rows: Sequence[Sequence[Any]],
    *,
    percent: Sequence[tuple[int, int]] = (),
    hidden: Sequence[int] = (),
    merge: tuple[int, int, int, int] | None = None,
) -> bytes:
    """A legacy workbook; ``percent`` cells are shown as percentages, ``hidden`` rows are hidden (from 0)."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("设备")
    style = xlwt.easyxf(num_format_str="0.0%")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            inside = merge is not None and merge[0] < row <= merge[1] and merge[2] <= column <= merge[3]
            if value is not None and not inside:
                sheet.write(row, column, value, *([style] if (row, column) in percent else []))
    if merge is not None:
        sheet.merge(*merge)
    for row in hidden:
        sheet.row(row).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(
    rows: Sequence[Sequence[Any]], *, hidden: Sequence[int] = (), tall: tuple[int, int, int] | None = None
) -> bytes:
    """An OpenDocument sheet; floats given as ``("%", 0.9)`` are percentages, ``tall`` is row, column, rows spanned."""
    document = OpenDocumentSpreadsheet()
    document.automaticstyles.addElement(Style(name="plain", family="table-cell"))
    document.automaticstyles.childNodes[-1].addElement(TableCellProperties())
    table = Table(name="设备")
    for number, cells in enumerate(rows):
        row = TableRow(**({"visibility": "collapse"} if number in hidden else {}))
        for column, value in enumerate(cells):
            if tall and column == tall[1] and tall[0] < number < tall[0] + tall[2]:
                row.addElement(CoveredTableCell())
                continue
            extra = {"numberrowsspanned": tall[2]} if tall and (number, column) == tall[:2] else {}
            if isinstance(value, tuple):
                cell = TableCell(valuetype="percentage", value=value[1], **extra)
            elif isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=value, **extra)
            elif value is None:
                cell = TableCell(**extra)
            else:
                cell = TableCell(valuetype="string", **extra)
                cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def gbk_zipped(members: dict[str, bytes]) -> bytes:
    """A zip as Windows makes it: names in GBK without the mark for UTF-8."""
    plain = {f"{place:08d}": (name, data) for place, (name, data) in enumerate(members.items())}
    raw = zipped({key: data for key, (_, data) in plain.items()})
    for key, (name, _) in plain.items():
        written = name.encode("gb18030")
        assert len(written) == len(key), "the name must fill eight bytes"
        raw = raw.replace(key.encode(), written)
    return raw


def patched(workbook: bytes, part: str, change: Any) -> bytes:
    """The same workbook with one part of the zip changed by a function of its bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[part] = change(members[part])
    return zipped(members)


def xlsb(
    rows: Sequence[Sequence[Any]],
    *,
    hidden: Sequence[int] = (),
    percent: Sequence[tuple[int, int]] = (),
    merge: tuple[int, int, int, int] | None = None,
) -> bytes:
    """A minimal binary workbook, record by record (MS-XLSB)."""
    sheet = [_record(129), _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)), _record(145)]
    for row, cells in enumerate(rows):
        flags = 0x10 if row in hidden else 0
        sheet.append(_record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, flags, 0, 0)))
        for column, value in enumerate(cells):
            place = struct.pack("<II", column, 1 if (row, column) in percent else 0)
            if isinstance(value, str):
                sheet.append(_record(6, place + _wide(value)))
            elif value is not None:
                sheet.append(_record(5, place + struct.pack("<d", value)))
    sheet.append(_record(146))
    if merge:
        sheet += [_record(177, struct.pack("<I", 1)), _record(176, struct.pack("<4I", *merge)), _record(178)]
    sheet.append(_record(130))
    xf = [_record(47, struct.pack("<HHHHHBBHH", 0, number, 0, 0, 0, 0, 0, 0, 0)) for number in (0, 10)]
    styles = [_record(278), _record(617, struct.pack("<I", 2)), *xf, _record(618), _record(279)]
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("设备")
    workbook = [_record(131), _record(143), _record(156, bundle), _record(144), _record(132)]
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "xl/workbook.bin": b"".join(workbook),
            "xl/styles.bin": b"".join(styles),
            "xl/worksheets/sheet1.bin": b"".join(sheet),
            "xl/_rels/workbook.bin.rels": f"<Relationships xmlns='{relations}'><Relationship Id='rId1' "
            f"Type='{office}/worksheet' Target='worksheets/sheet1.bin'/></Relationships>",
        }
    )


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def codes(ledger: Ledger) -> list[str]:
    return ledger.problems["code"].to_list()


def problem(ledger: Ledger, code: str) -> dict[str, Any]:
    """The one problem with this code."""
    found = ledger.problems.filter(pl.col("code") == code).to_dicts()
    assert len(found) == 1, (code, found)
    return found[0]


def line(ledger: Ledger, row: int) -> dict[str, Any]:
    """The one device read from this row."""
    found = ledger.devices.filter(pl.col("row") == row).to_dicts()
    assert len(found) == 1, (row, ledger.devices)
    return found[0]


def strings(rows: Sequence[Sequence[str | None]], *, merges: Sequence[str] = ()) -> bytes:
    """A workbook whose cells are all texts, also those that begin with ``=``."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, cells in enumerate(rows, 1):
        for place, text in enumerate(cells, 1):
            if text is not None:
                cell = sheet.cell(row, place, text)
                cell.data_type = "s"
    for reference in merges:
        sheet.merge_cells(reference)
    return saved(book)


def column(letters: str) -> int:
    """Column of an Excel letter, from 0 (only A to Z are used in tests)."""
    assert len(letters) == 1
    return ord(letters) - ord("A")
