"""Figures of a fan by GB 19761 (compressibility by GB/T 1236), computed from its rating."""

from __future__ import annotations

import math

import polars as pl

from jigai.screening.efficiency.origin import mark_inferred

STANDARD_AIR_KGM3, STANDARD_PRESSURE_PA = 1.2, 101325.0
_AIR = (1.4 - 1) / 1.4
"""(k - 1) / k of air."""


def fans(devices: pl.DataFrame) -> pl.DataFrame:
    """Add pressure coefficient, specific speed and efficiency of fans where the rating gives them.

    ψ = p·kp / (ρ·u²) with the tip speed u [m/s] of the machine number; ns = 5.54·n·√q / (1.2·p·kp/ρ)^0.75, half the
    flow for double suction; η = q·p·kp / P [%]. q [m³/s], p [Pa], ρ [kg/m³] at the inlet, P [W] impeller power. A
    stated figure goes first. Without a stated density standard air is taken, and what follows is inferred.
    """
    fan = pl.col("kind") == "fan"
    density = pl.coalesce("gas_density_kgm3", pl.lit(STANDARD_AIR_KGM3))
    flow = pl.col("flow_m3h") / 3600
    pressure = pl.col("total_pressure_kpa") * 1000
    stated_power = pl.col("shaft_power_kw") * 1000
    power = pl.coalesce(stated_power, flow * pressure / (pl.col("efficiency_pct") / 100))
    useful = pressure * compressibility(flow, pressure, power)
    tip_speed = math.pi * 0.1 * pl.col("machine_no") * pl.col("speed_rpm") / 60
    one_side = pl.when(pl.col("double_suction")).then(flow / 2).when(~pl.col("double_suction")).then(flow)
    coefficient = _finite(useful / (density * tip_speed**2))
    speed = _finite(5.54 * pl.col("speed_rpm") * one_side.sqrt() / (1.2 * useful / density) ** 0.75)
    efficiency = _finite(flow * useful / stated_power * 100)
    assumed = (
        pl.col("gas_density_kgm3").is_null() & pl.col("pressure_coefficient").is_null() & coefficient.is_not_null()
    )
    return devices.with_columns(mark_inferred("pressure_coefficient", fan & assumed)).with_columns(
        pressure_coefficient=pl.when(fan).then(pl.coalesce("pressure_coefficient", coefficient)),
        specific_speed=pl.when(fan).then(pl.coalesce("specific_speed", speed)).otherwise("specific_speed"),
        fan_efficiency_pct=pl.when(fan).then(pl.coalesce("efficiency_pct", efficiency)),
    )


def compressibility(flow: pl.Expr, pressure: pl.Expr, power: pl.Expr) -> pl.Expr:
    """Return kp of GB/T 1236 for air at standard inlet pressure: flow [m³/s], fan pressure [Pa], power [W].

    kp = ln(1+x)/x · Z/ln(1+Z), x = p/p_inlet, Z = (k-1)/k · P/(q·p_inlet).
    """
    x = pressure / STANDARD_PRESSURE_PA
    z = _AIR * power / (flow * STANDARD_PRESSURE_PA)
    return (x.log1p() / x) * (z / z.log1p())


def _finite(value: pl.Expr) -> pl.Expr:
    """Drop what a zero in the ledger makes of a formula."""
    return pl.when(value.is_finite() & (value > 0)).then(value)
