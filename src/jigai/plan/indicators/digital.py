"""Digital transformation of above-scale enterprises: O6, O7, and the equipment that is networked (K5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from jigai.plan.indicators.frames import NOTHING, ONE, last_day, made
from jigai.plan.indicators.population import PERSON, SITE, ready, sheets
from jigai.plan.parameters import flag, whole
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources
from jigai.plan.standings import ranked

Parameters = Mapping[str, object]


def _transformed(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the list with ``covered``: diagnosed, and at the level wanted or with an accepted digital project.

    One diagnosed without a level known and without such a project is incomplete: it cannot be told.
    """
    frame = sheets(sources, period, parameters, PERSON, ["digital_diagnosis"], said=["digital_level"])
    begun, ended = date(whole(parameters, "plan_from_year"), 1, 1), last_day(sources, period)
    done = sources.frame("projects").filter(
        (pl.col("direction") == "digital") & pl.col("accepted_on").is_between(begun, ended)
    )
    frame = frame.with_columns(project=pl.col(PERSON).is_in(done[PERSON].drop_nulls().implode()))
    diagnosed = pl.col("digital_diagnosis") != 0
    high = ranked("digital_level", "digital_level") >= whole(parameters, "digital_level_least")
    unsure = ready() & diagnosed & pl.col("digital_level").is_null() & ~pl.col("project")
    level = pl.when(diagnosed).then(pl.col("digital_level").fill_null("未评定")).otherwise(pl.lit("未诊断"))
    return frame.with_columns(
        covered=diagnosed & (high.fill_null(False) | pl.col("project")),
        standing=pl.when(unsure).then(pl.lit("incomplete")).otherwise("standing"),
        level=pl.when(ready() & ~unsure).then(level),
    )


@indicator("digital_coverage")
def digital_coverage(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return who of the list is transformed, of those who reported."""
    return made(
        _transformed(sources, period, parameters),
        kind=PERSON,
        key=PERSON,
        standing=pl.col("standing"),
        group=pl.col("level"),
        numerator=pl.col("covered").cast(pl.Int64),
        denominator=ONE,
    )


@indicator("digital_covered")
def digital_covered(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return who of the list is known to be transformed: their number, to be held against the list."""
    return digital_coverage(sources, period, parameters).with_columns(denominator=NOTHING)


@indicator("design_tool_rate")
def design_tool_rate(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return who uses digital design tools; without R&D and without tools one may leave (``rd_exempt_leave``)."""
    frame = sheets(sources, period, parameters, PERSON, ["rd_tools_used"], ["rd_spending"])
    uses = pl.col("rd_tools_used") != 0
    leaves = ready() & ~uses & (pl.col("rd_spending") == 0) & flag(parameters, "rd_exempt_leave")
    return made(
        frame,
        kind=PERSON,
        key=PERSON,
        standing=pl.when(leaves).then(pl.lit("exempt")).otherwise("standing"),
        numerator=uses.cast(pl.Int64),
        denominator=ONE,
    )


@indicator("networked_rate")
def networked_rate(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the networked and all production equipment of each site."""
    frame = sheets(sources, period, parameters, SITE, ["equipment_total", "equipment_networked"])
    nothing = ready() & (pl.col("equipment_total") == 0)
    return made(
        frame,
        kind=SITE,
        key=SITE,
        standing=pl.when(nothing).then(pl.lit("exempt")).otherwise("standing"),
        numerator=pl.col("equipment_networked"),
        denominator=pl.col("equipment_total"),
    )
