"""csv and txt: UTF-8 with or without mark, GB18030 or UTF-16; comma, tab, semicolon or bar."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from jigai.ledger.grid import MAX_COLUMNS, Grid, filled_width, letter, to_cells
from jigai.ledger.limits import Refused
from jigai.ledger.sniff import looks_utf16

DELIMITERS: Final = ("\t", ",", ";", "|", "，", "；")
_SAMPLE_LINES: Final = 60


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the one table of a text file. A line with more cells than the widest common line is marked ragged."""
    text = decode(data).replace("\x00", "")
    rows = _rows(text, delimiter_of(text))
    if (wide := filled_width(rows)) > MAX_COLUMNS:
        yield Grid(PurePosixPath(name).stem, to_cells([]), too_large=f"{letter(wide - 1)}{len(rows)}")
        return
    width = _header_width(rows)
    ragged = {number: len(row) for number, row in enumerate(rows) if width and len(_trimmed(row)) > width}
    yield Grid(PurePosixPath(name).stem, to_cells(rows), ragged=ragged)


def decode(data: bytes) -> str:
    """Return the text of ``data``; :class:`Refused` (encoding) when no supported encoding fits."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, [encoding])
    wide = looks_utf16(data[:4096]) if b"\x00" in data[:4096] else None
    return _strict(data, [wide] if wide else ["utf-8", "gb18030"])


def _strict(data: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def delimiter_of(text: str) -> str:
    """Choose the delimiter that cuts most of the first lines into the same number of cells (at least two)."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in _rows("\n".join(lines), delimiter))
        score = max((width * number for width, number in counts.items() if width > 1), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # An odd quote such as 2"管 must not swallow the lines after it: quoting counts only where the quotes pair up.
    paired = lines.count('"') % 2 == 0
    reader = csv.reader(
        io.StringIO(lines), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if paired else csv.QUOTE_NONE
    )
    try:
        return [[cell.replace("\r", "\n") for cell in row] for row in reader]
    except csv.Error as error:
        raise Refused("damaged", detail=str(error)[:80]) from error


def _header_width(rows: list[list[str]]) -> int:
    """Width of the table: the commonest number of cells among its lines, 0 when there is no table."""
    counts = Counter(len(_trimmed(row)) for row in rows[:2000])
    widths = [(number, width) for width, number in counts.items() if width > 1]
    if not widths:
        return 0
    common = max(widths)[1]
    header = max((len(_trimmed(row)) for row in rows[:20]), default=0)
    return max(common, min(header, len(rows[0]) if rows else header))


def _trimmed(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]
