"""``xl/worksheets/sheetN.xml``: other styles for some cells, a link to the notes, nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
New = Callable[[int], str]
"""Writes the row or cell of a place that the sheet does not have."""
Changed = Callable[[int, "re.Match[str]"], str]
"""Writes the row or cell of a place anew, given what stands there."""
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
    def new(number: int) -> str:
        cells = "".join(_cells("", prefix, number, marks[number], restyle))
        return f'<{prefix}row r="{number}">{cells}</{prefix}row>'

    def changed(number: int, found: re.Match[str]) -> str:
        cells = "".join(_cells(found[3] or "", prefix, number, marks[number], restyle))
        return f"<{prefix}row{found[2].rstrip()}>{cells}</{prefix}row>"

    return with_rows(content, marks, new, changed)


def _cells(content: str, prefix: str, row: int, tones: Mapping[int, str], restyle: Restyle) -> Iterator[str]:
    def new(column: int) -> str:
        return _blank(column, prefix, row, tones, restyle)

    def changed(column: int, found: re.Match[str]) -> str:
        style = restyle(int(attribute_of(found[2], "s") or 0), tones[column])
        attributes = re.sub(r"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""", "", found[2]).rstrip()
        return f'<{prefix}c{attributes} s="{style}"{found[3]}'

    return with_cells(content, tones, new, changed)


def with_rows(content: str, rows: Iterable[int], new: New, changed: Changed) -> Iterator[str]:
    """Return the rows in their order, those of ``rows`` (from 1) changed or, where they are absent, new."""

    def row_of(attributes: str, before: int) -> int:
        return int(attribute_of(attributes, "r") or before + 1)

    return _woven(ROW, content, rows, 0, row_of, new, changed)


def with_cells(content: str, columns: Iterable[int], new: New, changed: Changed) -> Iterator[str]:
    """Return the cells of a row in their order, those of ``columns`` (from 0) changed or, where absent, new."""

    def column_of(attributes: str, before: int) -> int:
        reference = attribute_of(attributes, "r")
        return column_number(reference) if reference else before + 1

    return _woven(CELL, content, columns, -1, column_of, new, changed)


def _woven(
    pattern: re.Pattern[str],
    content: str,
    places: Iterable[int],
    before: int,
    place_of: Callable[[str, int], int],
    new: New,
    changed: Changed,
) -> Iterator[str]:
    waiting = sorted(places, reverse=True)
    place, end = before, 0
    for found in pattern.finditer(content):
        yield content[end : found.start()]
        end = found.end()
        place = place_of(found[2], place)
        while waiting and waiting[-1] < place:
            yield new(waiting.pop())
        if waiting and waiting[-1] == place:
            yield changed(waiting.pop(), found)
        else:
            yield found.group()
    yield content[end:]
    while waiting:
        yield new(waiting.pop())


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
