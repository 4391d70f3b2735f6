"""Who has reported: the yearly sheet, and the survey of equipment."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import ONE, made
from jigai.plan.indicators.population import PERSON, SITE, listed, standing
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]


@indicator("coverage")
def coverage(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return who of the list has handed in the yearly sheet; whoever has not stays in the denominator."""
    facts = sources.frame("facts").filter(pl.col("year") == period.year).sort("data_date", maintain_order=True)
    held = facts.group_by(PERSON).agg(pl.col("state").drop_nulls().last(), pl.col("data_date").max())
    frame = listed(sources, period, PERSON).drop("data_date").join(held, on=PERSON, how="left")
    frame = frame.with_columns(standing=standing(parameters, []))
    done = pl.col("standing").is_in(["counted", "unverified"])
    return made(
        frame,
        kind=PERSON,
        key=PERSON,
        standing=pl.when(done).then("standing").otherwise(pl.lit("outstanding")),
        numerator=done.cast(pl.Int64),
        denominator=ONE,
    )


def _survey(sources: Sources, period: Period, done: str) -> pl.DataFrame:
    """Return who should answer a survey of the year's list, each in the latest that asked, and whether ``done``."""
    frame = sources.frame("survey").filter(pl.col("year") == period.year)
    frame = frame.sort("campaign", maintain_order=True).unique([PERSON, SITE], keep="last", maintain_order=True)
    reported, verified = (pl.col(name).fill_null(False) for name in ("reported", "verified"))
    stands = pl.when(~reported).then(pl.lit("outstanding")).when(verified).then(pl.lit("counted"))
    return made(
        frame,
        kind="survey",
        key=pl.coalesce(pl.format("site/{}", SITE), pl.format("legal_person/{}", PERSON)),
        standing=stands.otherwise(pl.lit("unverified")),
        numerator=pl.col(done).fill_null(False).cast(pl.Int64),
        denominator=ONE,
    )


@indicator("survey_coverage")
def survey_coverage(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return who has answered the survey of equipment."""
    return _survey(sources, period, "reported")


@indicator("survey_verified")
def survey_verified(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return whose answer to the survey of equipment the county has verified."""
    return _survey(sources, period, "verified")
