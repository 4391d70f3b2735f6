"""Who should report annual figures, and what they reported: the yearly list joined with the year's sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from jigai.plan.parameters import words
from jigai.plan.period import Period
from jigai.plan.sources import Sources

PERSON = "legal_person"
SITE = "site"


def listed(sources: Sources, period: Period, level: str) -> pl.DataFrame:
    """Return who is on the above-scale list of the year: enterprises (``legal_person``) or their sites (``site``)."""
    frame = sources.frame("listed").filter((pl.col("year") == period.year) & (pl.col("level") == level))
    return frame.unique(level, keep="first", maintain_order=True)


def sheets(
    sources: Sources,
    period: Period,
    parameters: Mapping[str, object],
    level: str,
    needed: Sequence[str],
    more: Sequence[str] = (),
    said: Sequence[str] = (),
) -> pl.DataFrame:
    """Return everyone of the list with what they reported for the year, a column per attribute.

    ``standing`` is counted or unverified, else the reason why not: not reported, in a state that does not count
    (``counted_states``), or without one of the ``needed`` attributes. ``more`` are attributes that may be missing,
    ``said`` are attributes taken as words. ``data_date`` is the youngest of the figures.
    """
    asked = (*needed, *more, *said)
    facts = _facts(sources, period, level)
    columns = [pl.col("number").filter(pl.col("attribute") == name).last().alias(name) for name in (*needed, *more)]
    columns += [pl.col("value").filter(pl.col("attribute") == name).last().alias(name) for name in said]
    held = facts.group_by(level).agg(
        *columns,
        pl.col("state").drop_nulls().last(),
        pl.col("data_date").filter(pl.col("attribute").is_in(asked)).max(),
    )
    joined = listed(sources, period, level).drop("data_date").join(held, on=level, how="left")
    return joined.with_columns(standing=standing(parameters, needed))


def standing(parameters: Mapping[str, object], needed: Sequence[str]) -> pl.Expr:
    """Return how a sheet stands by its ``state`` and the ``needed`` columns."""
    state = pl.col("state")
    lacking = pl.any_horizontal(pl.col(name).is_null() for name in needed) if needed else pl.lit(False)
    return (
        pl.when(state.is_null())
        .then(pl.lit("not_reported"))
        .when(~state.is_in(words(parameters, "counted_states")))
        .then(pl.lit("not_submitted"))
        .when(lacking)
        .then(pl.lit("incomplete"))
        .when(state.is_in(words(parameters, "verified_states")))
        .then(pl.lit("counted"))
        .otherwise(pl.lit("unverified"))
    )


def ready() -> pl.Expr:
    """Say whose sheet counts."""
    return pl.col("standing").is_in(["counted", "unverified"])


def _facts(sources: Sources, period: Period, level: str) -> pl.DataFrame:
    """Return the year's facts of enterprises or of sites, the youngest of each last."""
    of_site = pl.col("site").is_not_null()
    facts = sources.frame("facts").filter((pl.col("year") == period.year) & (of_site if level == SITE else ~of_site))
    return facts.sort("data_date", maintain_order=True)
