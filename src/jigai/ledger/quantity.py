"""How many machines a line stands for."""

from __future__ import annotations

import polars as pl

from jigai.ledger.cells import parse
from jigai.ledger.clean import Cleaned
from jigai.ledger.columns import attribute
from jigai.ledger.grid import Merge
from jigai.ledger.problems import Problems
from jigai.ledger.table import Table


def read_quantity(table: Table, cleaned: Cleaned, merges: list[Merge], problems: Problems) -> None:
    """Put ``quantity`` into ``cleaned``.

    Blank counts as one and is noted; 0, negative numbers, fractions and words are questions and leave it null.
    A number written over several merged rows counts one for each row when it equals their number, else it is a
    question. A table without such a column counts one per line, noted once.
    """
    if "quantity" not in table.columns:
        ones = pl.Series("quantity", [1] * table.raw.height, dtype=pl.Int64)
        cleaned.put("quantity", ones, pl.Series([None] * table.raw.height, dtype=pl.String))
        problems.add("no_quantity_column", sheet=table.sheet)
        return
    item = attribute("quantity")
    raw = table.raw["quantity"]
    column = table.columns["quantity"]
    found = parse(raw, item, column.unit)
    place = [table.row_expr("quantity").alias("row"), pl.lit(table.letter("quantity")).alias("column")]
    frame = table.raw.select(*place, pl.col("row").alias("line"), pl.col("quantity").alias("raw")).hstack(found)
    frame = frame.join(_shared(table, merges, column.index), on="line", how="left", maintain_order="left")
    on_top = pl.col("value").filter(pl.col("top") == pl.col("line")).first()
    frame = frame.with_columns(on_top.over("top").alias("all"))
    shared = pl.col("top").is_not_null()
    each_one = shared & (pl.col("all") == pl.col("count"))
    blank = pl.col("raw").is_null() | (pl.col("value").is_null() & pl.col("code").is_null())
    frame = frame.with_columns(
        pl.when(each_one)
        .then(1)
        .when(shared)
        .then(None)
        .when(blank)
        .then(1)
        .when(pl.col("code").is_null() & (pl.col("value") >= 1))
        .then(pl.col("value"))
        .alias("quantity")
    )
    cleaned.put("quantity", frame["quantity"], frame.select(pl.concat_str("column", "row").alias("r"))["r"])
    said = frame.select(pl.when(~blank).then(pl.concat_str("column", "row"))).to_series()
    cleaned.references["quantity"] = [said]
    problems.add_rows("quantity_blank", frame.filter(blank & ~shared), sheet=table.sheet)
    doubtful = frame.filter(~blank & pl.col("quantity").is_null() & ~shared)
    problems.add_rows("quantity_doubtful", doubtful, sheet=table.sheet)
    unclear = frame.filter(shared & ~each_one & (pl.col("line") == pl.col("top")))
    problems.add_rows("quantity_shared", unclear, sheet=table.sheet)


def _shared(table: Table, merges: list[Merge], column: int) -> pl.DataFrame:
    """Lines that share one merged quantity cell: line, its top line and the number of lines."""
    ranges = [(first + 1, last + 2) for first, left, last, _ in merges if left == column and last > first]
    schema = {"top": pl.Int64, "end": pl.Int64}
    spans = pl.DataFrame(ranges, schema=schema, orient="row").with_columns(pl.int_ranges("top", "end").alias("line"))
    lines = spans.explode("line").select("line", "top").unique("line", keep="first")
    return lines.join(table.raw.select(pl.col("row").alias("line")), on="line").with_columns(
        pl.len().over("top").cast(pl.Int64).alias("count")
    )
