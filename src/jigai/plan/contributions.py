"""What each one adds to a figure: the frame every indicator returns, and that a figure opens to."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.plan.standings import marked, standings

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
        ContributionError: a column is missing, a row is there twice, a number is missing, somebody reported who
            should not have, or a standing is unknown or has numbers although it does not count.
    """
    absent = [name for name in CONTRIBUTION if name not in frame.columns]
    if absent:
        raise ContributionError(f"{indicator}: columns missing: {', '.join(absent)}")
    made = frame.select(pl.col(name).cast(dtype) for name, dtype in CONTRIBUTION.items())
    made = made.sort("kind", "key", "group", nulls_last=False)
    # In order the same one stands next to itself; a million rows are compared in no time.
    again = [pl.col(name).eq_missing(pl.col(name).shift()) for name in ("kind", "key", "group")]
    twice = made.filter(pl.all_horizontal(again) & (pl.int_range(pl.len()) > 0))
    if not twice.is_empty():
        raise ContributionError(f"{indicator}: there twice: {twice['kind'][0]} {twice['key'][0]}")
    numbers = ("numerator", "denominator", "should", "reported")
    empty = [name for name in numbers if made[name].null_count()]
    if empty:
        raise ContributionError(f"{indicator}: without a number: {', '.join(empty)}")
    if made.filter(pl.col("reported") > pl.col("should")).height:
        raise ContributionError(f"{indicator}: more reported than should")
    strays = set(made["standing"].unique()) - set(standings())
    if strays:
        raise ContributionError(f"{indicator}: standings not in standings.csv: {', '.join(sorted(map(str, strays)))}")
    idle = made.filter(
        (marked("standing", "counts") == 0) & ((pl.col("numerator") != 0) | (pl.col("denominator") != 0))
    )
    if not idle.is_empty():
        raise ContributionError(f"{indicator}: {idle['standing'][0]} has numbers but does not count")
    return made
