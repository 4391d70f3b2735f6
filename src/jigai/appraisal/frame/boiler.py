"""Measures ``boiler_replacement`` and ``boiler_electrification``: the same heat from a boiler or from electricity."""

from __future__ import annotations

import numpy as np
import polars as pl

from jigai.appraisal.boiler import (
    electricity_for_heat_kwh,
    fuel_for_heat_gj,
    heat_from_fuel_gj,
    less_service,
)
from jigai.appraisal.energy import EnergyFactors, Factor, fuel_gj
from jigai.appraisal.estimate import Estimate, propagate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.frame.measure import Measure, Values
from jigai.appraisal.numbers import Mask, Number
from jigai.reference import Reference

_KJ_KG_IN_GJ_KG = 1e-6


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the heating value, measured or of the fuel named, and the limit of the standard where the fuel stays."""
    factors = EnergyFactors.of(reference)
    names = pl.concat([devices["fuel_name"], devices["fuel_after_name"]]).drop_nulls().unique().to_list()
    held = {name: factor.value for name in names if isinstance(factor := factors.heating_value(name), Factor)}
    measured = pl.col("lhv_kjkg") * _KJ_KG_IN_GJ_KG
    stays = pl.col("fuel_after_name").is_null() | (pl.col("fuel_after_name") == pl.col("fuel_name"))
    return devices.with_columns(
        heating_value=pl.coalesce("heating_value", measured),
        derived_heating_value=_held("fuel_name", held),
        heating_value_after=pl.when(~stays).then(_held("fuel_after_name", held)),
        derived_boiler_efficiency_after_pct=pl.when(stays).then("target_efficiency"),
    )


def _held(name: str, values: dict[str, float]) -> pl.Expr:
    return pl.col(name).replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.Float64)


def ask_fuel(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs of a boiler for a boiler up; the heat stays unless less is told."""
    names = ("fuel_amount", "heating_value", "boiler_efficiency_before_pct", "boiler_efficiency_after_pct")
    found = {name: inputs.get(name) for name in names}
    return {**found, "heat_after_gj": inputs.get("heat_after_gj", _heat(found))}


def ask_electricity(inputs: Inputs) -> dict[str, Estimate]:
    """Look the inputs of electricity for a boiler up."""
    names = ("fuel_amount", "heating_value", "boiler_efficiency_before_pct", "performance")
    found = {name: inputs.get(name) for name in names}
    needed = inputs.optional("needed_temperature_c", 0.0)
    # where the process asks for a temperature, the new plant must say what it reaches; elsewhere nothing is compared
    silent = np.where(np.asarray(needed.likely) > 0, np.nan, 0.0)
    return {
        **found,
        "needed_temperature_c": needed,
        "supply_temperature_c": inputs.get("supply_temperature_c", Estimate(silent, silent, silent)),
        "heat_after_gj": inputs.get("heat_after_gj", _heat(found)),
    }


def fuel_to_fuel(x: Values) -> tuple[Number, Number]:
    """Return the fuel before and after [GJ]."""
    before = fuel_gj(x["fuel_amount"], x["heating_value"])
    heat = heat_from_fuel_gj(before, x["boiler_efficiency_before_pct"])
    return before, fuel_for_heat_gj(heat, x["boiler_efficiency_after_pct"])


def fuel_to_none(x: Values) -> tuple[Number, Number]:
    """Return the fuel before [GJ] and none after."""
    before = fuel_gj(x["fuel_amount"], x["heating_value"])
    return before, before * 0.0


def none_to_electricity(x: Values) -> tuple[Number, Number]:
    """Return no electricity before and what the heat takes after [kWh]."""
    heat = _heat_needed(x)
    after = electricity_for_heat_kwh(heat, x["performance"])
    return after * 0.0, after


def worse_heat(x: Values) -> dict[str, Mask]:
    """Return where less or cooler heat would be supplied; a rounding of the heat itself is no less heat."""
    needed = _heat_needed(x) * (1 - 1e-9)
    return less_service(x["heat_after_gj"], needed, x.get("supply_temperature_c"), x.get("needed_temperature_c"))


def _heat_needed(x: Values) -> Number:
    return heat_from_fuel_gj(fuel_gj(x["fuel_amount"], x["heating_value"]), x["boiler_efficiency_before_pct"])


def _heat(found: dict[str, Estimate]) -> Estimate:
    names = ("fuel_amount", "heating_value", "boiler_efficiency_before_pct")
    return propagate(lambda **x: _heat_needed(x), {name: found[name] for name in names})


BOILER = Measure(
    "boiler_replacement",
    prepare,
    ask_fuel,
    None,
    fuel_to_fuel,
    worse_heat,
    rising=("boiler_efficiency_after_pct",),
    falling=("boiler_efficiency_before_pct",),
)
ELECTRIFICATION = Measure(
    "boiler_electrification", prepare, ask_electricity, none_to_electricity, fuel_to_none, worse_heat
)
