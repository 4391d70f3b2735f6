"""Every declared formula of the package, with inputs for which each of them has an answer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import jigai.appraisal
from jigai.appraisal.dimensions import declared, units_of

# One plausible figure per argument name: a 75 kW pump motor, a 20 m³/min compressor, a 630 kVA transformer and so on.
FIGURES: dict[str, float] = {
    "power_kw": 75, "power_after_kw": 75, "shaft_power_kw": 60, "load_factor": 0.7, "hours": 6000, "efficiency_pct": 91,
    "efficiency_at_75_pct": 91.5, "efficiency_before_pct": 90, "efficiency_after_pct": 95, "constant_loss_share": 0.36,
    "speed_before_rpm": 1470, "speed_after_rpm": 1485, "speed_exponent": 3, "flow_share": 0.7, "static_head_share": 0.3,
    "shutoff_head_ratio": 1.25, "efficiency_drop": 0.8, "drive_efficiency_pct": 96, "flow_m3h": 300, "head_m": 40,
    "density_kgm3": 998, "pump_efficiency_pct": 78, "motor_efficiency_pct": 93, "flow_before_m3h": 320,
    "flow_after_m3h": 300, "flow_needed_m3h": 290, "head_before_m": 45, "head_after_m": 38, "head_needed_m": 37,
    "pump_efficiency_before_pct": 68, "pump_efficiency_after_pct": 82, "motor_efficiency_before_pct": 91,
    "motor_efficiency_after_pct": 95, "no_load_loss_w": 1300, "load_loss_w": 8100, "load_form_factor": 1.05,
    "no_load_loss_before_w": 1300, "load_loss_before_w": 8100, "capacity_before_kva": 630, "no_load_loss_after_w": 460,
    "load_loss_after_w": 4960, "capacity_after_kva": 630, "peak_load_factor": 0.8, "pressure_before_mpa": 0.8,
    "pressure_after_mpa": 0.7, "pressure_needed_mpa": 0.65, "ambient_mpa": 0.088, "loaded_minutes": 6,
    "unloaded_minutes": 14, "leak_m3min": 4, "leak_cut_m3min": 2.5, "idle_power_share": 0.3, "specific_power": 7.9,
    "capacity_m3min": 20, "flow_m3min": 16, "specific_power_before": 7.9, "specific_power_after": 6.4,
    "capacity_before_m3min": 20, "capacity_after_m3min": 20, "idle_power_share_before": 0.3,
    "idle_power_share_after": 0,
    "fuel_gj": 52000, "heat_gj": 38000, "performance": 2.6, "cooling_kwh": 1.2e6, "cooling_after_kwh": 1.2e6,
    "performance_before": 4.1, "performance_after": 6.2, "power_factor_before": 0.72, "power_factor_after": 0.95,
    "line_loss_kwh": 21000, "consumption_per_t": 118, "output_t": 30000, "consumption_before_per_t": 118,
    "consumption_after_per_t": 104, "output_after_t": 32000, "baseline_kwh": 4.1e5, "baseline_output": 1200,
    "electricity_kwh": 17348.9, "coal_per_kwh": 0.1229, "co2_per_kwh": 0.1564, "fuel_kg": 2.5e6,
    "heating_value": 0.01957, "energy_gj": 48925, "co2_per_gj": 90.2, "mass_kgce": 2132, "price": 0.55,
    "reporting_kwh": 3.4e5,
    "reporting_output": 1180,
}  # fmt: skip


def formulas() -> dict[str, Callable[..., Any]]:
    """Import the whole package, economics and support included where they are there, and return what is declared."""
    for module in pkgutil.walk_packages(jigai.appraisal.__path__, "jigai.appraisal."):
        importlib.import_module(module.name)
    return dict(sorted(declared().items()))


def figures(formula: Callable[..., Any]) -> dict[str, float]:
    """One plausible figure for every argument of a formula."""
    return {name: float(FIGURES[name]) for name in units_of(formula).arguments}
