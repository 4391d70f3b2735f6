"""Frames for tests of the appraisal: devices as screening leaves them, and one complete device per measure."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from jigai.appraisal.devices import appraise
from jigai.appraisal.tables import table
from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference

TODAY = date(2026, 11, 23)

# Per measure a device of which every input is told, so that no assumption and no limit of a standard enters.
COMPLETE: dict[str, dict[str, Any]] = {
    "motor_replacement": {
        "kind": "motor", "power_kw": 75.0, "power_after_kw": 90.0, "hours": 6000.0, "efficiency_before_pct": 91.0,
        "efficiency_after_pct": 95.0, "load_factor": 0.7, "constant_loss_share": 0.36, "speed_rise": 0.004,
        "speed_exponent": 2.0,
    },
    "pump_reselection": {
        "kind": "pump", "flow_m3h": 210.0, "head_m": 50.0, "hours": 6000.0, "efficiency_before_pct": 70.0,
        "efficiency_after_pct": 80.0, "motor_efficiency_pct": 91.0, "density_kgm3": 1000.0, "flow_needed_m3h": 195.0,
        "head_needed_m": 40.0, "flow_after_m3h": 200.0, "head_after_m": 42.0,
    },
    "variable_speed": {
        "kind": "pump", "power_kw": 110.0, "hours": 4000.0, "flow_share": 0.7, "motor_efficiency_pct": 93.0,
        "constant_loss_share": 0.36, "static_head_share": 0.3, "shutoff_head_ratio": 1.25, "efficiency_drop": 0.6,
        "drive_efficiency_pct": 96.0, "shaft_power_kw": 90.0,
    },
    "compressed_air": {
        "kind": "compressor", "capacity_m3min": 20.0, "pressure_before_mpa": 0.8, "hours": 7000.0,
        "specific_power_before": 8.2, "specific_power_after": 6.6, "air_flow_share": 0.7, "idle_power_share": 0.3,
        "idle_power_share_after": 0.1, "ambient_mpa": 0.09, "capacity_after_m3min": 22.0, "pressure_after_mpa": 0.7,
        "pressure_needed_mpa": 0.6, "leak_m3min": 3.0, "leak_cut_m3min": 1.5,
    },
    "transformer_replacement": {
        "kind": "transformer", "capacity_kva": 630.0, "no_load_loss_before_w": 1300.0, "load_loss_before_w": 8100.0,
        "no_load_loss_after_w": 510.0, "load_loss_after_w": 4960.0, "transformer_load_factor": 0.4,
        "load_form_factor": 1.05, "peak_load_factor": 0.6, "energised_hours": 8700.0, "capacity_after_kva": 500.0,
    },
    "boiler_replacement": {
        "kind": "boiler", "fuel_name": "烟煤", "fuel_amount": 2.5e6, "heating_value": 0.019,
        "boiler_efficiency_before_pct": 75.0, "boiler_efficiency_after_pct": 84.0, "heat_after_gj": 50000.0,
    },
    "boiler_electrification": {
        "kind": "boiler", "fuel_name": "烟煤", "fuel_amount": 1e6, "heating_value": 0.019,
        "boiler_efficiency_before_pct": 75.0, "performance": 3.0, "needed_temperature_c": 60.0,
        "supply_temperature_c": 75.0, "heat_after_gj": 50000.0,
    },
    "chiller_replacement": {
        "kind": "chiller", "cooling_capacity_kw": 527.0, "hours": 3000.0, "cooling_load_factor": 0.7,
        "performance_before": 4.1, "performance_after": 6.2,
    },
}  # fmt: skip


@cache
def reference(day: date = TODAY) -> Reference:
    return Reference.load(day)


def ledger(*devices: dict[str, Any]) -> pl.DataFrame:
    """A frame of devices as screening leaves it; numbers as the attribute table and the facts have them."""
    numbers = {row["key"]: pl.Float64() for row in table("facts")}
    types = {**attribute_dtypes(), **numbers}
    rows = [{"device_id": f"d{place}", **device} for place, device in enumerate(devices)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=types.get(name), strict=False) for name in names}
    )


def answer(device: dict[str, Any], day: date = TODAY, **settings: Any) -> dict[str, Any]:
    """The row of one device."""
    return appraise(ledger(device), reference(day), "四川", **settings).row(0, named=True)


def answers(*devices: dict[str, Any], day: date = TODAY, **settings: Any) -> list[dict[str, Any]]:
    """The rows of several devices, appraised together."""
    return appraise(ledger(*devices), reference(day), "四川", **settings).rows(named=True)


def complete(measure: str, **changes: Any) -> dict[str, Any]:
    """The complete device of a measure, with some inputs changed."""
    return {"measure": measure, **COMPLETE[measure], **changes}


def figures(measure: str) -> dict[str, float]:
    """The numeric inputs of the complete device of a measure."""
    return {name: value for name, value in COMPLETE[measure].items() if isinstance(value, float)}
