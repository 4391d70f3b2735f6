"""Annual facts and the answers that stand in for them: the latest year in which all that a figure needs is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from jigai.diagnosis.tables import keyed, setting
from jigai.diagnosis.telling import KEY

FACTS: Final = "facts.csv"


def of_enterprises(facts: pl.DataFrame, answers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return ``enterprise_id, year, attribute, number, text, source``: one row per figure and year.

    Figures of sites add up; where a site that reported anything for the year lacks the figure there is none, so that
    part of an enterprise never passes for the whole. An answer that stands in for a fact counts for the last full
    year before ``as_of`` where no such fact was reported. Years after ``as_of`` and those older than the settings
    allow are left out.
    """
    known = facts.filter(
        pl.col("year").is_between(as_of.year - int(setting("oldest_fact_years")), as_of.year)
        & pl.col("attribute").is_in(list(keyed(FACTS, "name")))
    ).sort(KEY, "year", "attribute", "site")
    sites = known.filter(pl.col("site").is_not_null()).group_by(KEY, "year").agg(sites=pl.col("site").n_unique())
    summed = known.group_by(KEY, "year", "attribute", maintain_order=True).agg(
        number=pl.col("number").sum(),
        holes=pl.col("number").null_count(),
        text=pl.col("text").last(),
        said_by=pl.col("site").drop_nulls().n_unique(),
    )
    summed = summed.join(sites, on=[KEY, "year"], how="left").with_columns(
        number=pl.when(
            (pl.col("holes") == 0) & (pl.col("said_by").is_in([0]) | (pl.col("said_by") == pl.col("sites")))
        ).then("number")
    )
    reported = summed.select(KEY, "year", "attribute", "number", "text", source=pl.lit("fact"))
    stand_ins = answers.filter(pl.col("stands_for").is_not_null()).select(
        KEY,
        year=pl.lit(as_of.year - 1, pl.Int32),
        attribute="stands_for",
        number="number",
        text="text",
        source=pl.lit("answer"),
    )
    known = pl.concat([reported, stand_ins]).filter(pl.col("number").is_not_null() | pl.col("text").is_not_null())
    return known.unique([KEY, "year", "attribute"], keep="first", maintain_order=True).sort(KEY, "attribute", "year")


def latest(known: pl.DataFrame, names: Sequence[str], *, texts: bool = False) -> pl.DataFrame:
    """Return for each enterprise the latest year in which all of ``names`` are known.

    Columns: ``enterprise_id``, ``year``, each of ``names`` (a number, or the text with ``texts``) and
    ``<name>_source`` (fact or answer). Enterprises without such a year are left out.
    """
    value = "text" if texts else "number"
    frame: pl.DataFrame | None = None
    for name in names:
        mine = known.filter((pl.col("attribute") == name) & pl.col(value).is_not_null()).select(
            KEY, "year", pl.col(value).alias(name), pl.col("source").alias(f"{name}_source")
        )
        frame = mine if frame is None else frame.join(mine, on=[KEY, "year"])
    if frame is None:
        raise ValueError("name at least one fact")
    return frame.sort(KEY, "year").unique(KEY, keep="last", maintain_order=True)
