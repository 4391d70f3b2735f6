"""Measure ``pump_reselection``: a pump for the duty that is needed, at grade 2 of the standard in force."""

from __future__ import annotations

import polars as pl

from jigai.appraisal.estimate import Estimate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values, chosen
from jigai.appraisal.numbers import Mask, Number
from jigai.appraisal.pump import consumption_kwh, less_service
from jigai.reference import Reference


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Take the limit of the standard for the size as the efficiency of the new pump."""
    return devices.with_columns(derived_efficiency_after_pct=pl.col("target_efficiency"))


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; without a measured duty the rated one is needed; the new pump is made for what is needed."""
    flow, head = inputs.get("flow_m3h"), inputs.get("head_m")
    names = ("hours", "efficiency_before_pct", "efficiency_after_pct", "motor_efficiency_pct", "density_kgm3")
    found = {name: inputs.get(name) for name in names}
    needed_flow = inputs.get("flow_needed_m3h", flow)
    needed_head = inputs.get("head_needed_m", head)
    return {
        "flow_m3h": flow,
        "head_m": head,
        **found,
        "flow_needed_m3h": needed_flow,
        "head_needed_m": needed_head,
        "flow_after_m3h": inputs.get("flow_after_m3h", needed_flow),
        "head_after_m": inputs.get("head_after_m", needed_head),
    }


def electricity(x: Values) -> tuple[Number, Number]:
    """Return what the old and the new pump set use [kWh]; the motor's efficiency is taken alike for both."""
    common = chosen(x, "density_kgm3", "motor_efficiency_pct", "hours")
    before = consumption_kwh(
        flow_m3h=x["flow_m3h"], head_m=x["head_m"], pump_efficiency_pct=x["efficiency_before_pct"], **common
    )
    after = consumption_kwh(
        flow_m3h=x["flow_after_m3h"], head_m=x["head_after_m"], pump_efficiency_pct=x["efficiency_after_pct"], **common
    )
    return before, after


def worse(x: Values) -> dict[str, Mask]:
    """Return where the new pump would deliver less than is needed."""
    return less_service(**chosen(x, "flow_after_m3h", "flow_needed_m3h", "head_after_m", "head_needed_m"))


PUMP = Measure(
    "pump_reselection",
    prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("efficiency_after_pct",),
    falling=("efficiency_before_pct",),
)
