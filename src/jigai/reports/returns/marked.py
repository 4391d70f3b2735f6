"""A ledger given back as it came, with cells coloured and notes added (D32)."""

from __future__ import annotations

import re

import polars as pl

from jigai.ledger.formers import author_of
from jigai.reports.returns.comments_part import MAX_NOTES, add_notes
from jigai.reports.returns.package import NotPatchableError, Package, attribute_of
from jigai.reports.returns.sheet_part import column_number, restyled
from jigai.reports.returns.styles_part import Stylesheet

_WORKBOOK = "xl/workbook.xml"
_STRICT = "purl.oclc.org/ooxml"


def marked_copy(data: bytes, marks: pl.DataFrame, author: str = "") -> bytes:
    """Return the workbook with its marks; every part but sheets, styles, notes and their links is byte-identical.

    Args:
        data: an xlsx or xlsm file.
        marks: one row per cell as :func:`jigai.reports.returns.marks.marks` returns them.
        author: who the notes are by, which tells what the copy is of (default: a copy of ``data``).

    Raises:
        NotPatchableError: the workbook is written in a way that cannot be changed in place.
    """
    package = Package(data)
    parts = sheet_parts(package)
    style_part = next((target for kind, target in package.relationships(_WORKBOOK).values() if kind == "styles"), None)
    if style_part is None:
        raise NotPatchableError("no styles part")
    styles = Stylesheet(package.text(style_part))
    for number, (name, part) in enumerate(parts.items(), start=1):
        own = marks.filter(pl.col("sheet") == name)
        if own.height:
            _mark_sheet(package, part, own, styles, number, author or author_of(data))
    package.put(style_part, styles.save())
    return package.save()


def sheet_parts(package: Package) -> dict[str, str]:
    """Return the part of every sheet by its name, as the workbook shows it."""
    workbook = package.text(_WORKBOOK)
    if _STRICT in workbook:
        raise NotPatchableError("strict Open XML")
    related = package.relationships(_WORKBOOK)
    parts = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", workbook):
        name = attribute_of(tag, "name")
        link = re.search(r"""\w+:id\s*=\s*["']([^"']*)["']""", tag)
        if name and link and related.get(link[1], ("", ""))[0] == "worksheet":
            parts[name] = related[link[1]][1]
    return parts


def _mark_sheet(package: Package, part: str, marks: pl.DataFrame, styles: Stylesheet, number: int, author: str) -> None:
    tones: dict[int, dict[int, str]] = {}
    notes: dict[tuple[int, int], str] = {}
    for row, letters, tone, note in marks.select("row", "column", "tone", "note").iter_rows():
        column = column_number(letters)
        tones.setdefault(row, {})[column] = tone
        if note and len(notes) < MAX_NOTES:
            notes[row, column] = note
    package.put(part, restyled(package.text(part), tones, styles.tinted))
    add_notes(package, part, notes, number, author)
