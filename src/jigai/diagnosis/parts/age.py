"""Age against the reference life of the class of machine: how new by age, and how many are over age."""

from __future__ import annotations

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.parts.things import of_machines, wanting
from jigai.diagnosis.telling import KEY, Told

CHECK = "service_life"


def _judged(case: Case, points: pl.Expr) -> pl.DataFrame:
    frame = case.found(CHECK).filter(pl.col("outcome") != "out_of_scope")
    decided = pl.col("outcome") != "undecided"
    return frame.select(
        KEY,
        "device_id",
        "machines",
        weight=pl.col("machines").cast(pl.Float64),
        points=pl.when(decided).then(points),
        certainty="f_certainty",
        missing=wanting(),
    )


def age(case: Case) -> Told:
    """Return the mean over machines of what is left of the reference life; a machine over age counts nothing."""
    left = 1 - pl.col("value") / pl.col("limit")
    return of_machines(case, _judged(case, pl.when(pl.col("limit") > 0).then(left)), "age", 1)


def over_age(case: Case) -> Told:
    """Return the share of machines beyond their reference life (超期服役); the lives suggest, they do not order."""
    within = (pl.col("outcome") != "over_age").cast(pl.Float64)
    return of_machines(case, _judged(case, within), "over_age", 1, invert=True)
