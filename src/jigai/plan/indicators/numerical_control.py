"""Key processes under numerical control (O8): mean over enterprises, pooled ratio, and by key equipment."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.contributions import AMOUNT
from jigai.plan.indicators.frames import ONE, made
from jigai.plan.indicators.population import PERSON, SITE, listed, ready, sheets
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]


def _mean(sources: Sources, period: Period, parameters: Parameters, whole: str, part: str) -> pl.DataFrame:
    """Return the share of ``part`` in ``whole`` of each enterprise, its sites taken together.

    An enterprise counts when all its listed sites have reported; what a site left out cannot be known from the others.
    """
    sites = sheets(sources, period, parameters, SITE, [whole, part])
    of_enterprise = sites.group_by(PERSON).agg(
        pl.len().alias("sites"),
        ready().sum().alias("ready"),
        pl.col("standing").filter(ready().not_()).first().alias("lacking"),
        (pl.col("standing") == "unverified").any().alias("unverified"),
        pl.col(whole, part).sum(),
        pl.col("data_date").max(),
    )
    frame = listed(sources, period, PERSON).drop("data_date").join(of_enterprise, on=PERSON, how="left")
    rate = pl.col(part) / pl.when(pl.col(whole) != 0).then(pl.col(whole))
    standing = (
        pl.when(pl.col("ready").fill_null(0) == 0)
        .then(pl.col("lacking").fill_null("not_reported"))
        .when(pl.col("ready") < pl.col("sites"))
        .then(pl.lit("sites_missing"))
        .when(pl.col(whole) == 0)
        .then(pl.lit("exempt"))
        .when("unverified")
        .then(pl.lit("unverified"))
        .otherwise(pl.lit("counted"))
    )
    return made(frame, kind=PERSON, key=PERSON, standing=standing, numerator=rate.cast(AMOUNT), denominator=ONE)


@indicator("nc_rate")
def nc_rate(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the share of key processes under numerical control of each enterprise."""
    return _mean(sources, period, parameters, "key_processes", "key_processes_nc")


@indicator("nc_rate_equipment")
def nc_rate_equipment(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the share of key equipment under numerical control of each enterprise."""
    return _mean(sources, period, parameters, "key_equipment", "key_equipment_nc")


@indicator("nc_rate_pooled")
def nc_rate_pooled(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the key processes of each site, and how many of them are under numerical control."""
    frame = sheets(sources, period, parameters, SITE, ["key_processes", "key_processes_nc"])
    nothing = ready() & (pl.col("key_processes") == 0)
    return made(
        frame,
        kind=SITE,
        key=SITE,
        standing=pl.when(nothing).then(pl.lit("exempt")).otherwise("standing"),
        numerator=pl.col("key_processes_nc"),
        denominator=pl.col("key_processes"),
    )
