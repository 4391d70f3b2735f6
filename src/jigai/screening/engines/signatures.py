"""What makes two ledger lines alike: the columns a rule may look at, and a 64-bit name for their contents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from jigai.ledger.columns import signature_attributes

HASH: Final = "signature_hash"
"""Column of the 64-bit name of a line's signature."""


PROOF: Final = "signature_proof"
"""Column of a second, independent 64-bit name: two contents with both names equal do not occur."""

_OTHER_SEED: Final = 0x9E3779B97F4A7C15


class HashCollisionError(RuntimeError):
    """Two different signatures got one name; the run is repeated with the next seed."""


def signature_columns(columns: Iterable[str]) -> list[str]:
    """Return those of ``columns`` that may change a judgement, in the order of the attribute table."""
    present = set(columns)
    return [name for name in signature_attributes() if name in present]


def with_hash(lines: pl.DataFrame, columns: list[str], seed: int) -> pl.DataFrame:
    """Add :data:`HASH` and :data:`PROOF` over ``columns``; equal contents get equal names within one run."""
    contents = lines.select(columns)
    return lines.with_columns(contents.hash_rows(seed).alias(HASH), contents.hash_rows(seed ^ _OTHER_SEED).alias(PROOF))


def distinct(lines: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return one row per different content of ``columns``, with its two names, which stand for the content."""
    return lines.select(HASH, PROOF, *columns).unique(subset=[HASH, PROOF], keep="first")


def numbered(signatures: pl.DataFrame) -> pl.DataFrame:
    """Sort signatures by name and number them in ``sig``; raises :class:`HashCollisionError` if two share one."""
    ordered = signatures.drop(PROOF, strict=False).sort(HASH)
    if ordered[HASH].n_unique() != ordered.height:
        raise HashCollisionError("two different signatures have the same 64-bit hash")
    return ordered.with_row_index("sig").with_columns(pl.col("sig").cast(pl.UInt32))
