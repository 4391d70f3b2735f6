"""Measure ``compressed_air``: a compressor of grade 2, with a lower pressure and fewer leaks where they are told."""

from __future__ import annotations

import numpy as np
import polars as pl

from jigai.appraisal.compressor import (
    consumption_kwh,
    leak_at_pressure_m3min,
    less_service,
    pressure_power_ratio,
)
from jigai.appraisal.estimate import Estimate, Origin, Rest
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values, chosen
from jigai.appraisal.numbers import Mask, Number
from jigai.reference import Reference

ANY_AMBIENT_MPA = 0.1013
"""Stands in where the pressure stays, and drops out of the formula there [MPa]."""


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Take the limit of the standard for the same power, pressure and cooling as the new specific power."""
    return devices.with_columns(derived_specific_power_after=pl.col("target_specific_power"))


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; pressure and leaks stay as they are unless a change is told."""
    capacity, pressure = inputs.get("capacity_m3min"), inputs.get("pressure_before_mpa")
    names = ("hours", "specific_power_before", "specific_power_after", "air_flow_share", "idle_power_share")
    found = {name: inputs.get(name) for name in (*names, "idle_power_share_after")}
    after = inputs.get("pressure_after_mpa", pressure)
    # the air around matters only where the pressure changes; elsewhere no assumption is made about it
    stays = np.where(np.asarray(after.likely) == np.asarray(pressure.likely), ANY_AMBIENT_MPA, np.nan)
    ambient = Estimate(stays, stays, stays, (Rest("ambient_mpa", int(Origin.REFERENCE)),))
    return {
        "capacity_m3min": capacity,
        "pressure_before_mpa": pressure,
        **found,
        "ambient_mpa": inputs.get("ambient_mpa", ambient),
        "capacity_after_m3min": inputs.get("capacity_after_m3min", capacity),
        "pressure_after_mpa": after,
        "pressure_needed_mpa": inputs.get("pressure_needed_mpa", after),
        "leak_m3min": inputs.optional("leak_m3min", 0.0),
        "leak_cut_m3min": inputs.optional("leak_cut_m3min", 0.0),
    }


def electricity(x: Values) -> tuple[Number, Number]:
    """Return the electricity of the old and the new compressor [kWh]; see `compressed_air_saving_kwh`.

    At a corner of the spread the new compressor may be asked for a little more than it can deliver; it then runs full.
    """
    capacity, flow = x["capacity_m3min"], x["capacity_m3min"] * x["air_flow_share"]
    before = consumption_kwh(x["specific_power_before"], capacity, flow, x["idle_power_share"], x["hours"])
    pressures = chosen(x, "pressure_before_mpa", "pressure_after_mpa", "ambient_mpa")
    left = leak_at_pressure_m3min(np.maximum(x["leak_m3min"] - x["leak_cut_m3min"], 0.0), **pressures)
    after = np.clip(flow - x["leak_m3min"] + left, 0.0, x["capacity_after_m3min"])
    power = x["specific_power_after"] * pressure_power_ratio(**pressures)
    return before, consumption_kwh(power, x["capacity_after_m3min"], after, x["idle_power_share_after"], x["hours"])


def worse(x: Values) -> dict[str, Mask]:
    """Return where users would get less air or pressure."""
    flow = x["capacity_m3min"] * x["air_flow_share"]
    leaks = chosen(x, "leak_m3min", "leak_cut_m3min", "pressure_after_mpa", "pressure_needed_mpa")
    return less_service(capacity_after_m3min=x["capacity_after_m3min"], flow_m3min=flow, **leaks)


COMPRESSOR = Measure(
    "compressed_air",
    prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("specific_power_before", "idle_power_share"),
    falling=("specific_power_after", "idle_power_share_after"),
)
