"""A sheet as a table one can click, as Excel shows it: the first rows and columns, merged cells merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jigai.platform.reporting.models import Binding
from jigai.platform.reporting.words import plain
from jigai.reports.filling import Sheet
from jigai.reports.sheet_xml import column_letters

ROWS: Final = 120
COLUMNS: Final = 26
MARGIN: Final = 3
"""Empty rows and columns shown beyond what is used."""


@dataclass(frozen=True)
class Shown:
    """A cell as drawn: its address, words, how many rows and columns it takes, what is bound, whether it calculates."""

    address: str
    text: str
    wide: int
    high: int
    bound: Binding | None
    formula: bool


@dataclass(frozen=True)
class Drawn:
    """A sheet as drawn: the letters above, the rows with their numbers, and whether there is more than is shown."""

    letters: list[str]
    rows: list[tuple[int, list[Shown]]]
    cut: bool


def drawn(sheet: Sheet, bindings: Mapping[str, Binding]) -> Drawn:
    """Return a sheet as a table; ``bindings`` by address."""
    last_row = max((row for row, _ in sheet.cells), default=1)
    last_column = max((column for _, column in sheet.cells), default=0)
    height, width = min(last_row + MARGIN, ROWS), min(last_column + 1 + MARGIN, COLUMNS)
    covered = set()
    spans = {}
    for one in sheet.merges:
        spans[one.first] = (one.last[1] - one.first[1] + 1, one.last[0] - one.first[0] + 1)
        covered |= {
            (row, column)
            for row in range(one.first[0], min(one.last[0], ROWS) + 1)
            for column in range(one.first[1], min(one.last[1], COLUMNS) + 1)
        } - {one.first}
    rows = []
    for row in range(1, height + 1):
        cells = []
        for column in range(width):
            if (row, column) in covered:
                continue
            address = f"{column_letters(column)}{row}"
            seen = sheet.cells.get((row, column))
            value = seen.value if seen else None
            text = plain(value) if isinstance(value, Decimal) else str(value or "")
            wide, high = spans.get((row, column), (1, 1))
            formula = bool(seen and seen.formula)
            cells.append(Shown(address, text, min(wide, width - column), high, bindings.get(address), formula))
        rows.append((row, cells))
    return Drawn([column_letters(one) for one in range(width)], rows, last_row > ROWS or last_column >= COLUMNS)
