"""parquet: the column names are the header, every value is read as text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath

import polars as pl

from jigai.ledger.grid import Grid, letter, tidy_cells
from jigai.ledger.limits import Refused


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the one table of a parquet file; nested columns are written as JSON."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refused("damaged", detail=str(error)[:80]) from error
    header = pl.DataFrame({letter(i): [column] for i, column in enumerate(frame.columns)}, strict=False)
    body = frame.select([_as_text(frame[column]).alias(letter(i)) for i, column in enumerate(frame.columns)])
    cells = pl.concat([header, body]) if frame.columns else pl.DataFrame()
    yield Grid(PurePosixPath(name).stem, tidy_cells(cells))


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Binary:
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    if isinstance(column.dtype, pl.List | pl.Array | pl.Struct):
        return column.to_frame().select(pl.struct(pl.first()).struct.json_encode()).to_series()
    text = column.cast(pl.String)
    if column.dtype.is_float():
        text = text.str.strip_suffix(".0")
    if column.dtype == pl.Datetime:
        text = text.str.replace(r" 00:00:00(?:\.0+)?$", "")
    return text
