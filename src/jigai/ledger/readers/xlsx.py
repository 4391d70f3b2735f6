"""xlsx and xlsm: values by calamine, and one pass over the XML of each sheet for what values do not tell.

The pass is a handful of searches over the bytes of the sheet part, so that a sheet of a hundred thousand rows costs
a fraction of a second. Nothing is evaluated: a formula without a stored result is reported, never calculated.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Final
from xml.etree import ElementTree

from jigai.ledger.grid import Grid, column_index
from jigai.ledger.limits import Refused
from jigai.ledger.readers import calamine
from jigai.ledger.readers.calamine import Extras, position

_BUILTIN_PERCENT: Final = frozenset({"9", "10"})
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+):([A-Z]+\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_COL = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_SPAN = re.compile(rb'\s(min|max)="(\d+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v>([^<]*)<)?"
)
_ERROR = re.compile(rb'<(?:\w+:)?c\s([^>]*t="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_REFERENCE = re.compile(rb'(?:^|\s)r="([A-Z]+\d+)"')
_WIDE = re.compile(rb'r="([A-Z]{2,3})\d')
_ROW_START = re.compile(rb'<(?:\w+:)?row\s[^>]*?r="(\d+)"')


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the work sheets of an xlsx or xlsm workbook."""
    del name
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = sheet_parts(archive)
        percent = _percent_styles(archive)

        def extras(sheet: str) -> Extras:
            part = parts.get(sheet)
            if part is None:
                return Extras()
            return scan(archive.read(part), percent)

        yield from calamine.read(data, extras)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name → name of its part in the zip."""
    names = {name.lower(): name for name in archive.namelist()}
    workbook = names.get("xl/workbook.xml")
    relations = names.get("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise Refused("damaged", detail="xl/workbook.xml")
    targets: dict[str, str] = {}
    for item in _xml(archive, relations):
        target = item.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        targets[item.get("Id", "")] = path
    found: dict[str, str] = {}
    for element in _xml(archive, workbook).iter():
        if _local(element.tag) == "sheet":
            relation = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            part = names.get(targets.get(relation, "").lower())
            if part is not None:
                found[element.get("name", "")] = part
    return found


def scan(xml: bytes, percent: frozenset[bytes] = frozenset()) -> Extras:
    """Gather from a sheet part: merges, hidden rows and columns, percent cells, formulas without value, errors.

    ``percent`` holds the numbers of the cell styles that show percentages.
    """
    extras = Extras(corner=_corner(xml))
    if b"mergeCell " in xml:
        extras.merges = [(*position(first.decode()), *position(last.decode())) for first, last in _MERGE.findall(xml)]
    head = xml[: max(xml.find(b"sheetData"), 0)]
    for column in _COL.findall(head):
        if _HIDDEN.search(column):
            span = {key: int(value) for key, value in _SPAN.findall(column)}
            last = min(span.get(b"max", 0), 16384)
            extras.hidden_columns += range(span.get(b"min", 1) - 1, last)
    if b'hidden="' in xml:
        for row in _ROW.findall(xml):
            if _HIDDEN.search(row) and (number := _ROW_NUMBER.search(row)):
                extras.hidden_rows.append(int(number.group(1)) - 1)
    if percent:
        styles = b"|".join(sorted(percent))
        pattern = rb'<(?:\w+:)?c (?=[^>]*\bs="(?:' + styles + rb')")[^>]*?\br="([A-Z]+)(\d+)"'
        extras.percent_cells = [
            (int(row) - 1, column_index(letters.decode())) for letters, row in re.findall(pattern, xml)
        ]
    _scan_formulas(xml, extras)
    return extras


def _scan_formulas(xml: bytes, extras: Extras) -> None:
    if any(mark in xml for mark in (b"<f>", b"<f ", b":f>", b":f ")):
        for match in _FORMULA.finditer(xml):
            attributes, formula, value = match.groups()
            reference = _REFERENCE.search(attributes)
            text_result = b't="str"' in attributes and value is not None
            if reference is not None and b"DISPIMG" in (formula or b""):
                column = position(reference.group(1).decode())[1]
                extras.pictures[column] = extras.pictures.get(column, 0) + 1
                continue
            if value or text_result or reference is None:
                continue
            text = unescape((formula or b"").decode("utf-8", errors="replace"))
            extras.formulas_without_value[position(reference.group(1).decode())] = f"={text}"
    if b't="e"' in xml:
        for attributes, value in _ERROR.findall(xml):
            if reference := _REFERENCE.search(attributes):
                extras.error_cells[position(reference.group(1).decode())] = value.decode("utf-8", errors="replace")


def _corner(xml: bytes) -> tuple[int, int]:
    """Return the last row and column a cell stands in; a few very wide or deep cells must not fill the memory."""
    tail = xml.rfind(b"row ")
    last = 0
    while tail > 0:
        match = _ROW_START.match(xml, xml.rfind(b"<", 0, tail))
        if match:
            last = int(match.group(1)) - 1
            break
        tail = xml.rfind(b"row ", 0, tail)
    widest = max((column_index(letters.decode()) for letters in set(_WIDE.findall(xml))), default=25)
    return last, widest


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    name = next((item for item in archive.namelist() if item.lower() == "xl/styles.xml"), None)
    if name is None:
        return frozenset()
    root = _xml(archive, name)
    codes = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in root.iter()
        if _local(element.tag) == "numFmt"
    }
    percent_formats = _BUILTIN_PERCENT | {key for key, code in codes.items() if "%" in re.sub(r'"[^"]*"', "", code)}
    cell_formats = next((element for element in root if _local(element.tag) == "cellXfs"), None)
    if cell_formats is None:
        return frozenset()
    return frozenset(
        str(index).encode() for index, xf in enumerate(cell_formats) if xf.get("numFmtId") in percent_formats
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    raw = archive.read(name)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise Refused("damaged", detail=f"{name}: DOCTYPE")
    try:
        return ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise Refused("damaged", detail=f"{name}: {error}") from error
