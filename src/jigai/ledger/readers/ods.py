"""ods: values by calamine; merges, hidden and filtered rows and columns, and percentages from content.xml."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from jigai.ledger.grid import MAX_CELLS, Grid
from jigai.ledger.limits import Refused
from jigai.ledger.readers import calamine
from jigai.ledger.readers.calamine import Extras

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_MOST_MARKED: Final = 20_000
"""Rows or columns repeated more often than this are the empty rest of the sheet."""


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the sheets of an OpenDocument spreadsheet; a protected one is refused (password)."""
    del name
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "content.xml" not in archive.namelist():
            raise Refused("damaged", detail="content.xml")
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise Refused("password")
        content = archive.read("content.xml")
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content[:2000]:
        raise Refused("damaged", detail="content.xml: DOCTYPE")
    try:
        found = scan(content)
    except ElementTree.ParseError as error:
        raise Refused("damaged", detail=f"content.xml: {error}") from error
    yield from calamine.read(data, lambda sheet: found.get(sheet, Extras()))


def scan(content: bytes) -> dict[str, Extras]:
    """Return sheet name → what the values do not tell."""
    found: dict[str, Extras] = {}
    extras = Extras()
    row = column = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        if event == "start" and element.tag == f"{_TABLE}table":
            extras = Extras(corner=(0, 0))
            found[element.get(f"{_TABLE}name", "")] = extras
            row = column = 0
        elif event == "end" and element.tag == f"{_TABLE}table-column":
            count = _repeated(element, "columns")
            if _hidden(element) and count <= _MOST_MARKED:
                extras.hidden_columns += range(column, column + count)
            column += count
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            row += _row(element, row, extras)
            element.clear()
    return found


def _row(element: ElementTree.Element, row: int, extras: Extras) -> int:
    """Take one row (or several alike) into ``extras``; returns how many rows it stands for."""
    count = _repeated(element, "rows")
    if _hidden(element) and count <= _MOST_MARKED:
        extras.hidden_rows += range(row, row + count)
    column = 0
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        width = _repeated(cell, "columns")
        kind = cell.get(f"{_OFFICE}value-type")
        if kind is not None:
            last_row, last_column = extras.corner or (0, 0)
            extras.corner = (max(last_row, row + count - 1), max(last_column, column + width - 1))
        if kind == "percentage" and count * width <= MAX_CELLS // 1000:
            extras.percent_cells += [
                (line, place) for line in range(row, row + count) for place in range(column, column + width)
            ]
        tall = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        wide = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if tall > 1 or wide > 1:
            extras.merges.append((row, column, row + tall - 1, column + wide - 1))
        column += width
    return count


def _repeated(element: ElementTree.Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() else 1


def _hidden(element: ElementTree.Element) -> bool:
    return element.get(f"{_TABLE}visibility") in {"collapse", "filter"}
