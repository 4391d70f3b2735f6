"""Bringing the ledger and the nameplate together: nulls are filled, contradictions are asked, cells are kept."""

from __future__ import annotations

import polars as pl

from jigai.nameplate.language import Language
from jigai.nameplate.values import READ


def fill(frame: pl.DataFrame, dtypes: dict[str, pl.DataType]) -> pl.DataFrame:
    """Fill nulls from the nameplate and name the filled attributes in ``nameplate_fields`` (``;a;b;``)."""
    names = sorted(name for name in dtypes if READ.format(name) in frame.columns)
    absent = [name for name in names if name not in frame.columns]
    frame = frame.with_columns([pl.lit(None, dtypes[name]).alias(name) for name in absent])
    frame = _with_fields(frame, names)
    return frame.with_columns([pl.coalesce(name, READ.format(name)).alias(name) for name in names])


def _with_fields(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Add ``nameplate_fields``; which attributes were filled is packed into numbers, and each pattern written once."""
    parts = [names[start : start + 32] for start in range(0, len(names), 32)]
    packed: list[pl.Expr] = []
    written: list[pl.Expr] = []
    for place, part in enumerate(parts):
        column = f"__filled_{place}"
        filled = [pl.col(name).is_null() & pl.col(READ.format(name)).is_not_null() for name in part]
        bits = [was.cast(pl.UInt64) * (1 << bit) for bit, was in enumerate(filled)]
        packed.append(pl.sum_horizontal([pl.lit(0, pl.UInt64), *bits]).alias(column))
        written += [pl.when(pl.col(column) // (1 << bit) % 2 == 1).then(pl.lit(name)) for bit, name in enumerate(part)]
    columns = [f"__filled_{place}" for place in range(len(parts))]
    frame = frame.with_columns(packed)
    fields = pl.concat_str([pl.lit(""), *written, pl.lit("")], separator=";", ignore_nulls=True)
    patterns = (
        frame.select(columns)
        .unique()
        .with_columns(pl.when(fields == ";").then(pl.lit(";")).otherwise(fields).alias("nameplate_fields"))
    )
    return frame.join(patterns, on=columns, how="left", maintain_order="left").drop(columns)


def find_conflicts(frame: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return the attributes whose cell contradicts the model by more than the table ``agreement`` allows.

    A name that contradicts the shape of the model is one of them (attribute ``kind``). Numbers may differ by the
    relative or the absolute tolerance, whichever is wider; texts must be equal.
    """
    key = next((name for name in ("sig", "device_id") if name in frame.columns), "__row")
    found = [
        frame.filter(pl.col("__kind_named").is_not_null()).select(
            pl.col(key).alias(key.strip("_")),
            pl.lit("kind").alias("attribute"),
            pl.col("__kind_named").alias("ledger_value"),
            pl.col("__kind_shown").alias("nameplate_value"),
        )
    ]
    for row in words.writing["agreement"].iter_rows(named=True):
        name, other = row["attribute"], READ.format(row["attribute"])
        if name not in frame.columns or other not in frame.columns:
            continue
        if frame.schema[name].is_numeric():
            margin = pl.max_horizontal(pl.col(other).abs() * (row["relative"] or 0.0), pl.lit(row["absolute"] or 0.0))
            differs = (pl.col(name) - pl.col(other)).abs() > margin + 1e-9
        else:
            differs = pl.col(name) != pl.col(other)
        found.append(
            frame.filter(differs).select(
                pl.col(key).alias(key.strip("_")),
                pl.lit(name).alias("attribute"),
                pl.col(name).cast(pl.String).str.strip_suffix(".0").alias("ledger_value"),
                pl.col(other).cast(pl.String).str.strip_suffix(".0").alias("nameplate_value"),
            )
        )
    schema = {key.strip("_"): frame.schema[key]} | dict.fromkeys(
        ("attribute", "ledger_value", "nameplate_value"), pl.String()
    )
    return pl.concat([pl.DataFrame(schema=schema), *found]).sort(key.strip("_"), "attribute")
