"""What to show of the cells of a file: the top of each sheet, and every row with a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from jigai.ledger.grid import Grid, letter
from jigai.platform.imports.subjects import Found

TOP: Final = 40
"""Rows shown from the header down."""
FURTHER: Final = 160
"""Rows with problems shown beyond these."""
WIDEST: Final = 60
_SKIPPED: Final = ("subtotal_skipped", "signature_skipped", "section_skipped", "repeated_header_skipped")
_TONES: Final = {"error": "stop", "question": "ask"}
_LONGEST: Final = 120


def preview(grids: Sequence[Grid], reading: Found) -> list[dict[str, Any]]:
    """Return one page per sheet: letters, and rows of cells; each cell its text and the tone of its problem."""
    return [_sheet(grid, reading) for grid in grids if grid.height and grid.width]


def _sheet(grid: Grid, reading: Found) -> dict[str, Any]:
    tables = [sheet for sheet in reading.sheets if sheet.name == grid.name]
    heads = {row for table in tables if not table.card for row in table.header_rows}
    own = reading.problems.filter((pl.col("sheet") == grid.name) & pl.col("row").is_not_null())
    tones: dict[tuple[int, str], str] = {}
    skipped: set[int] = set()
    for row, column, severity, code in own.select("row", "column", "severity", "code").iter_rows():
        if code in _SKIPPED:
            skipped.add(row)
        elif severity in _TONES and tones.get((row, column)) != "stop":
            tones[row, column] = _TONES[severity]
        elif code == "corrected":
            tones.setdefault((row, column), "fix")
    last = max(heads, default=0) + TOP
    wanted = [*range(1, min(last, grid.height) + 1)]
    wanted += sorted({row for row, _ in tones if row > last})[:FURTHER]
    letters = [letter(place) for place in range(min(grid.width, WIDEST))]
    first = min(heads, default=1)
    rows = []
    for row in wanted:
        cells = grid.cells.row(row - 1)[:WIDEST]
        kind = "head" if row in heads else "omit" if row in skipped else "title" if row < first else ""
        texts = [(text or "")[:_LONGEST] for text in cells]
        rows.append({"row": row, "kind": kind, "cells": texts, "tones": [tones.get((row, one), "") for one in letters]})
    return {
        "name": grid.name,
        "letters": letters,
        "rows": rows,
        "height": grid.height,
        "tables": len(tables),
        "records": sum(table.devices for table in tables),
        "header_rows": sorted(heads),
    }
