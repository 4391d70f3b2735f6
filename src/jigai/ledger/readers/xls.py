"""xls: values by calamine; hidden rows and columns, percentages and errors from the BIFF8 records (MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from jigai.ledger import ole
from jigai.ledger.grid import Grid
from jigai.ledger.limits import Refused
from jigai.ledger.readers import calamine
from jigai.ledger.readers.calamine import Extras

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _XF, _FORMAT = 0x0809, 0x000A, 0x002F, 0x0085, 0x00E0, 0x041E
_ROW, _COLINFO, _NUMBER, _RK, _MULRK, _FORMULA = 0x0208, 0x007D, 0x0203, 0x027E, 0x00BD, 0x0006
_MERGED, _BOOLERR = 0x00E5, 0x0205
_PERCENT_FORMATS: Final = (9, 10)
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, bytes]


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the work sheets of an xls workbook; a protected one is refused (password)."""
    del name
    found = extras_of(data)
    yield from calamine.read(data, lambda sheet: found.get(sheet, Extras()))


def extras_of(data: bytes) -> dict[str, Extras]:
    """Return sheet name → what its records tell beside the values; empty for workbooks older than Excel 97."""
    stream = _stream(data)
    sheets: list[tuple[str, int]] = []
    formats: list[int] = []
    percent = set(_PERCENT_FORMATS)
    for number, (kind, body) in enumerate(_records(stream, 0)):
        if number == 0 and (kind != _BOF or body[:2] != b"\x00\x06"):
            return {}
        if kind == _FILEPASS:
            raise Refused("password")
        if kind == _BOUNDSHEET and len(body) > 8:
            sheets.append((_text(body[6:]), struct.unpack_from("<I", body)[0]))
        elif kind == _XF and len(body) >= 4:
            formats.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _FORMAT and len(body) >= 5 and b"%" in body[5:]:
            percent.add(struct.unpack_from("<H", body)[0])
    styles = frozenset(place for place, used in enumerate(formats) if used in percent)
    return {name: _scan(stream, offset, styles) for name, offset in sheets}


def _stream(data: bytes) -> bytes:
    if not data.startswith(ole.MAGIC):
        return data
    try:
        names = ole.stream_names(data)
        return ole.read_stream(data, "Workbook" if "Workbook" in names else "Book")
    except (ole.OleError, KeyError, StopIteration, struct.error) as error:
        raise Refused("truncated") from error


def _records(stream: bytes, offset: int) -> Iterator[Record]:
    """Yield the records from ``offset`` to the end of that part of the stream."""
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + size]
        if kind == _EOF:
            return
        offset += 4 + size


def _text(raw: bytes) -> str:
    count, wide = raw[0], raw[1] & 1
    return raw[2 : 2 + count * 2].decode("utf-16-le", "replace") if wide else raw[2 : 2 + count].decode("latin-1")


def _scan(stream: bytes, offset: int, percent: frozenset[int]) -> Extras:
    extras = Extras()
    for kind, body in _records(stream, offset):
        if kind == _ROW and len(body) >= 14:
            row, flags = struct.unpack_from("<H10xH", body)
            if flags & 0x20:
                extras.hidden_rows.append(row)
        elif kind == _COLINFO and len(body) >= 10:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & 1:
                extras.hidden_columns += range(first, min(last, 255) + 1)
        elif kind in (_NUMBER, _RK, _FORMULA) and len(body) >= 6:
            row, column, style = struct.unpack_from("<HHH", body)
            if style in percent:
                extras.percent_cells.append((row, column))
            if kind == _FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":
                extras.error_cells[row, column] = _ERRORS.get(body[8], "#ERR")
        elif kind == _MULRK and len(body) >= 12:
            row, column = struct.unpack_from("<HH", body)
            styles = [struct.unpack_from("<H", body, place)[0] for place in range(4, len(body) - 2, 6)]
            extras.percent_cells += [(row, column + place) for place, used in enumerate(styles) if used in percent]
        elif kind == _BOOLERR and len(body) >= 8 and body[7]:
            row, column = struct.unpack_from("<HH", body)
            extras.error_cells[row, column] = _ERRORS.get(body[6], "#ERR")
        elif kind == _MERGED and len(body) >= 2:
            for place in range(2, len(body) - 7, 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", body, place)
                extras.merges.append((top, left, bottom, right))
    return extras
