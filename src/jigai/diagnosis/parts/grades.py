"""How efficient the machines are by the standards in force: grade 2 or better, by power and by number."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.parts.things import asking, of_machines, wanting
from jigai.diagnosis.telling import KEY, Told

SAVING: Final = ("grade_1", "grade_2")
OTHER_RATINGS: Final = ("capacity_kva", "capacity_tph", "capacity_mw", "cooling_capacity_kw", "heating_capacity_kw")
"""Ratings of machines that have no power of their own to weigh with: transformers, boilers, chillers."""


def _graded(case: Case) -> pl.DataFrame:
    frame = case.found("efficiency").filter(pl.col("outcome") != "out_of_scope")
    saving = pl.col("outcome").is_in(SAVING).cast(pl.Float64)
    return frame.with_columns(
        points=pl.when(pl.col("outcome") != "undecided").then(saving), certainty="f_certainty", missing=wanting()
    )


def grade_2_power(case: Case) -> Told:
    """Return rated power at grade 2 or better ÷ rated power judged [kW/kW]: the formula of the plan's figure."""
    frame = _graded(case).filter(pl.col("power_kw").is_not_null() | pl.all_horizontal(pl.col(OTHER_RATINGS).is_null()))
    power = pl.when(pl.col("power_kw") > 0).then(pl.col("power_kw") * pl.col("machines"))
    lacking = pl.when(power.is_null()).then(asking("attribute:power_kw")).otherwise("missing")
    frame = frame.select(KEY, "device_id", "machines", "points", "certainty", weight=power, missing=lacking)
    return of_machines(case, frame, "grade_2_power", 1)


def grade_2_machines(case: Case) -> Told:
    """Return machines at grade 2 or better ÷ machines judged; transformers and boilers count here too."""
    number = pl.col("machines").cast(pl.Float64)
    frame = _graded(case).select(KEY, "device_id", "machines", "points", "certainty", "missing", weight=number)
    return of_machines(case, frame, "grade_2_machines", 1)
