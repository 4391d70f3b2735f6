"""What each one adds to a figure: the frame every indicator returns, and that a figure opens to."""

from __future__ import annotations

from typing import Final

import polars as pl

AMOUNT: Final = pl.Decimal(38, 6)
"""Numerators and denominators: exact, so that sums do not depend on their order."""

CONTRIBUTION: Final = pl.Schema(
    {
        "kind": pl.String(),
        "key": pl.String(),
        "label": pl.String(),
        "legal_person": pl.Int64(),
        "site": pl.Int64(),
        "manager_code": pl.String(),
        "place_code": pl.String(),
        "industry_code": pl.String(),
        "group": pl.String(),
        "numerator": AMOUNT,
        "denominator": AMOUNT,
        "should": pl.Int64(),
        "reported": pl.Int64(),
        "standing": pl.String(),
        "data_date": pl.Date(),
    }
)
"""Columns as told in docs/explanation/board.md; one row per one who contributes or should."""


class ContributionError(ValueError):
    """An indicator returned something a figure cannot rest on; says which column or row."""


def checked(frame: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """Return the contributions of ``indicator`` in the fixed columns and order.

    Raises:
        ContributionError: a column is missing, a row is there twice, a number is missing, or somebody reported who
            should not have.
    """
    absent = [name for name in CONTRIBUTION if name not in frame.columns]
    if absent:
        raise ContributionError(f"{indicator}: columns missing: {', '.join(absent)}")
    made = frame.select(pl.col(name).cast(dtype) for name, dtype in CONTRIBUTION.items())
    twice = made.filter(pl.struct("kind", "key", "group").is_duplicated())
    if not twice.is_empty():
        raise ContributionError(f"{indicator}: there twice: {twice['kind'][0]} {twice['key'][0]}")
    numbers = ("numerator", "denominator", "should", "reported")
    empty = [name for name in numbers if made[name].null_count()]
    if empty:
        raise ContributionError(f"{indicator}: without a number: {', '.join(empty)}")
    if made.filter(pl.col("reported") > pl.col("should")).height:
        raise ContributionError(f"{indicator}: more reported than should")
    return made.sort("kind", "key", "group", nulls_last=False)
