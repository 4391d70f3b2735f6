"""The project library: renovation projects of the year (O10), and its equipment investment (调度口径, D23)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import NOTHING, made
from jigai.plan.parameters import exact, whole
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]


def _standing(needed: str | None = None) -> pl.Expr:
    micro = pl.when(pl.col("micro").fill_null(False)).then(pl.lit("micro")).otherwise(pl.lit("counted"))
    return micro if needed is None else pl.when(pl.col(needed).is_null()).then(pl.lit("not_reported")).otherwise(micro)


def _of_years(sources: Sources, first: int, last: int) -> pl.DataFrame:
    """Return projects with work, once a year, as last reported."""
    frame = sources.frame("projects").filter(pl.col("year").is_between(first, last))
    return frame.sort("data_date", maintain_order=True).unique(["project", "year"], keep="last", maintain_order=True)


@indicator("renovation_projects")
def renovation_projects(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the projects with work in the year, each once under its primary direction."""
    return made(
        _of_years(sources, period.year, period.year),
        kind="project",
        key="project",
        label="label",
        group=pl.col("direction"),
        standing=_standing(),
        numerator=pl.lit(1),
    )


@indicator("renovation_projects_large")
def renovation_projects_large(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the same projects; those of at least ``project_threshold_yuan`` count."""
    large = pl.col("investment") >= pl.lit(exact(parameters, "project_threshold_yuan"))
    return made(
        _of_years(sources, period.year, period.year),
        kind="project",
        key="project",
        label="label",
        group=pl.col("direction"),
        standing=pl.when(pl.col("investment").is_null()).then(pl.lit("incomplete")).otherwise(_standing()),
        numerator=pl.when(large).then(1).otherwise(NOTHING),
    )


@indicator("equipment_investment_dispatch")
def equipment_investment_dispatch(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the equipment investment of each project and year [yuan] since ``investment_from_year``."""
    return made(
        _of_years(sources, whole(parameters, "investment_from_year"), period.year),
        kind="project",
        key="project",
        label="label",
        group=pl.col("year"),
        standing=_standing("equipment"),
        numerator=pl.col("equipment"),
    )
