"""Data hidden in names, remarks and parameter texts: ``流量19380m3/h 全压2.5kPa``, ``效率93.6%``, ``停用待报废``.

The patterns are rows of ``text_patterns.csv``. A value read from text never replaces a filled cell; where the two
differ the filler is asked.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from jigai.ledger.cells import KEPT, parse
from jigai.ledger.clean import Cleaned
from jigai.ledger.columns import attribute
from jigai.ledger.problems import Problems
from jigai.ledger.table import Table

SOURCES: Final = ("remark", "spec_text", "name")
_WORTH: Final = r"\d|停|封|拆|报废|闲置|备用|级能效|未使用"
_TOLERANCE: Final = 0.02
"""A text and a cell closer than this fraction are the same figure, rounded."""


@cache
def patterns() -> dict[str, list[tuple[str, str]]]:
    """Return attribute → (pattern, fixed value or empty) in the order of the table."""
    text = files("jigai.ledger").joinpath("text_patterns.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["attribute"], []).append((f"(?i){row['pattern']}", row["value"]))
    return found


def read_texts(table: Table, cleaned: Cleaned, problems: Problems, as_of: date | None = None) -> pl.Series:
    """Fill attributes from the texts of the lines; returns ``text_fields`` (``;flow_m3h;``, empty where none)."""
    marks: list[pl.Series] = []
    for source in SOURCES:
        if source not in table.columns:
            continue
        texts = _extracted(table.raw[source])
        for name in [column for column in texts.columns if column not in {"text", "line"}]:
            marks.append(_take(table, cleaned, problems, source, name, texts, as_of))
    if not marks:
        return pl.Series("text_fields", [""] * table.raw.height, dtype=pl.String)
    frame = pl.DataFrame({f"{place}": mark for place, mark in enumerate(marks)})
    joined = frame.select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True).alias("text_fields"))
    return (
        joined.select(pl.when(pl.col("text_fields") != "").then(pl.format(";{};", "text_fields")).otherwise(pl.lit("")))
        .to_series()
        .alias("text_fields")
    )


def _extracted(texts: pl.Series) -> pl.DataFrame:
    """One row per line: its text and, per attribute found anywhere, the written value."""
    lines = texts.alias("text").to_frame().with_row_index("line")
    distinct = lines.select("text").unique().filter(pl.col("text").str.contains(_WORTH))
    written = (
        pl.col("text")
        .str.normalize("NFKC")
        .str.replace_all(r"\s*([:=])\s*", "${1}")
        .str.replace_all(r"(\d)\s+([A-Za-z%])", "${1}${2}")
    )
    distinct = distinct.with_columns(written.alias("_written"))
    found = distinct.select(
        "text",
        *[
            pl.coalesce([_match(pattern, value) for pattern, value in rules]).alias(name)
            for name, rules in patterns().items()
        ],
    )
    filled = [name for name in patterns() if found[name].is_not_null().any()]
    return lines.join(found.select("text", *filled), on="text", how="left", maintain_order="left")


def _match(pattern: str, value: str) -> pl.Expr:
    if value:
        return pl.when(pl.col("_written").str.contains(pattern)).then(pl.lit(value))
    return pl.col("_written").str.extract(pattern, 1)


def _take(
    table: Table, cleaned: Cleaned, problems: Problems, source: str, name: str, texts: pl.DataFrame, as_of: date | None
) -> pl.Series:
    """Use one attribute read from one text column; returns the attribute name on the lines that took it."""
    item = attribute(name)
    found = parse(texts[name], item, "", as_of)
    good = pl.col("code").is_null() | pl.col("code").is_in(list(KEPT))
    value = found.select(pl.when(good).then("value").alias("value"))["value"]
    held = cleaned.values[name] if name in cleaned.values.columns else None
    frame = table.raw.select(
        table.row_expr(source).alias("row"), pl.lit(table.letter(source)).alias("column"), pl.col(source).alias("raw")
    ).with_columns(
        value.alias("other"),
        (held if held is not None else pl.Series([None] * len(value), dtype=item.dtype)).alias("value"),
        table.raw.select(table.reference(source).alias("r"))["r"].alias("reference"),
    )
    if name == "quantity" and "quantity" in table.columns:
        said = table.raw["quantity"].is_not_null()
        frame = frame.with_columns(pl.when(said).then("value").alias("value"))
    elif name == "quantity":
        frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias("value"))
    takes = pl.col("other").is_not_null() & pl.col("value").is_null()
    marked = frame.select(pl.when(takes).then(pl.lit(name)).alias("mark"))["mark"]
    if name == "quantity":
        cleaned.values = cleaned.values.with_columns(
            frame.select(pl.when(takes).then("other").otherwise(held).alias("quantity"))["quantity"]
        )
        cleaned.references.setdefault(name, []).append(frame.select(pl.when(takes).then("reference").alias("r"))["r"])
    else:
        cleaned.put(name, value, frame["reference"])
    names = {"attribute_zh": item.zh, "attribute_en": item.en}
    taken = frame.filter(takes).with_columns(pl.col("other").cast(pl.String).alias("value"))
    problems.add_rows("read_from_text", taken, sheet=table.sheet, **names)
    problems.add_rows("text_contradicts", frame.filter(_differs(item.type)), sheet=table.sheet, **names)
    return marked


def _differs(kind: str) -> pl.Expr:
    value, other = pl.col("value"), pl.col("other")
    both = value.is_not_null() & other.is_not_null()
    if kind == "number":
        return both & ((value - other).abs() > pl.max_horizontal(value.abs(), other.abs()) * _TOLERANCE)
    if kind == "text":
        return both & (value.str.to_lowercase() != other.str.to_lowercase())
    return both & (value != other)
