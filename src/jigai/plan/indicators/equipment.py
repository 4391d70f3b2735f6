"""Machines: backward ones found and gone (O12), put right (K10), and the power at the energy-saving level (O12, K8)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import NOTHING, ONE, OWNER, last_day, made
from jigai.plan.indicators.population import SITE, listed
from jigai.plan.parameters import words
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]
_POWER = ("power", "power_judged", "power_saving")


def _found(sources: Sources, period: Period) -> pl.DataFrame:
    """Return backward devices found by the end of the period: machines that ``stand`` as found, ``gone`` and ``open``.

    A device last closed after the period is open in it; how many machines of it were closed earlier is not known.
    """
    day = last_day(sources, period)
    frame = sources.frame("obsolete").filter(pl.col("found_on") <= day)
    gone = pl.when(pl.col("closed_on").fill_null(day) <= day).then(pl.col("closed").fill_null(0)).otherwise(0)
    frame = frame.with_columns(stand=pl.col("quantity") - pl.col("withdrawn").fill_null(0), gone=gone)
    return frame.with_columns(open=pl.col("stand") - pl.col("gone"))


def _machines(frame: pl.DataFrame, numerator: pl.Expr, denominator: pl.Expr, should: pl.Expr) -> pl.DataFrame:
    return made(
        frame,
        kind="device",
        key="device",
        label="label",
        group=pl.col("found_on"),
        standing=pl.when(pl.col("stand") > 0).then(pl.lit("counted")).otherwise(pl.lit("withdrawn")),
        numerator=numerator,
        denominator=denominator,
        should=should,
        reported=should,
    )


@indicator("obsolete_closed")
def obsolete_closed(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return machines gone with proof, of machines found, by the day of the run that found them."""
    return _machines(_found(sources, period), pl.col("gone"), pl.col("stand"), pl.col("stand"))


@indicator("obsolete_open")
def obsolete_open(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return machines that are still open, by the day of the run that found them."""
    return _machines(_found(sources, period), pl.col("open"), NOTHING, pl.col("stand"))


@indicator("rectification")
def rectification(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return which ledger lines found in the year have no machine open any more."""
    frame = _found(sources, period).filter(pl.col("found_on").dt.year() == period.year)
    return _machines(frame, (pl.col("open") <= 0).cast(pl.Int64), ONE, ONE)


def _screened(sources: Sources, parameters: Parameters) -> pl.DataFrame:
    """Return judged power of machines in use by site and kind, of key sectors or of unknown industry."""
    frame = sources.frame("screened").with_columns(pl.col(name).fill_null(0) for name in _POWER)
    return _of_key_sectors(frame, parameters)


def _of_key_sectors(frame: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    division = pl.col("industry_code").fill_null("").str.slice(0, 2)
    return frame.with_columns(known=division != "").filter(
        ~pl.col("known") | division.is_in(words(parameters, "key_divisions"))
    )


_STANDING = (
    pl.when(~pl.col("known"))
    .then(pl.lit("industry_unknown"))
    .when(pl.col("power_judged").fill_null(0) == 0)
    .then(pl.lit("not_screened"))
    .otherwise(pl.lit("counted"))
)


@indicator("saving_level_share")
def saving_level_share(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return rated power at grade 2 or better, of rated power judged [kW], of each site; also of those not screened."""
    owner = [*OWNER, "name", "deregistered", "known"]
    judged = _screened(sources, parameters).group_by(SITE, maintain_order=True)
    of_site = judged.agg(
        pl.col(_POWER).sum(), pl.col("data_date").max(), *(pl.col(n).first() for n in owner if n != SITE)
    )
    asked = _of_key_sectors(listed(sources, period, SITE), parameters).select(owner)
    frame = pl.concat([of_site, asked.join(of_site, on=SITE, how="anti")], how="diagonal_relaxed")
    return made(
        frame,
        kind=SITE,
        key=SITE,
        standing=_STANDING,
        numerator=pl.col("power_saving"),
        denominator=pl.col("power_judged"),
    )


@indicator("saving_level_by_kind")
def saving_level_by_kind(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the same by site and kind of device; coverage is rated power judged of rated power, in whole kW."""
    return made(
        _screened(sources, parameters),
        kind=SITE,
        key=SITE,
        standing=_STANDING,
        group=pl.col("kind"),
        numerator=pl.col("power_saving"),
        denominator=pl.col("power_judged"),
        should=pl.col("power").cast(pl.Float64).round().cast(pl.Int64),
        reported=pl.min_horizontal("power_judged", "power").cast(pl.Float64).round().cast(pl.Int64),
    )
