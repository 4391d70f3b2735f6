"""Where ledger and nameplate contradict each other: questions to the filler, with their cell."""

from __future__ import annotations

import polars as pl

from jigai.ledger.columns import attributes
from jigai.screening.sentences import sentence

PROBLEM = {
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "severity": pl.String(),
    "code": pl.String(),
    "message_zh": pl.String(),
    "message_en": pl.String(),
    "raw": pl.String(),
}
"""Columns of a problem, as the ledger reader makes them."""


def as_problems(conflicts: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return one question per line and contradicting attribute; ``column`` is the column letter of its cell.

    ``conflicts``: ``sig, attribute, ledger_value, nameplate_value``; ``lines``: the ledger lines with ``sig``.
    """
    if conflicts.is_empty():
        return pl.DataFrame(schema=PROBLEM)
    names = {attribute.name: attribute for attribute in attributes()}
    known = list(names)
    place = [name for name in ("source_file", "sheet", "row", "cells", "model") if name in lines.columns]
    frame = conflicts.join(lines.select("sig", *place), on="sig", maintain_order="left").with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("source_file", "sheet", "cells", "model") if name not in place
    )
    if "row" not in place:
        frame = frame.with_columns(row=pl.lit(None, pl.Int64))
    frame = frame.with_columns(
        label_zh=pl.col("attribute").replace_strict(known, [names[name].zh for name in known], default=None),
        label_en=pl.col("attribute").replace_strict(known, [names[name].en for name in known], default=None),
        unit_said=pl.col("attribute").replace_strict(
            known, [f" {names[name].unit}" if names[name].unit else "" for name in known], default=""
        ),
    )
    frame = frame.with_columns(column=_letters(frame))
    return frame.select(
        "source_file",
        "sheet",
        pl.col("row").cast(pl.Int64),
        "column",
        severity=pl.lit("question"),
        code=pl.lit("nameplate_conflict"),
        message_zh=sentence("nameplate_conflict", "zh"),
        message_en=sentence("nameplate_conflict", "en"),
        raw=pl.col("ledger_value"),
    )


def _letters(frame: pl.DataFrame) -> pl.Series:
    """Return the column letter of each row's attribute from its cells (``model=C10;power_kw=D10``), null if absent."""
    places = (
        frame.select("attribute", place=pl.col("cells").str.split(";"))
        .with_row_index("_row")
        .explode("place", empty_as_null=True)
        .with_columns(pl.col("place").str.split_exact("=", 1).struct.rename_fields(["name", "cell"]))
        .unnest("place")
        .filter(pl.col("name") == pl.col("attribute"))
        .select("_row", letter=pl.col("cell").str.extract(r"([A-Z]+)\d+$"))
        .unique("_row", keep="first")
    )
    return frame.with_row_index("_row").join(places, on="_row", how="left", maintain_order="left")["letter"]
