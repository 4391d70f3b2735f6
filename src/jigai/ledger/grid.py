"""One sheet as plain text cells, whatever the file format was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

MAX_COLUMNS: Final = 2_000
"""Widest table read; the widest real ledgers have a hundred columns."""
MAX_CELLS: Final = 60_000_000
"""A sheet whose used range has more cells than this is not read (it would not fit in memory)."""

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, counted from 0."""


@dataclass
class Grid:
    """Cells of one sheet, as a person sees them: ``91.7%`` where Excel shows a percentage, ISO days for dates.

    ``cells`` has one String column per sheet column, named by its letter; row 0 is Excel's row 1; blank is null.
    """

    name: str
    cells: pl.DataFrame
    visible: bool = True
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas_without_value: dict[tuple[int, int], str] = field(default_factory=dict)
    error_cells: dict[tuple[int, int], str] = field(default_factory=dict)
    pictures: dict[int, int] = field(default_factory=dict)
    """Column → number of pictures in its cells (the DISPIMG formula of WPS)."""
    ragged: dict[int, int] = field(default_factory=dict)
    """Row → number of cells, for text lines longer than the header."""
    too_large: str | None = None
    """Reference of the far corner when the sheet was not read for its size."""

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.cells.height

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.cells.width


def letter(index: int) -> str:
    """Return the letter Excel gives to column ``index`` (0 → A, 26 → AA)."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(letters: str) -> int:
    """Return the column of ``letters``, counted from 0 (A → 0)."""
    value = 0
    for char in letters:
        value = value * 26 + ord(char) - 64
    return value - 1


def show(value: object) -> str | None:
    """Write one cell the way Excel shows it: 15 significant digits, ISO days, blank as None."""
    if type(value) is float:
        return f"{value:.15g}"
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def filled_width(rows: Sequence[Sequence[object]]) -> int:
    """Return the number of columns up to the last one in which anything stands; colours to the edge do not count."""
    width = 0
    for row in rows:
        end = len(row)
        while end > width and row[end - 1] in {None, ""}:
            end -= 1
        width = max(width, end)
    return width


def to_cells(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """Turn rows of cell values (possibly of unequal length) into the text columns of a grid."""
    width = filled_width(rows)
    padded = [row[:width] if len(row) >= width else [*row, *[None] * (width - len(row))] for row in rows]
    columns = zip(*padded, strict=True) if padded else iter([])
    return tidy_cells(
        pl.DataFrame(
            [
                pl.Series(
                    letter(index),
                    [value if type(value) is str else show(value) for value in column],
                    dtype=pl.String,
                )
                for index, column in enumerate(columns)
            ]
        )
    )


def tidy_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Trim every cell and make blank ones null; a cell picture of WPS (``=DISPIMG``) counts as blank."""
    if not frame.width:
        return frame
    trimmed = pl.all().str.strip_chars(" \t\r\n\u3000\u00a0\u200b\ufeff")
    picture = trimmed.str.contains(r"^=?(?:_xlfn\.)?DISPIMG\(")
    return frame.select(pl.when((trimmed != "") & ~picture).then(trimmed))
