"""Cells that stand for several rows: vertically merged ones, and 同上 or 〃; each filled value keeps its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from jigai.ledger.choices import words
from jigai.ledger.grid import Merge, letter

_INHERITED: Final = {
    "row": pl.Int64(),
    "attribute": pl.String(),
    "source": pl.String(),
    "ditto": pl.String(),
    "value": pl.String(),
}


def empty() -> pl.DataFrame:
    """Return a table of filled cells without rows."""
    return pl.DataFrame(schema=_INHERITED)


def fill_merged(
    raw: pl.DataFrame, merges: list[Merge], columns: Mapping[str, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fill the cells below the top one of every vertically merged range.

    ``raw`` has ``row`` (from 1) and one text column per attribute; ``columns`` tells the sheet column of each.
    Quantity is not filled: one number over several rows does not say how many machines each row has.
    Returns the filled frame and the table of filled cells (row, attribute, source reference).
    """
    inherited = [empty()]
    for attribute, column in columns.items():
        ranges = [(first + 1, last + 1) for first, left, last, _ in merges if left == column and last > first]
        if not ranges or attribute == "quantity":
            continue
        spans = (
            pl.DataFrame(ranges, schema={"source_row": pl.Int64, "last": pl.Int64}, orient="row")
            .join(raw.select(pl.col("row").alias("source_row"), pl.col(attribute).alias("value")), on="source_row")
            .filter(pl.col("value").is_not_null())
            .with_columns(pl.int_ranges(pl.col("source_row") + 1, pl.col("last") + 1).alias("row"))
            .explode("row")
            .unique("row", keep="first", maintain_order=True)
        )
        joined = raw.select("row", attribute).join(spans, on="row", how="left", maintain_order="left")
        filled = joined.filter(pl.col(attribute).is_null() & pl.col("value").is_not_null())
        raw = raw.with_columns(joined.select(pl.coalesce(attribute, "value"))[attribute])
        inherited.append(_marked(filled, attribute, column, pl.lit(None, dtype=pl.String)))
    return raw, pl.concat(inherited)


def fill_ditto(raw: pl.DataFrame, columns: Mapping[str, int]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Replace 同上 and its signs by the nearest cell above that is not one itself.

    ``raw`` holds only rows of devices. A blank cell above is not reached over: the sign then means nothing.
    Returns the filled frame, the filled cells, and those with nothing above (row, attribute, raw).
    """
    inherited, lost = [empty()], [pl.DataFrame(schema={"row": pl.Int64, "attribute": pl.String, "raw": pl.String})]
    for attribute, column in columns.items():
        is_sign = raw[attribute].is_in(words("ditto"))
        if not is_sign.any():
            continue
        looked = raw.select(
            "row",
            pl.col(attribute).alias("was"),
            pl.when(is_sign).then(None).otherwise(pl.col(attribute).fill_null("")).forward_fill().alias("value"),
            pl.when(is_sign).then(None).otherwise(pl.col("row")).forward_fill().alias("source_row"),
        ).with_columns(pl.when(pl.col("value") != "").then(pl.col("value")).alias("value"), is_sign.alias("sign"))
        signs = looked.filter("sign")
        inherited.append(_marked(signs.filter(pl.col("value").is_not_null()), attribute, column, pl.col("was")))
        lost.append(
            signs.filter(pl.col("value").is_null()).select(
                "row", pl.lit(attribute).alias("attribute"), pl.col("was").alias("raw")
            )
        )
        raw = raw.with_columns(looked["value"].alias(attribute))
    return raw, pl.concat(inherited), pl.concat(lost)


def _marked(filled: pl.DataFrame, attribute: str, column: int, ditto: pl.Expr) -> pl.DataFrame:
    return filled.select(
        "row",
        pl.lit(attribute).alias("attribute"),
        pl.format("{}{}", pl.lit(letter(column)), pl.col("source_row")).alias("source"),
        ditto.alias("ditto"),
        "value",
    )
