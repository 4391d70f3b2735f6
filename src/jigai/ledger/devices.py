"""The frame of devices: its fixed columns, and one order of attributes for all files."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.ledger.columns import attributes
from jigai.ledger.table import Table

PROVENANCE: Final[dict[str, pl.DataType]] = {
    "device_id": pl.String(),
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
}
TRACES: Final[dict[str, pl.DataType]] = {
    "cells": pl.String(),
    "inherited": pl.String(),
    "hidden": pl.Boolean(),
    "text_fields": pl.String(),
}


def empty_devices() -> pl.DataFrame:
    """Return a frame of devices without rows."""
    return pl.DataFrame(schema={**PROVENANCE, **TRACES})


def traces(
    table: Table, references: dict[str, list[pl.Series]], text_fields: pl.Series, hidden_rows: list[int]
) -> pl.DataFrame:
    """Return the columns that say where each value came from.

    ``cells`` is ``attribute=REF`` joined by ``;`` for every filled cell, ``inherited`` the same with the source cell
    of filled-down values, ``hidden`` whether the row is hidden or filtered out, ``text_fields`` what was read from a
    name or remark.
    """
    lines = pl.DataFrame({"row": table.raw["row"]})
    parts = [
        pl.DataFrame({f"{place}": series for place, series in enumerate(found)})
        .select(pl.coalesce(pl.all()).alias(name))
        .select(pl.when(pl.col(name).is_not_null()).then(pl.format(f"{name}={{}}", pl.col(name))).alias(name))[name]
        for name, found in references.items()
    ]
    cells = (
        pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True)).to_series()
        if parts
        else pl.Series([""] * lines.height, dtype=pl.String)
    )
    sources = table.inherited.group_by("row", maintain_order=True).agg(
        pl.format("{}={}", "attribute", "source").str.join(";").alias("inherited")
    )
    return lines.join(sources, on="row", how="left", maintain_order="left").select(
        cells.alias("cells"),
        pl.col("inherited").fill_null(""),
        pl.col("row").is_in([row + 1 for row in hidden_rows]).alias("hidden"),
        text_fields.alias("text_fields"),
    )


def join_devices(source: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Put the devices of all tables of a file into one frame, attributes in the order of ``columns.csv``."""
    joined = pl.concat([frame for frame in frames if frame.height], how="diagonal").with_columns(
        pl.lit(source).alias("source_file")
    )
    names = [item.name for item in attributes() if item.name in joined.columns and item.name not in PROVENANCE]
    return joined.select(*PROVENANCE, *names, *TRACES)
