"""What the efficiency tests share: devices from plain dictionaries, findings as dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.efficiency import check

TODAY = date(2026, 11, 23)


@cache
def reference(day: date = TODAY) -> Reference:
    return Reference.load(day)


def frame(devices: Sequence[dict[str, Any]]) -> pl.DataFrame:
    dtypes = attribute_dtypes()
    names = sorted({name for device in devices for name in device})
    columns = [
        pl.Series(name, [device.get(name) for device in devices], dtype=dtypes.get(name, pl.String())) for name in names
    ]
    return pl.DataFrame(columns).with_row_index("sig")


def findings(devices: Sequence[dict[str, Any]], day: date = TODAY) -> list[dict[str, Any]]:
    """One finding per device, in the order given."""
    return check(Batch(frame(devices), reference(day), day)).to_dicts()


def finding(day: date = TODAY, **device: Any) -> dict[str, Any]:
    return findings([device], day)[0]


def motor(**more: Any) -> dict[str, Any]:
    return {"kind": "motor", "power_kw": 55.0, "poles": "4", "voltage_kv": 0.38, "efficiency_pct": 95.4, **more}


def transformer(**more: Any) -> dict[str, Any]:
    base = {"kind": "transformer", "capacity_kva": 1000.0, "voltage_kv": 10.0, "insulation": "oil"}
    return {**base, "core": "silicon_steel", "no_load_loss_w": 830.0, "load_loss_w": 10300.0, **more}


def compressor(**more: Any) -> dict[str, Any]:
    base = {"kind": "compressor", "type": "screw", "oil_free": False, "drive_speed": "fixed", "power_kw": 75.0}
    return {**base, "pressure_mpa": 0.8, "cooling": "air", "specific_power": 7.5, **more}


def pump(**more: Any) -> dict[str, Any]:
    base = {"kind": "pump", "pump_type": "单级单吸", "flow_m3h": 100.0, "head_m": 50.0, "speed_rpm": 2950.0}
    return {**base, "best_point": True, "efficiency_pct": 76.0, **more}


def fan(**more: Any) -> dict[str, Any]:
    base = {"kind": "fan", "type": "centrifugal", "machine_no": 10.0, "pressure_coefficient": 0.45}
    flags = {"double_suction": False, "hvac_use": False, "inlet_box": False}
    return {**base, **flags, "specific_speed": 55.0, "efficiency_pct": 82.0, **more}


def blower(**more: Any) -> dict[str, Any]:
    base = {"kind": "blower", "speed_class": "低速", "stages": 1, "impeller_mm": 350.0, "outlet_width_mm": 10.0}
    return {**base, "three_d_impeller": False, "overhung": False, "efficiency_pct": 68.0, **more}


def boiler(**more: Any) -> dict[str, Any]:
    base = {"kind": "boiler", "combustion": "层状燃烧燃煤", "fuel": "coal", "fuel_class": "AII", "capacity_tph": 10.0}
    return {**base, "efficiency_pct": 80.0, **more}


class Judged:
    """Many devices judged in one call, each found again by its place."""

    def __init__(self, devices: Sequence[dict[str, Any]]) -> None:
        self.devices = devices

    @cached_property
    def found(self) -> list[dict[str, Any]]:
        return findings(self.devices)

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self.found[place]
