"""Where a value came from: ledger, nameplate, or inferred."""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

LEDGER, NAMEPLATE, INFERRED = 0, 1, 2
NAMES = ("ledger", "nameplate", "inferred")


def mark_inferred(name: str, when: pl.Expr) -> pl.Expr:
    """Return ``inferred_fields`` with ``name`` added where ``when`` holds."""
    return (
        pl.when(when).then(pl.col("inferred_fields") + f"{name};").otherwise("inferred_fields").alias("inferred_fields")
    )


def weakest(names: list[str]) -> pl.Expr:
    """Return the rank of the weakest origin among the attributes: 2 inferred, 1 nameplate, 0 ledger."""
    levels: list[pl.Expr] = [pl.lit(LEDGER, dtype=pl.Int8)]
    for rank, column in ((INFERRED, "inferred_fields"), (NAMEPLATE, "nameplate_fields")):
        origin = pl.col(column).fill_null(";")
        hits = reduce(or_, [origin.str.contains(f";{name};", literal=True) for name in names])
        levels.append(pl.when(hits).then(pl.lit(rank, dtype=pl.Int8)).otherwise(pl.lit(LEDGER, dtype=pl.Int8)))
    return pl.max_horizontal(levels)


def origin_name(rank: pl.Expr) -> pl.Expr:
    """Return the name of an origin rank."""
    return rank.replace_strict(list(range(len(NAMES))), list(NAMES), default=NAMES[LEDGER], return_dtype=pl.String)
