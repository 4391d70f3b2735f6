"""The statistics bureau's monthly tables of investment: cumulative within a year, revised, broken down or not.

January and February come together, so month 2 is the first. A table may give the total, the total by county and the
total by division. One breakdown is used at a time. Where there is a total, what the parts do not cover stays as a
remainder, so that the rows add up to the total as published; where there is none each part stands with its own last
month, so that one county that is late does not take its whole year out of the sum.
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


def parts(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return the parts of each month: the columns of ``BY``, ``year, month, name, equipment, data_date``.

    A county's own row stands for it; only where there is none do the rows of its divisions make it up.
    """
    own, other = _margins(by)
    return (
        frame.filter(own)
        .filter(other != (~other).any().over("year", "month", *BY[by]))
        .group_by("year", "month", *BY[by], maintain_order=True)
        .agg(pl.col("equipment").sum(), pl.col("name").filter(~other).first(), pl.col("data_date").max())
    )


def totals(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return the total of each month that has one: as published, or of a table that has the other breakdown only."""
    own, other = _margins(by)
    months = frame.group_by("year", "month", maintain_order=True).agg(
        pl.col("equipment").filter(~own & ~other).first().alias("total"),
        pl.col("equipment").filter(~own & other).sum().alias("others"),
        own.any().alias("parted"),
        pl.col("data_date").max(),
    )
    known = pl.coalesce("total", pl.when(~pl.col("parted")).then("others"))
    return months.select("year", "month", known.alias("equipment"), "data_date").drop_nulls("equipment")


def latest(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return each year as rows that add up to it, with the ``month`` each speaks for.

    ``part`` is no for the remainder of a total; a total without any parts is a row by itself.
    """
    held = parts(frame, by)
    last = totals(frame, by).filter(pl.col("month") == pl.col("month").max().over("year"))
    whole = held.join(last.select("year", "month"), on=["year", "month"], how="semi")
    loose = held.join(last, on="year", how="anti")
    loose = loose.filter(pl.col("month") == pl.col("month").max().over("year", *BY[by]))
    known = whole.group_by("year").agg(pl.col("equipment").sum().alias("known"))
    rest = last.join(known, on="year", how="left").with_columns(
        equipment=pl.col("equipment") - pl.col("known").fill_null(0), part=pl.col("known").is_null()
    )
    rest = rest.filter(pl.col("part") | (pl.col("equipment") != 0)).drop("known")
    return pl.concat([pl.concat([whole, loose]).with_columns(part=pl.lit(True)), rest], how="diagonal_relaxed")


def _margins(by: str) -> tuple[pl.Expr, pl.Expr]:
    """Return which rows are of a part, and which are of the other breakdown."""
    set_ = {name: pl.any_horizontal(pl.col(one).is_not_null() for one in columns) for name, columns in BY.items()}
    return set_.pop(by), set_.popitem()[1]
