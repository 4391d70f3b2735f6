"""Levels of likeness: what many devices have in common is read once and found again by its number."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def numbered(frame: pl.DataFrame, columns: Sequence[str], number: str) -> pl.DataFrame:
    """Return the distinct rows of ``frame`` in ``columns``, numbered in ``number`` (UInt32)."""
    distinct = frame.select(columns).unique(maintain_order=True)
    return distinct.with_row_index(number).with_columns(pl.col(number).cast(pl.UInt32))


def place(frame: pl.DataFrame, level: pl.DataFrame) -> pl.DataFrame:
    """Add to ``frame`` the number (first column of ``level``) of the row of ``level`` that each row is like."""
    columns = level.columns[1:]
    return frame.join(level, on=columns, how="left", nulls_equal=True, maintain_order="left")
