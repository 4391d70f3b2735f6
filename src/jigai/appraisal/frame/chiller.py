"""Measure ``chiller_replacement``: the same cooling from a better chiller."""

from __future__ import annotations

from jigai.appraisal.chiller import consumption_kwh, less_service
from jigai.appraisal.estimate import Estimate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values, nothing_to_prepare
from jigai.appraisal.numbers import Mask, Number


def ask(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs up; the performance of the new chiller must be told, for its standard knows several systems."""
    names = ("cooling_capacity_kw", "hours", "cooling_load_factor", "performance_before", "performance_after")
    return {name: inputs.get(name) for name in names}


def electricity(x: Values) -> tuple[Number, Number]:
    """Return the electricity of the old and the new chiller [kWh]."""
    cooling = x["cooling_capacity_kw"] * x["cooling_load_factor"] * x["hours"]
    return consumption_kwh(cooling, x["performance_before"]), consumption_kwh(cooling, x["performance_after"])


def worse(x: Values) -> dict[str, Mask]:
    """Return nowhere: the cooling is the same by construction."""
    return less_service(x["cooling_capacity_kw"], x["cooling_capacity_kw"])


CHILLER = Measure(
    "chiller_replacement",
    nothing_to_prepare,
    ask,
    electricity,
    None,
    worse,
    rising=("performance_after",),
    falling=("performance_before",),
)
