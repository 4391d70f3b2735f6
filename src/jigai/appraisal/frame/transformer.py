"""Measure ``transformer_replacement``: the same size in grade 2 of the standard in force."""

from __future__ import annotations

import polars as pl

from jigai.appraisal.estimate import Estimate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.transformer import consumption_kwh, less_service
from jigai.reference import Reference

SERIES = "transformer-losses"


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the losses of the series where the plate is silent, and the limits of the standard as the new ones."""
    frame = devices.with_columns(
        derived_no_load_loss_after_w=pl.col("target_no_load_loss"),
        derived_load_loss_after_w=pl.col("target_load_loss"),
    )
    if not reference.has(SERIES):
        return frame
    held = reference.table(SERIES).select(
        "series",
        "capacity_kva",
        "voltage_kv",
        derived_no_load_loss_before_w="no_load_loss_w",
        derived_load_loss_before_w="load_loss_w",
    )
    told = frame.join(held, on=["series", "capacity_kva", "voltage_kv"], how="left", maintain_order="left")
    silent = pl.col("no_load_loss_w").is_null() | pl.col("load_loss_w").is_null()
    return told.with_columns(inferred=silent & pl.col("derived_no_load_loss_before_w").is_not_null())


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; the capacity stays unless a new one is named."""
    capacity = inputs.get("capacity_kva")
    names = ("no_load_loss_before_w", "load_loss_before_w", "no_load_loss_after_w", "load_loss_after_w")
    more = ("transformer_load_factor", "load_form_factor", "peak_load_factor", "energised_hours")
    found = {name: inputs.get(name) for name in (*names, *more)}
    return {"capacity_kva": capacity, **found, "capacity_after_kva": inputs.get("capacity_after_kva", capacity)}


def electricity(x: Values) -> tuple[Number, Number]:
    """Return the losses of the old and the new transformer [kWh]."""
    load, form, hours = x["transformer_load_factor"], x["load_form_factor"], x["energised_hours"]
    before = consumption_kwh(x["no_load_loss_before_w"], x["load_loss_before_w"], load, form, hours)
    moved = load * x["capacity_kva"] / x["capacity_after_kva"]
    return before, consumption_kwh(x["no_load_loss_after_w"], x["load_loss_after_w"], moved, form, hours)


def worse(x: Values) -> dict[str, Mask]:
    """Return where the new transformer cannot carry the peak load."""
    return less_service(x["capacity_kva"], x["capacity_after_kva"], x["peak_load_factor"])


TRANSFORMER = Measure(
    "transformer_replacement",
    prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("no_load_loss_before_w", "load_loss_before_w"),
    falling=("no_load_loss_after_w", "load_loss_after_w"),
)
