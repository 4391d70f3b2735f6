"""Which cells of a ledger are coloured and what is noted beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from jigai.reports.labels import in_words, labels
from jigai.reports.sheet_xml import column_letters

if TYPE_CHECKING:
    from jigai.ledger import SheetReading

PROBLEM_TONE: Final = "mark"
BLANK_TONE: Final = "fill_in"
_MARKED_VERDICTS: Final = ("must_replace", "should_replace", "needs_data", "unknown_kind")
_URGENCY: Final = ("stop", "warn", PROBLEM_TONE, "ask", "idle", BLANK_TONE)
_CELL: Final = r"^([A-Z]{1,3})(\d+)$"

MARK: Final = {
    "sheet": pl.String(), "row": pl.Int64(), "column": pl.String(), "tone": pl.String(), "note": pl.String(),
}  # fmt: skip
"""One row per marked cell: ``tone`` is its colour in tones.csv, ``note`` the comment (null: colour only)."""

ANSWER_COLUMN: Final = {
    "sheet": pl.String(), "attribute": pl.String(), "column": pl.String(), "first": pl.Int64(), "last": pl.Int64(),
}  # fmt: skip
"""One row per column of a table: it asks for ``attribute`` in the rows ``first`` to ``last``."""


def marks(devices: pl.DataFrame, missing: pl.DataFrame, problems: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """Return the marks of one ledger, one row per cell.

    Args:
        devices: lines of the ledger out of :func:`jigai.reports.tables.device_table`, with their ``cells``.
        missing: ``device_id, attribute``: what a line lacks.
        problems: problems of the ledger.
        columns: the columns of its tables as :func:`answer_columns` returns them.
    """
    cells = device_cells(devices)
    found = pl.concat([_verdicts(devices, cells), _blanks(cells, missing, columns), _questions(problems)])
    ranks = dict(zip(_URGENCY, range(len(_URGENCY)), strict=True))
    urgency = pl.col("tone").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)
    return (
        found.with_columns(urgency.alias("_urgency"))
        .sort("_urgency", maintain_order=True)
        .group_by("sheet", "row", "column", maintain_order=True)
        .agg(
            pl.col("tone").first(),
            pl.col("note").drop_nulls().unique(maintain_order=True).str.join("\n"),
            pl.col("_urgency").first(),
        )
        .with_columns(pl.when(pl.col("note") != "").then(pl.col("note")))
        .sort("_urgency", maintain_order=True)
        .select(list(MARK))
    )


def device_cells(devices: pl.DataFrame) -> pl.DataFrame:
    """Take ``cells`` apart: device_id, sheet, attribute, row, column."""
    if "cells" not in devices.columns:
        return pl.DataFrame(
            schema={
                "device_id": pl.String(),
                "sheet": pl.String(),
                "attribute": pl.String(),
                "row": pl.Int64(),
                "column": pl.String(),
            }
        )
    pairs = (
        devices.select("device_id", "sheet", pl.col("cells").str.split(";").alias("pair"))
        .explode("pair")
        .filter(pl.col("pair").str.contains("=", literal=True))
        .with_columns(pl.col("pair").str.splitn("=", 2).struct.rename_fields(["attribute", "reference"]))
        .unnest("pair")
    )
    return pairs.select(
        "device_id",
        "sheet",
        "attribute",
        pl.col("reference").str.extract(_CELL, 2).cast(pl.Int64).alias("row"),
        pl.col("reference").str.extract(_CELL, 1).alias("column"),
    ).drop_nulls(["row", "column"])


def _verdicts(devices: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Colour model and name; the note stands at the model, or at the name where there is no model."""
    tones = {key: item.tone for key, item in labels("verdict").items()}
    places = cells.filter(pl.col("attribute").is_in(["model", "name"])).sort(
        "device_id", pl.col("attribute") == "name", maintain_order=True
    )
    places = places.with_columns(pl.col("device_id").is_first_distinct().alias("_first"))
    note = pl.concat_str(
        [
            pl.lit("【"), in_words("verdict_key", "verdict"), pl.lit("】"), pl.col("reason").fill_null(""),
            pl.lit("\n下一步："), pl.col("action").fill_null(""),
        ]
    )  # fmt: skip
    said = devices.filter(pl.col("verdict_key").is_in(_MARKED_VERDICTS)).select(
        "device_id",
        pl.col("verdict_key").replace_strict(tones, return_dtype=pl.String).alias("tone"),
        note.alias("note"),
    )
    return places.join(said, on="device_id", maintain_order="left").select(
        "sheet", "row", "column", "tone", pl.when("_first").then(pl.col("note")).alias("note")
    )


def answer_columns(sheets: Iterable[SheetReading]) -> pl.DataFrame:
    """Return which column of each table asks for which attribute: sheet, attribute, column, first and last row.

    Only headers count. A remark that happens to tell a flow rate is no place to ask for one; and the fields of an
    equipment card have no column.
    """
    rows = [
        (sheet.name, column.attribute, column_letters(column.index), sheet.first_row, sheet.last_row)
        for sheet in sheets
        if not sheet.card
        for column in sheet.columns
        if column.attribute is not None
    ]
    return pl.DataFrame(rows, schema=ANSWER_COLUMN, orient="row")


def _blanks(cells: pl.DataFrame, missing: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """Colour the blank cells to fill in, where the table has a column for what is missing."""
    rows = cells.select("device_id", "sheet", "row").unique("device_id", keep="first", maintain_order=True)
    filled = cells.select("device_id", "attribute")
    return (
        missing.join(filled, on=["device_id", "attribute"], how="anti")
        .join(rows, on="device_id", maintain_order="left")
        .join(columns, on=["sheet", "attribute"], maintain_order="left")
        .filter(pl.col("row").is_between(pl.col("first"), pl.col("last")))
        .select("sheet", "row", "column", pl.lit(BLANK_TONE).alias("tone"), pl.lit(None, dtype=pl.String).alias("note"))
    )


def _questions(problems: pl.DataFrame) -> pl.DataFrame:
    """Colour every cell with an error or a question; the note is its message."""
    asked = problems.filter(
        pl.col("severity").is_in(["error", "question"])
        & pl.col("row").is_not_null()
        & pl.col("column").str.contains("^[A-Z]{1,3}$")
        & pl.col("sheet").is_not_null()
    )
    note = pl.concat_str([pl.lit("【"), in_words("severity", "severity"), pl.lit("】"), pl.col("message_zh")])
    return asked.select(
        "sheet", pl.col("row").cast(pl.Int64), "column", pl.lit(PROBLEM_TONE).alias("tone"), note.alias("note")
    )
