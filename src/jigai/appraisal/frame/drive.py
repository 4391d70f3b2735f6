"""Measure ``variable_speed``: a drive in the place of a throttle, on a pump or a fan."""

from __future__ import annotations

import numpy as np
import polars as pl

from jigai.appraisal.drive.affinity import less_service
from jigai.appraisal.drive.saving import slowed_kwh, throttled_kwh
from jigai.appraisal.estimate import Estimate, propagate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values, chosen
from jigai.appraisal.numbers import Mask, Number
from jigai.reference import Reference

_THROTTLED = ("flow_share", "hours", "power_kw", "constant_loss_share", "shutoff_head_ratio", "efficiency_drop")
_SLOWED = (*_THROTTLED, "static_head_share", "drive_efficiency_pct")


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Take no static head for fans: they blow into the open, unless somebody says otherwise."""
    return devices.with_columns(
        derived_static_head_share=pl.when(pl.col("kind") == "fan").then(0.0).otherwise(None).cast(pl.Float64)
    )


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; without a shaft power it is a share of the motor's rating.

    One row is one point of the load profile: hours and flow share. A device with several points comes in as several
    rows of the same ``device_id``, whose results are added.
    """
    power = inputs.get("power_kw")
    names = ("hours", "flow_share", "motor_efficiency_pct", "constant_loss_share", "static_head_share")
    more = ("shutoff_head_ratio", "efficiency_drop", "drive_efficiency_pct")
    found = {name: inputs.get(name) for name in (*names, *more)}
    stated = inputs.get("shaft_power_kw")
    if np.isnan(np.asarray(stated.likely)).any():
        share = inputs.get("shaft_power_share")
        rated = propagate(lambda power_kw, share: power_kw * share, {"power_kw": power, "share": share})
        del inputs.used["shaft_power_kw"]
        stated = inputs.get("shaft_power_kw", rated)
    return {"power_kw": power, **found, "shaft_power_kw": stated}


def electricity(x: Values) -> tuple[Number, Number]:
    """Return the electricity behind the throttle and through the drive [kWh]."""
    motor = {"shaft_power_kw": x["shaft_power_kw"], "efficiency_pct": x["motor_efficiency_pct"]}
    return throttled_kwh(**chosen(x, *_THROTTLED), **motor), slowed_kwh(**chosen(x, *_SLOWED), **motor)


def worse(x: Values) -> dict[str, Mask]:
    """Return where the machine cannot deliver what is asked."""
    return less_service(**chosen(x, "flow_share", "static_head_share", "shutoff_head_ratio"))


DRIVE = Measure(
    "variable_speed",
    prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("shutoff_head_ratio", "drive_efficiency_pct"),
    falling=("static_head_share",),
)
