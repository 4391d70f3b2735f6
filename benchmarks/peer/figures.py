"""Figures the efficiency tables are read by, computed for one device where the ledger does not state them."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from benchmarks.peer.conditions import Device, exact
from jigai.reference import Reference

_AIR = 0.4 / 1.4
_SYNCHRONOUS = {"2": 3000, "4": 1500, "6": 1000, "8": 750, "10": 600, "12": 500}
_MOST_SLIP = Decimal("0.87")
_SINGLE = {"单级单吸", "单级双吸", "管道", "单级石油化工离心泵"}
_SMALL = {"QDX", "QD", "QX", "Q", "QY", "QS", "QXR", "QXL"}


class Figures:
    """Adds computed attributes to a device; the formulae are those of the standards."""

    def __init__(self, reference: Reference) -> None:
        """Read coal classes and the small-pump tables once."""
        self.coal = {
            row["written"]: row["coal_class"]
            for dataset in reference.datasets.values()
            if "fuel_classes" in dataset.tables
            for row in dataset.tables["fuel_classes"].iter_rows(named=True)
        }
        self.small = []
        if reference.has("gbt25409-2010"):
            table = reference.table("gbt25409-2010", "reference")
            self.small = [{k: exact(v) for k, v in row.items()} for row in table.iter_rows(named=True)]

    def add(self, device: Device) -> None:
        """Fill the computed attributes of ``device`` in place."""
        kind = device.get("kind")
        if kind == "motor":
            _motor(device)
        elif kind == "fan":
            _fan(device)
        elif kind == "pump":
            _pump(device)
            self._submersible(device)
        elif kind == "blower":
            width, wheel = device.get("outlet_width_mm"), device.get("impeller_mm")
            if width is not None and wheel:
                device["width_ratio"] = round(width / wheel, 3)
            device["impeller_mm"] = None if wheel is None else round(wheel)
            device["polytropic_efficiency_pct"] = device.get("efficiency_pct")
        group = device.get("connection_group")
        if group is not None:
            device["connection_group"] = re.sub(r"-?12$", "", re.sub(r"[,，/\s]", "", group), count=1)
        factors = (device.get("cspf"), device.get("iplv"), device.get("accop"))
        device["seasonal_factor"] = next((factor for factor in factors if factor is not None), None)
        if not (device.get("cooling_code") or "").startswith("IC"):
            device["cooling_code"] = None
        device["coal_class"] = self.coal.get(re.sub(r"\s", "", device.get("fuel_class") or ""))

    def _submersible(self, device: Device) -> None:
        if device.get("submersible_family") != "小型" and device.get("series") not in _SMALL:
            return
        named = device.get("series") if device.get("series") in _SMALL else None
        device["submersible_subtype"] = device.get("submersible_subtype") or named
        if device.get("specified_efficiency_pct") is not None:
            return
        rpm = device.get("speed_rpm")
        sync = None if rpm is None else 3000 if 2500 <= rpm <= 3000 else 1500 if 1250 <= rpm <= 1500 else None
        flow = self._small_value("pump_efficiency", device, lambda row: row["flow_m3h"] == device.get("flow_m3h"))
        speed = device.get("specific_speed")
        drop = None
        if speed is not None:
            drop = self._small_value(
                "specific_speed_correction",
                device,
                lambda row: row["specific_speed_min"] <= speed <= (row["specific_speed_max"] or math.inf),
            )
        motor = next(
            (
                row["value"]
                for row in self.small
                if row["metric"] == "motor_efficiency"
                and sync is not None
                and row["sync_speed_rpm"] == sync
                and all(row[name] == device.get(name) for name in ("phases", "motor_structure", "power_kw"))
            ),
            None,
        )
        if flow is not None and drop is not None and motor is not None:
            device["specified_efficiency_pct"] = (flow - drop) * motor / 100 - Decimal("1.5")

    def _small_value(self, metric: str, device: Device, fits: Any) -> Any:
        form = device.get("pump_form")
        rows = (row for row in self.small if row["metric"] == metric and form in (row["pump_form"] or ()))
        return next((row["value"] for row in rows if fits(row)), None)


def _numbers(device: Device, *names: str) -> list[float] | None:
    values = [device.get(name) for name in names]
    return None if None in values else [float(value) for value in values]  # type: ignore[arg-type]


def _fan(device: Device) -> None:
    rating = _numbers(device, "flow_m3h", "total_pressure_kpa")
    assumed = device.get("gas_density_kgm3") is None
    density = 1.2 if assumed else float(device["gas_density_kgm3"])
    psi = speed = efficiency = None
    if rating:
        flow, pressure = rating[0] / 3600, rating[1] * 1000
        shaft, share = device.get("shaft_power_kw"), device.get("efficiency_pct")
        power = float(shaft) * 1000 if shaft is not None else flow * pressure / (float(share) / 100) if share else None
        if power and pressure and flow:
            factor = _compressibility(flow, pressure, power)
            turning = _numbers(device, "machine_no", "speed_rpm")
            if turning and turning[0] and turning[1]:
                psi = pressure * factor / (density * (math.pi * 0.1 * turning[0] * turning[1] / 60) ** 2)
            double, turns = device.get("double_suction"), device.get("speed_rpm")
            if turns and double is not None:
                half = flow / 2 if double else flow
                speed = 5.54 * float(turns) * math.sqrt(half) / (1.2 * pressure * factor / density) ** 0.75
            if shaft:
                efficiency = flow * pressure * factor / (10 * float(shaft))
    if assumed and device.get("pressure_coefficient") is None and psi is not None:
        device["inferred_fields"] += "pressure_coefficient;"
    _coalesce(device, "pressure_coefficient", psi)
    _coalesce(device, "specific_speed", speed)
    stated = device.get("efficiency_pct")
    device["fan_efficiency_pct"] = stated if stated is not None else efficiency


def _compressibility(flow: float, pressure: float, power: float) -> float:
    x = pressure / 101325.0
    z = _AIR * power / (flow * 101325.0)
    return (math.log1p(x) / x) * (z / math.log1p(z))


def _coalesce(device: Device, name: str, value: float | None) -> None:
    if device.get(name) is None:
        device[name] = value


def _pump(device: Device) -> None:
    kind, stages, double = device.get("pump_type"), device.get("stages"), device.get("double_suction")
    wrong_stages = (
        stages is not None
        and kind is not None
        and ((kind in _SINGLE and stages != 1) or ("多级" in kind and stages < 2))
    )
    wrong_suction = (kind == "单级单吸" and double is True) or (kind == "单级双吸" and double is False)
    if wrong_stages:
        device["stages"] = stages = None
    if wrong_suction:
        device["double_suction"] = double = None
    if device.get("best_point") is not True:
        device["best_point"] = None
    device["best_point_efficiency_pct"] = device.get("efficiency_pct") if device.get("best_point") else None
    if stages is None and not wrong_stages and (kind or "").startswith("单级"):
        device["stages"] = stages = 1
    if double is None and not wrong_suction:
        device["double_suction"] = double = {"单级双吸": True, "单级单吸": False}.get(kind or "")
    rating = _numbers(device, "speed_rpm", "flow_m3h", "head_m")
    device["specific_speed"] = None
    if rating and double is not None and stages and rating[2]:
        turns, flow, head = rating
        device["specific_speed"] = 3.65 * turns * math.sqrt(flow / (1 + double) / 3600) / (head / stages) ** 0.75


def _motor(device: Device) -> None:
    speed = device.get("speed_rpm")
    if device.get("poles") is not None or speed is None or device.get("frequency_hz") not in (None, 50):
        return
    for poles, full in _SYNCHRONOUS.items():
        if full * _MOST_SLIP < speed <= full:
            device["poles"] = poles
