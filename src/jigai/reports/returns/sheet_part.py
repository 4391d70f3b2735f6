"""``xl/worksheets/sheetN.xml``: other styles for some cells, a link to the notes, nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.parsers import expat

from jigai.reports.returns.package import NotPatchableError, attribute_of
from jigai.reports.sheet_xml import column_letters

DATA: Final = re.compile(r"<((?:\w+:)?)sheetData\b[^>]*?(?:/>|>(.*)</\1sheetData\s*>)", re.DOTALL)
ROW: Final = re.compile(r"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row\s*>)", re.DOTALL)
CELL: Final = re.compile(r"<((?:\w+:)?)c\b(?![\w:.-])([^>]*?)(/>|>.*?</\1c\s*>)", re.DOTALL)
_AFTER_LEGACY: Final = frozenset(
    [
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    ]
)
"""Elements of a sheet that must come after legacyDrawing (ECMA-376, 18.3.1.99)."""

Restyle = Callable[[int, str], int]
Marks = Mapping[int, Mapping[int, str]]
"""Tone by row (from 1) and column (from 0)."""


def restyled(xml: str, marks: Marks, restyle: Restyle) -> str:
    """Return the sheet with the marked cells in their new styles; absent cells and rows are added, blank."""
    data = DATA.search(xml)
    if data is None:
        raise NotPatchableError("no sheetData")
    prefix, content = data[1], data[2] or ""
    body = "".join(_rows(content, prefix, marks, restyle))
    opening = re.match(rf"<{prefix}sheetData\b[^>]*?(?=/?>)", data.group())
    tag = opening.group().rstrip() if opening else f"<{prefix}sheetData"
    return f"{xml[: data.start()]}{tag}>{body}</{prefix}sheetData>{xml[data.end() :]}"


def _rows(content: str, prefix: str, marks: Marks, restyle: Restyle) -> Iterator[str]:
    waiting = sorted(marks, reverse=True)
    number, end = 0, 0
    for found in ROW.finditer(content):
        yield content[end : found.start()]
        end = found.end()
        number = int(attribute_of(found[2], "r") or number + 1)
        while waiting and waiting[-1] < number:
            yield _new_row(waiting.pop(), prefix, marks, restyle)
        if waiting and waiting[-1] == number:
            cells = "".join(_cells(found[3] or "", prefix, number, marks[waiting.pop()], restyle))
            yield f"<{prefix}row{found[2].rstrip()}>{cells}</{prefix}row>"
        else:
            yield found.group()
    yield content[end:]
    while waiting:
        yield _new_row(waiting.pop(), prefix, marks, restyle)


def _new_row(number: int, prefix: str, marks: Marks, restyle: Restyle) -> str:
    cells = "".join(_cells("", prefix, number, marks[number], restyle))
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'


def _cells(content: str, prefix: str, row: int, tones: Mapping[int, str], restyle: Restyle) -> Iterator[str]:
    waiting = sorted(tones, reverse=True)
    column, end = -1, 0
    for found in CELL.finditer(content):
        yield content[end : found.start()]
        end = found.end()
        reference = attribute_of(found[2], "r")
        column = column_number(reference) if reference else column + 1
        while waiting and waiting[-1] < column:
            yield _blank(waiting.pop(), prefix, row, tones, restyle)
        if waiting and waiting[-1] == column:
            style = restyle(int(attribute_of(found[2], "s") or 0), tones[waiting.pop()])
            attributes = re.sub(r"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""", "", found[2]).rstrip()
            yield f'<{prefix}c{attributes} s="{style}"{found[3]}'
        else:
            yield found.group()
    yield content[end:]
    while waiting:
        yield _blank(waiting.pop(), prefix, row, tones, restyle)


def _blank(column: int, prefix: str, row: int, tones: Mapping[int, str], restyle: Restyle) -> str:
    return f'<{prefix}c r="{column_letters(column)}{row}" s="{restyle(0, tones[column])}"/>'


def column_number(reference: str) -> int:
    """Column of a cell reference or of column letters, counted from 0."""
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def legacy_drawing(xml: str) -> str | None:
    """Return the relationship id of the sheet's legacy drawing, if it has one."""
    for name, attributes, _ in _children_after_data(xml):
        if name == "legacyDrawing":
            return next((value for key, value in attributes.items() if key.endswith(":id")), None)
    return None


def with_legacy_drawing(xml: str, relationship: str) -> str:
    """Link the drawing that shows the notes, in the place the schema wants it."""
    prefix = _root(xml)[1]
    new = (
        f'<{prefix}legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' r:id="{relationship}"/>'
    )
    place = next((at for name, _, at in _children_after_data(xml) if name in _AFTER_LEGACY), None)
    if place is None:
        place = xml.rindex(f"</{prefix}worksheet")
    return xml[:place] + new + xml[place:]


def _root(xml: str) -> re.Match[str]:
    root = re.search(r"<((?:\w+:)?)worksheet\b[^>]*>", xml)
    if root is None:
        raise NotPatchableError("no worksheet")
    return root


def _children_after_data(xml: str) -> list[tuple[str, dict[str, str], int]]:
    """Return the elements that follow sheetData at the top level: name without prefix, attributes, place in ``xml``."""
    data = DATA.search(xml)
    if data is None:
        raise NotPatchableError("no sheetData")
    head = _root(xml).group().encode("utf-8")
    tail = xml[data.end() :].encode("utf-8")
    found: list[tuple[str, dict[str, str], int]] = []
    depth = 0
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth == 1:
            before = tail[: parser.CurrentByteIndex - len(head)].decode("utf-8")
            found.append((name.rpartition(":")[2], attributes, data.end() + len(before)))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(head + tail, True)
    except expat.ExpatError as error:
        raise NotPatchableError(f"sheet is not well formed: {error}") from error
    return found
