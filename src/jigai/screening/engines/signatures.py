"""What makes two ledger lines alike: the columns a rule may look at, and a 64-bit name for their contents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from jigai.ledger.columns import signature_attributes

HASH: Final = "signature_hash"
"""Column of the 64-bit name of a line's signature."""


class HashCollisionError(RuntimeError):
    """Two different signatures got one name; the run is repeated with the next seed."""


def signature_columns(columns: Iterable[str]) -> list[str]:
    """Return those of ``columns`` that may change a judgement, in the order of the attribute table."""
    present = set(columns)
    return [name for name in signature_attributes() if name in present]


def with_hash(lines: pl.DataFrame, columns: list[str], seed: int) -> pl.DataFrame:
    """Add the column :data:`HASH` over ``columns``; equal contents get equal names within one run."""
    return lines.with_columns(lines.select(columns).hash_rows(seed).alias(HASH))


def distinct(lines: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return one row per different content of ``columns``, with its :data:`HASH`; compares contents, not names."""
    return lines.select(HASH, *columns).unique(subset=columns, keep="first")


def numbered(signatures: pl.DataFrame) -> pl.DataFrame:
    """Sort signatures by name and number them in ``sig``; raises :class:`HashCollisionError` if two share one."""
    ordered = signatures.sort(HASH)
    if ordered[HASH].n_unique() != ordered.height:
        raise HashCollisionError("two different signatures have the same 64-bit hash")
    return ordered.with_row_index("sig").with_columns(pl.col("sig").cast(pl.UInt32))
