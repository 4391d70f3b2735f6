"""Machines that a list of eliminated or restricted equipment names."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.parts.things import of_machines, wanting
from jigai.diagnosis.telling import KEY, Told

CHECKS: Final = ("elimination", "guidance")
NAMED: Final = ("eliminate", "restricted")
CLEAR: Final = ("clear", "encouraged")
SURE: Final = ("transcribed", "secondary")


def backward(case: Case) -> Told:
    """Return the share of machines that no list names, of those a list speaks of.

    A hit that is inferred or rests on an uncertain row is a suspicion: the machine counts as not known until its
    plate has been looked at.
    """
    outcome = pl.col("outcome")
    sure = pl.col("basis").is_in(["ledger", "nameplate"]) & pl.col("certainty").is_in(SURE)
    found = (
        case.findings.filter(pl.col("check").is_in(CHECKS))
        .group_by("device_id", maintain_order=True)
        .agg(
            named=(outcome.is_in(NAMED) & sure).any(),
            suspected=(outcome.is_in(NAMED) & ~sure.fill_null(value=False)).any(),
            open=(outcome == "undecided").any(),
            clear=outcome.is_in(CLEAR).any(),
            f_missing=pl.col("f_missing").filter(outcome == "undecided").drop_nulls().str.join(";"),
            f_certainty=pl.col("certainty").filter(outcome.is_in(NAMED) & sure).first(),
        )
    )
    known = pl.when("named").then(0.0).when(pl.col("suspected") | pl.col("open")).then(None).otherwise(1.0)
    frame = case.machines.join(found, on="device_id", maintain_order="left").filter(
        pl.any_horizontal("named", "suspected", "open", "clear")
    )
    suspicion = pl.when("suspected").then(pl.lit(["asked:confirm"], pl.List(pl.String)))
    frame = frame.select(
        KEY,
        "device_id",
        "machines",
        weight=pl.col("machines").cast(pl.Float64),
        points=known,
        certainty=pl.col("f_certainty").fill_null("transcribed"),
        missing=pl.coalesce(suspicion, wanting()),
    )
    return of_machines(case, frame, "backward", 1, invert=True)
