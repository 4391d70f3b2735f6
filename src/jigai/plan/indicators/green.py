"""Green factories (O11) and the capacity at environmental grade A (O5), from their registers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import NOTHING, last_day, made, register, text, valid
from jigai.plan.parameters import words
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources
from jigai.plan.standings import ranked

Parameters = Mapping[str, object]


@indicator("green_factories")
def green_factories(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return green factories recognised by the day; each enterprise counts once, at its highest level."""
    day = last_day(sources, period)
    frame = register(sources, "green-factories", {"level": pl.String(), "state": pl.String()})
    frame = frame.filter(pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)).with_columns(
        holds=valid(day) & ~pl.col("state").fill_null("kept").is_in(["removed", "upgraded"]),
        rank=ranked("level", "green_level").fill_null(0),
    )
    frame = frame.sort("holds", "rank", "entry", descending=[True, True, False])
    # An entry of nobody in particular is a factory of its own.
    who = pl.coalesce("legal_person", -pl.col("entry"))
    standing = (
        pl.when(~pl.col("holds"))
        .then(pl.lit("expired"))
        .when(~who.is_first_distinct())
        .then(pl.lit("counted_higher"))
        .when(pl.col("state") == "watch")
        .then(pl.lit("watch"))
        .otherwise(pl.lit("counted"))
    )
    return made(
        frame,
        kind="entry",
        key="entry",
        label="title",
        group=pl.col("level"),
        standing=standing,
        numerator=pl.lit(1),
    )


@indicator("capacity_grade_a")
def capacity_grade_a(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return capacity at grade A and capacity graded [10⁴ t] by enterprise and sector.

    An enterprise graded in an earlier year and not in this one is there without a grade: a grade does not carry over.
    """
    columns = {"sector": pl.String(), "year": pl.Int64(), "grade": pl.String(), "capacity": pl.Float64()}
    frame = register(sources, "environmental-grades", columns).filter(pl.col("year") <= period.year)
    frame = frame.sort("year", "entry", descending=True).unique(
        ["legal_person", "sector"], keep="first", maintain_order=True
    )
    best = pl.col("grade").is_in(words(parameters, "environmental_top_grades"))
    this = pl.col("year") == period.year
    return made(
        frame.with_columns(data_date=pl.when(this).then("data_date")),
        kind="entry",
        key="entry",
        label=text("{} {}", "name", "sector"),
        group=pl.col("sector"),
        standing=pl.when(~this)
        .then(pl.lit("not_reported"))
        .when(pl.col("capacity").is_null() | pl.col("grade").is_null())
        .then(pl.lit("incomplete"))
        .otherwise(pl.lit("counted")),
        numerator=pl.when(best).then(pl.col("capacity")).otherwise(NOTHING),
        denominator=pl.col("capacity"),
    )
