"""Cells put right by hand after the file was handed in: the file stays as it came, the reading sees the new text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from jigai.ledger.grid import Grid, column_index, letter
from jigai.ledger.problems import Problems

Corrections = Mapping[str, Mapping[str, str]]
"""Sheet → reference of the cell (``C7``) → the text that takes its place."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def is_reference(text: str) -> bool:
    """Say whether ``text`` names a cell: ``C7``."""
    return _REFERENCE.fullmatch(text) is not None


def apply_corrections(grid: Grid, cells: Mapping[str, str], problems: Problems) -> None:
    """Put the texts of ``cells`` into ``grid``; references outside of it are passed over."""
    for reference, text in cells.items():
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            continue
        column, row = column_index(match[1]), int(match[2]) - 1
        if column >= grid.width or row >= grid.height:
            continue
        name = letter(column)
        was = grid.cells[name][row]
        new = text.strip() or None
        here = pl.int_range(pl.len()) == row
        grid.cells = grid.cells.with_columns(pl.when(here).then(pl.lit(new, pl.String)).otherwise(name).alias(name))
        for gone in (grid.formulas_without_value, grid.error_cells):
            gone.pop((row, column), None)
        problems.add("corrected", sheet=grid.name, row=row + 1, column=name, raw=new or "", was=was or "")
