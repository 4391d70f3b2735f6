"""Notes on cells: the comments part that holds the texts and the drawing part that makes them visible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from jigai.reports.returns.package import NotPatchableError, Package, insert_before_close
from jigai.reports.returns.sheet_part import column_number, legacy_drawing, with_legacy_drawing
from jigai.reports.sheet_xml import column_letters

MAX_NOTES: Final = 2_000
"""Notes put on one sheet; with more, Excel becomes slow. Colours have no such limit."""

_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_COMMENTS_XML: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<authors></authors><commentList></commentList></comments>"
)
_NAMESPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
"""Declared on every element we add: a drawing written by another program may name its prefixes otherwise."""
_SHAPE_TYPE: Final = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_VML_XML: Final = (
    f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{data}}"/></o:shapelayout></xml>'
)
_SHAPE: Final = (
    f"<v:shape {_NAMESPACES} "
    'id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden;z-index:{order}"'
    ' fillcolor="#faf9f6" o:insetmode="auto"><v:fill color2="#faf9f6"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 4, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)

Notes = Mapping[tuple[int, int], str]
"""Text by row (from 1) and column (from 0)."""


def add_notes(package: Package, sheet: str, notes: Notes, number: int, author: str) -> None:
    """Add notes to the sheet whose part is ``sheet``; notes the workbook already has are kept as they are.

    Where a cell already carries a note, ours stands on the next free cell to its right. ``number`` tells the sheets
    of a workbook apart in the drawing ids, ``author`` which workbook the copy is of (:mod:`jigai.ledger.formers`).
    """
    if not notes:
        return
    related = package.relationships(sheet)
    comments = next((target for kind, target in related.values() if kind == "comments"), None)
    text = package.text(comments) if comments else _COMMENTS_XML
    placed = _placed(notes, text)
    if comments is None:
        comments = package.free_name("xl/comments{}.xml")
        package.relate(sheet, "comments", comments)
        package.declare(part=comments, content_type=_COMMENTS_TYPE)
    package.put(comments, _with_comments(text, placed, author))
    _draw(package, sheet, placed, number)


def _placed(notes: Notes, comments: str) -> dict[tuple[int, int], str]:
    """Move notes off the cells that already carry one."""
    taken = {
        (int(digits), column_number(letters))
        for letters, digits in re.findall(r"""\bref\s*=\s*["']\$?([A-Z]+)\$?(\d+)["']""", comments)
    }
    placed: dict[tuple[int, int], str] = {}
    for (row, column), note in notes.items():
        place = column
        while (row, place) in taken or (row, place) in placed:
            place += 1
        shown = note if place == column else f"（关于{column_letters(column)}{row}）{note}"
        placed[row, place] = shown
    return placed


def _with_comments(xml: str, notes: Notes, name: str) -> str:
    authors = re.search(r"<((?:\w+:)?)authors\b[^>]*?(?:/>|>(.*?)</\1authors\s*>)", xml, re.DOTALL)
    if authors is None:
        raise NotPatchableError("comments without authors")
    author = len(re.findall(r"<(?:\w+:)?author[\s>/]", authors[2] or ""))
    xml = insert_before_close(xml, "authors", f"<author>{name}</author>")
    written = "".join(
        f'<comment ref="{column_letters(column)}{row}" authorId="{author}" shapeId="0"><text><r>'
        f'<rPr><sz val="9"/><rFont val="宋体"/></rPr><t xml:space="preserve">{xml_text(note)}</t></r></text></comment>'
        for (row, column), note in notes.items()
    )
    return insert_before_close(xml, "commentList", written)


def xml_text(text: str) -> str:
    """Escape a text for XML and drop what XML forbids."""
    return escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text))


def _draw(package: Package, sheet: str, notes: Notes, number: int) -> None:
    xml = package.text(sheet)
    link = legacy_drawing(xml)
    if link is None:
        drawing = package.free_name("xl/drawings/vmlDrawing{}.vml")
        blocks = range(number, number + len(notes) // 1024 + 1)
        vml = _VML_XML.format(data=",".join(map(str, blocks)))
        first = number * 1024 + 1
        package.put(sheet, with_legacy_drawing(xml, package.relate(sheet, "vmlDrawing", drawing)))
        package.declare(extension="vml", content_type=_VML_TYPE)
    else:
        drawing = package.relationships(sheet)[link][1]
        vml = package.text(drawing)
        first = max([1024, *map(int, re.findall(r"_x0000_s(\d+)", vml))]) + 1
    kind = "" if "_x0000_t202" in vml else _SHAPE_TYPE
    shapes = "".join(
        _SHAPE.format(
            id=first + place, order=place + 1, row=row - 1, column=column,
            left=column + 1, right=column + 5, top=max(row - 2, 0), bottom=max(row - 2, 0) + lines_of(note),
        )
        for place, ((row, column), note) in enumerate(notes.items())
    )  # fmt: skip
    end = vml.rindex("</xml>") if "</xml>" in vml else -1
    if end < 0:
        raise NotPatchableError("drawing without end")
    package.put(drawing, vml[:end] + kind + shapes + vml[end:])


def lines_of(note: str) -> int:
    """Rows a note's box needs to show its text, some twenty Chinese characters to a line."""
    return 2 + sum(len(part) // 18 + 1 for part in note.split("\n"))
