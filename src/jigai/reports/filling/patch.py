"""The XML of a sheet with values put in; whatever is not filled stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from jigai.reports.filling.asked import Value, address_of
from jigai.reports.returns.package import NotPatchableError, attribute_of, insert_before_close
from jigai.reports.returns.sheet_part import CELL, DATA, ROW, column_number, with_cells, with_rows

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_RESULT: Final = re.compile(r"<((?:\w+:)?)v\b[^>]*?(?:/>|>.*?</\1v\s*>)", re.DOTALL)
_FORMULA: Final = re.compile(r"<(?:\w+:)?f\b")
_KEPT_PICTURE: Final = "DISPIMG"
"""A cell picture of WPS is a formula too; its result is its own text and is never out of date."""


@dataclass(frozen=True)
class Put:
    """What a cell gets: a value and, where it has no style of its own, a style; ``blank`` cells get the style only."""

    value: Value
    style: int = 0
    blank: bool = False


@dataclass
class Rows:
    """What the rows of a sheet get: ``cells`` by row and column, ``like`` the row a new row is made after."""

    cells: dict[int, dict[int, Put]]
    like: dict[int, int]


def patched(xml: str, rows: Rows, merges: Sequence[str]) -> str:
    """Return the sheet with the values in place and further merged cells.

    Raises:
        NotPatchableError: the sheet is written in a way that cannot be changed in place.
    """
    data = DATA.search(xml)
    if data is None:
        raise NotPatchableError("no sheetData")
    prefix, content = data[1], data[2] or ""
    body = "".join(_rows(content, prefix, rows))
    opening = re.match(rf"<{prefix}sheetData\b[^>]*?(?=/?>)", data.group())
    tag = opening.group().rstrip() if opening else f"<{prefix}sheetData"
    done = f"{xml[: data.start()]}{tag}>{body}</{prefix}sheetData>{xml[data.end() :]}"
    return _dimensioned(_merged(done, merges), rows)


def without_results(xml: str) -> str:
    """Return the sheet with what its formulas came to taken out; the formulas stay."""

    def bare(found: re.Match[str]) -> str:
        if not _FORMULA.search(found[3]) or _KEPT_PICTURE in found[3]:
            return found.group()
        return f"<{found[1]}c{_without(found[2], 't')}{_RESULT.sub('', found[3])}"

    return CELL.sub(bare, xml)


def has_formulas(xml: str) -> bool:
    """Say whether a sheet calculates anything."""
    return any(_FORMULA.search(found[3]) for found in CELL.finditer(xml))


def _rows(content: str, prefix: str, rows: Rows) -> Iterator[str]:
    looks = {int(attribute_of(one[2], "r") or 0): one[2] for one in ROW.finditer(content)} if rows.like else {}

    def made(row: int, attributes: str, inside: str) -> str:
        cells = "".join(_cells(inside, prefix, row, rows.cells[row]))
        return f"<{prefix}row{attributes}>{cells}</{prefix}row>"

    def new(row: int) -> str:
        look = _without(_without(looks.get(rows.like.get(row, 0), ""), "r"), "spans")
        return made(row, f' r="{row}"{look}', "")

    def changed(row: int, found: re.Match[str]) -> str:
        return made(row, _without(found[2], "spans"), found[3] or "")

    return with_rows(content, rows.cells, new, changed)


def _cells(content: str, prefix: str, row: int, puts: Mapping[int, Put]) -> Iterator[str]:
    def new(column: int) -> str:
        return _cell(prefix, row, column, puts[column], puts[column].style)

    def changed(column: int, found: re.Match[str]) -> str:
        put = puts[column]
        own = int(attribute_of(found[2], "s") or 0)
        return found.group() if put.blank else _cell(prefix, row, column, put, own or put.style)

    return with_cells(content, puts, new, changed)


def _cell(prefix: str, row: int, column: int, put: Put, style: int) -> str:
    attributes = f' r="{address_of((row, column))}"' + (f' s="{style}"' if style else "")
    value = put.value
    if value is None or value == "":
        return f"<{prefix}c{attributes}/>"
    if isinstance(value, str):
        text = f'<{prefix}t xml:space="preserve">{text_xml(value)}</{prefix}t>'
        return f'<{prefix}c{attributes} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
    return f"<{prefix}c{attributes}><{prefix}v>{Decimal(value):f}</{prefix}v></{prefix}c>"


def text_xml(text: str) -> str:
    """Write a text so that a cell shows just that: mark-up escaped, signs a file cannot hold left out."""
    clean = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return escape(_LOOKS_ESCAPED.sub(r"_x005F_\1", clean))


def _without(attributes: str, name: str) -> str:
    return re.sub(rf"""\s{name}\s*=\s*(?:"[^"]*"|'[^']*')""", "", attributes).rstrip()


def _merged(xml: str, merges: Sequence[str]) -> str:
    if not merges:
        return xml
    more = insert_before_close(xml, "mergeCells", "".join(f'<mergeCell ref="{one}"/>' for one in merges))

    def counted(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + len(merges)}{found[3]}"

    return re.sub(r"""(<(?:\w+:)?mergeCells\b[^>]*?\bcount\s*=\s*["'])(\d+)(["'])""", counted, more, count=1)


def _dimensioned(xml: str, rows: Rows) -> str:
    """Widen the used range the sheet tells of, where something was put outside it."""
    found = re.search(r"""(<(?:\w+:)?dimension\s+ref\s*=\s*["'])([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?(["'])""", xml)
    if found is None or not rows.cells:
        return xml
    columns = [column for cells in rows.cells.values() for column in cells]
    first = (min(int(found[3]), *rows.cells), min(column_number(found[2]), *columns))
    last = (
        max(int(found[5] or found[3]), *rows.cells),
        max(column_number(found[4] or found[2]), *columns),
    )
    ref = address_of(first) if first == last else f"{address_of(first)}:{address_of(last)}"
    return f"{xml[: found.start()]}{found[1]}{ref}{found[6]}{xml[found.end() :]}"
