"""xlsb: values by calamine; merges, hidden rows and columns, percentages and errors from the records (MS-XLSB)."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from jigai.ledger.grid import Grid
from jigai.ledger.limits import Refused
from jigai.ledger.readers import calamine
from jigai.ledger.readers.calamine import Extras

_ROW_HEADER, _ERROR, _REAL, _RK, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 3, 5, 2, 9, 11
_LAST_CELL: Final = 11
_COLUMN_INFO, _MERGE, _BUNDLE_SHEET = 60, 176, 156
_FORMAT, _XF, _BEGIN_XFS, _END_XFS = 44, 47, 617, 618
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the work sheets of an xlsb workbook."""
    del name
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            parts = _sheet_parts(archive)
            percent = _percent_styles(archive)
            found = {sheet: scan(archive.read(part), percent) for sheet, part in parts.items()}
        except (KeyError, struct.error, IndexError, ElementTree.ParseError) as error:
            raise Refused("damaged", detail=str(error)[:80]) from error
    yield from calamine.read(data, lambda sheet: found.get(sheet, Extras()))


def records(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, content) of the records of a part: type and size are numbers of seven bits per byte."""
    place = 0
    while place < len(raw):
        kind = raw[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (raw[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while True:
            byte = raw[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift >= 28:
                break
        yield kind, raw[place : place + size]
        place += size


def scan(raw: bytes, percent: frozenset[int]) -> Extras:
    """Gather from a sheet part what the values do not tell; ``percent`` are the styles that show percentages."""
    extras = Extras()
    row = last_row = last_column = 0
    for kind, body in records(raw):
        if kind == _ROW_HEADER:
            row = struct.unpack_from("<I", body)[0]
            if body[11] & 0x10:
                extras.hidden_rows.append(row)
        elif kind <= _LAST_CELL:
            column, style = struct.unpack_from("<II", body)
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind in (_RK, _REAL, _FORMULA_NUMBER) and style & 0xFFFFFF in percent:
                extras.percent_cells.append((row, column))
            elif kind in (_ERROR, _FORMULA_ERROR):
                extras.error_cells[row, column] = _ERRORS.get(body[8], "#ERR")
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            extras.merges.append((top, left, bottom, right))
        elif kind == _COLUMN_INFO and body[16] & 1:
            first, last = struct.unpack_from("<2I", body)
            extras.hidden_columns += range(first, min(last, 16383) + 1)
    extras.corner = (last_row, last_column)
    return extras


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    targets = {
        item.get("Id", ""): posixpath.normpath(posixpath.join("xl", item.get("Target", ""))) for item in relations
    }
    parts: dict[str, str] = {}
    for kind, body in records(archive.read("xl/workbook.bin")):
        if kind == _BUNDLE_SHEET:
            relation, place = _text(body, 8)
            name, _ = _text(body, place)
            if targets.get(relation) in archive.namelist():
                parts[name] = targets[relation]
    return parts


def _text(body: bytes, place: int) -> tuple[str, int]:
    count = struct.unpack_from("<I", body, place)[0]
    end = place + 4 + 2 * count
    return body[place + 4 : end].decode("utf-16-le", "replace"), end


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    if "xl/styles.bin" not in archive.namelist():
        return frozenset()
    percent, used, inside = {9, 10}, [], False
    for kind, body in records(archive.read("xl/styles.bin")):
        if kind == _FORMAT and "%" in _text(body, 2)[0]:
            percent.add(struct.unpack_from("<H", body)[0])
        elif kind in (_BEGIN_XFS, _END_XFS):
            inside = kind == _BEGIN_XFS
        elif kind == _XF and inside:
            used.append(struct.unpack_from("<H", body, 2)[0])
    return frozenset(place for place, number in enumerate(used) if number in percent)
