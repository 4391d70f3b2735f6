"""Chemical parks at the wanted risk level (O13), and expert guidance in the counties (O14)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import ONE, last_day, made, nobody, register, text
from jigai.plan.parameters import whole, word
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources
from jigai.plan.standings import ranked, scale

Parameters = Mapping[str, object]


@indicator("park_risk")
def park_risk(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return which parks have reached ``park_level_wanted`` in their last assessment by the day.

    Where fewer than ``chemical_parks`` are in the register the others are there, not assessed.
    """
    columns = {"park_name": pl.String(), "assessed_on": pl.Date(), "level": pl.String()}
    frame = register(sources, "park-risk", columns).filter(pl.col("assessed_on") <= last_day(sources, period))
    frame = frame.sort("assessed_on", "entry", descending=True).unique("park_name", keep="first", maintain_order=True)
    lacking = whole(parameters, "chemical_parks") - frame.height
    others: list[dict[str, object]] = [{"park_name": f"化工园区（未评估 {n + 1}）"} for n in range(lacking)]
    frame = pl.concat([frame, nobody({"park_name": pl.String()}, others)], how="diagonal_relaxed")
    wanted = scale("park_level")[word(parameters, "park_level_wanted")].rank
    reached = ranked("level", "park_level")
    return made(
        frame,
        kind="entry",
        key=pl.coalesce(pl.col("entry").cast(pl.String), "park_name"),
        label=pl.when(pl.col("level").is_null()).then("park_name").otherwise(text("{}（{} 级）", "park_name", "level")),
        group=pl.col("level"),
        standing=pl.when(reached.is_null()).then(pl.lit("not_assessed")).otherwise(pl.lit("counted")),
        numerator=(reached >= wanted).cast(pl.Int64),
        denominator=ONE,
    )


def _visits(sources: Sources, period: Period) -> pl.DataFrame:
    """Return visits made in the year by the day, and planned for the year, with ``made`` and ``late``."""
    columns: dict[str, pl.DataType] = {"planned_on": pl.Date(), "visited_on": pl.Date(), "state": pl.String()}
    columns |= {"findings": pl.Int64(), "closed": pl.Int64()}
    day = last_day(sources, period)
    frame = register(sources, "guidance-visits", columns).with_columns(
        cancelled=pl.col("state").fill_null("") == "cancelled", visited=(pl.col("visited_on") <= day).fill_null(False)
    )
    when = pl.when("visited").then("visited_on").otherwise("planned_on")
    return frame.filter(when.dt.year() == period.year).with_columns(
        late=~pl.col("visited") & (pl.col("planned_on") <= day)
    )


def _standing(done: pl.Expr) -> pl.Expr:
    """Return how a visit stands; ``done`` is the standing of one that was made."""
    return (
        pl.when("cancelled")
        .then(pl.lit("cancelled"))
        .when("visited")
        .then(done)
        .when("late")
        .then(pl.lit("not_visited"))
        .otherwise(pl.lit("planned"))
    )


@indicator("guidance_visits")
def guidance_visits(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the visits of the year; the first in each county counts it."""
    frame = _visits(sources, period).sort("cancelled", "visited_on", "entry", nulls_last=True)
    first = pl.col("manager_code").is_first_distinct()
    return made(
        frame,
        kind="entry",
        key="entry",
        label="title",
        standing=_standing(pl.when(first).then(pl.lit("counted")).otherwise(pl.lit("counted_once"))),
        numerator=ONE,
    )


@indicator("guidance_findings_closed")
def guidance_findings_closed(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return findings closed, of findings, of each visit of the year."""
    unknown = pl.col("findings").is_null() | pl.col("closed").is_null()
    return made(
        _visits(sources, period),
        kind="entry",
        key="entry",
        label="title",
        standing=_standing(pl.when(unknown).then(pl.lit("incomplete")).otherwise(pl.lit("counted"))),
        numerator=pl.col("closed"),
        denominator=pl.col("findings"),
    )
