"""The statistics bureau's monthly tables of investment: cumulative within a year, revised, broken down or not.

January and February come together, so month 2 is the first. A table may give the total, the total by county and the
total by division. One breakdown is used at a time, and what it does not cover stays as a remainder, so that the
rows add up to the total as published.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from jigai.plan.period import Period
from jigai.plan.sources import Sources

FIRST_MONTH: Final = 2
BY: Final[dict[str, list[str]]] = {"place": ["manager_code", "place_code"], "division": ["division"]}
"""The columns that tell the parts of a total."""
_CELL: Final = ("year", "month", *BY["place"], *BY["division"])


def tables(sources: Sources) -> pl.DataFrame:
    """Return the youngest row of each cell of each month: a revised table replaces the former one."""
    frame = sources.frame("investment").filter(pl.col("equipment").is_not_null())
    frame = frame.with_columns(pl.col(name).replace("", None) for name in (*BY["place"], *BY["division"]))
    return frame.sort("data_date", maintain_order=True).unique(_CELL, keep="last", maintain_order=True)


def due(year: int, period: Period, day: date) -> int:
    """Return the last month of ``year`` in the period that is over on ``day``; 0 before a table can be there."""
    last = 12 if year < period.year else period.month or 12
    return max((month for month in range(FIRST_MONTH, last + 1) if Period(year, month).end <= day), default=0)


def cells(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return one month of each year as rows that add up to the total of the year.

    Args:
        frame: tables with one month per year.
        by: ``place`` or ``division``.

    Returns:
        the columns of the breakdown, ``year, month, name, equipment, data_date`` and ``part``: no for a remainder.
    """
    owner = BY[by]
    margin = {name: pl.any_horizontal(pl.col(one).is_not_null() for one in columns) for name, columns in BY.items()}
    own, other = margin.pop(by), next(iter(margin[name] for name in BY if name != by))
    # A county's own row stands for it; only where there is none do the rows of its divisions make it up.
    parts = (
        frame.filter(own)
        .filter(other != (~other).any().over("year", *owner))
        .group_by("year", "month", *owner, maintain_order=True)
        .agg(pl.col("equipment").sum(), pl.col("name").filter(~other).first(), pl.col("data_date").max())
    )
    months = frame.group_by("year", "month", maintain_order=True).agg(
        pl.col("equipment").filter(~own & ~other).first().alias("total"),
        pl.col("equipment").filter(~own & other).sum().alias("others"),
        pl.col("data_date").max(),
    )
    known = parts.group_by("year").agg(pl.col("equipment").sum().alias("known"))
    rest = months.join(known, on="year", how="left").with_columns(
        equipment=pl.coalesce("total", "known", "others") - pl.col("known").fill_null(0), part=pl.col("known").is_null()
    )
    rest = rest.filter(pl.col("part") | (pl.col("equipment") != 0)).drop("total", "others", "known")
    return pl.concat([parts.with_columns(part=pl.lit(True)), rest], how="diagonal_relaxed")
