"""Measure ``motor_replacement``: the same motor in grade 2 of the standard in force."""

from __future__ import annotations

import polars as pl

from jigai.appraisal.estimate import Estimate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values, chosen
from jigai.appraisal.motor.curves import inferred_efficiency_pct
from jigai.appraisal.motor.replacement import consumption_after_kwh, consumption_kwh, less_service
from jigai.appraisal.numbers import Mask, Number
from jigai.reference import Reference

_BEFORE = ("power_kw", "load_factor", "hours", "constant_loss_share")
_AFTER = (*_BEFORE, "power_after_kw", "efficiency_after_pct", "speed_exponent")


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the efficiency of the plate, else of the class or series, and the limit of the standard as the new one."""
    stated = pl.when(pl.col("efficiency_pct").is_between(1, 100, closed="right")).then("efficiency_pct")
    inferred = inferred_efficiency_pct(devices, reference)
    speeds = pl.col("speed_after_rpm") / pl.col("speed_rpm") - 1
    flat = pl.when(pl.col("speed_exponent") == 0).then(0.0)
    return devices.with_columns(
        inferred.alias("derived_efficiency_before_pct"),
        derived_efficiency_after_pct=pl.col("target_efficiency"),
        speed_rise=pl.coalesce("speed_rise", speeds, flat),
        inferred=stated.is_null() & inferred.is_not_null(),
    )


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; the rating stays unless a new one is named."""
    power = inputs.get("power_kw")
    names = ("hours", "efficiency_before_pct", "efficiency_after_pct", "load_factor", "constant_loss_share")
    found = {name: inputs.get(name) for name in (*names, "speed_rise", "speed_exponent")}
    return {"power_kw": power, **found, "power_after_kw": inputs.get("power_after_kw", power)}


def electricity(x: Values) -> tuple[Number, Number]:
    """Return what the old and the new motor use [kWh]; the speed enters as a ratio, 1 before."""
    before = consumption_kwh(efficiency_pct=x["efficiency_before_pct"], **chosen(x, *_BEFORE))
    after = consumption_after_kwh(speed_before_rpm=1.0, speed_after_rpm=1.0 + x["speed_rise"], **chosen(x, *_AFTER))
    return before, after


def unlike(devices: pl.DataFrame) -> dict[str, pl.Series]:
    """Return where a motor on offer is not like the old one; what is not told on either side is not compared."""
    asked = devices.select(
        other_poles=pl.col("poles") != pl.col("poles_after"),
        other_voltage=pl.col("voltage_kv") != pl.col("voltage_after_kv"),
        not_explosion_proof=pl.col("explosion_proof") & ~pl.col("explosion_proof_after"),
    )
    return {code: asked[code].fill_null(value=False) for code in asked.columns}


def worse(x: Values) -> dict[str, Mask]:
    """Return where the new motor would do less."""
    speeds = {"speed_before_rpm": 1.0, "speed_after_rpm": 1.0 + x["speed_rise"], "speed_exponent": x["speed_exponent"]}
    return less_service(**chosen(x, "power_kw", "power_after_kw", "load_factor"), **speeds)


MOTOR = Measure(
    "motor_replacement",
    prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("efficiency_after_pct",),
    falling=("efficiency_before_pct", "speed_rise", "speed_exponent"),
    unlike=unlike,
)
