"""Figures a table is read by that ledgers seldom state: computed from the rating where the standard gives a formula.

Every formula is the standard's own (see ``docs/reference/efficiency.zh.md``). A stated figure goes before a computed
one, except for pumps, whose standard always computes the specific speed. Contradicting statements count as unknown, so
that they are asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from jigai.reference import Reference
from jigai.screening.efficiency.fans import fans
from jigai.screening.efficiency.motors import motors
from jigai.screening.efficiency.pumps import pumps
from jigai.screening.efficiency.submersible import submersible
from jigai.screening.efficiency.transformers import transformers

_FAN = (
    *("flow_m3h", "total_pressure_kpa", "speed_rpm", "machine_no", "gas_density_kgm3", "shaft_power_kw"),
    *("efficiency_pct", "pressure_coefficient", "specific_speed", "double_suction"),
)
_PUMP = ("pump_type", "stages", "double_suction", "flow_m3h", "head_m", "speed_rpm", "specific_speed", "best_point")
_SMALL_PUMP = ("submersible_family", "submersible_subtype", "series")

INPUTS = {
    "poles": ("poles", "speed_rpm", "frequency_hz"),
    "pressure_coefficient": _FAN,
    "fan_efficiency_pct": _FAN,
    "specific_speed": (*_FAN, *_PUMP),
    "stages": _PUMP,
    "double_suction": _PUMP,
    "best_point": _PUMP,
    "best_point_efficiency_pct": (*_PUMP, "efficiency_pct"),
    "submersible_subtype": _SMALL_PUMP,
    "specified_efficiency_pct": (
        *("specified_efficiency_pct", "pump_form", "phases", "motor_structure", "power_kw"),
        *(*_FAN, *_PUMP, *_SMALL_PUMP),
    ),
    "width_ratio": ("outlet_width_mm", "impeller_mm"),
    "polytropic_efficiency_pct": ("efficiency_pct",),
    "seasonal_factor": ("cspf", "iplv", "accop"),
    "coal_class": ("fuel_class",),
    "capacity_tph": ("capacity_tph", "capacity_mw", "inferred_fields"),
}
"""Computed column → the attributes it is computed from; columns that are only written anew are their own input."""

NEEDED = frozenset(
    {name for names in INPUTS.values() for name in names}
    | {"kind", "connection_group", "cooling_code", "nameplate_fields", "inferred_fields"}
)
"""Attributes the computations read."""

_CONVERTED = ";capacity_tph;"


def inputs_of(names: Iterable[str]) -> set[str]:
    """Return the attributes that ``names`` rest on, computed columns and plain ones alike."""
    return {name for column in names for name in (column, *INPUTS.get(column, ()))}


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the computed columns; ``devices`` holds every attribute in `NEEDED`."""
    devices = devices.with_columns(pl.col("inferred_fields").fill_null(";"), pl.col("nameplate_fields").fill_null(";"))
    converted = pl.col("inferred_fields").str.contains(_CONVERTED, literal=True)
    devices = transformers(pumps(fans(motors(devices))))
    return submersible(devices, reference).with_columns(
        width_ratio=(pl.col("outlet_width_mm") / pl.col("impeller_mm")).round(3),
        impeller_mm=pl.when(pl.col("kind") == "blower").then(pl.col("impeller_mm").round(0)).otherwise("impeller_mm"),
        polytropic_efficiency_pct=pl.col("efficiency_pct"),
        seasonal_factor=pl.coalesce("cspf", "iplv", "accop"),
        cooling_code=pl.when(pl.col("cooling_code").str.starts_with("IC")).then("cooling_code"),
        coal_class=_coal_class(reference),
        # the standard has bands in MW for hot-water boilers: what was converted for the lists must not weaken a grade
        capacity_tph=pl.when(pl.col("capacity_mw").is_null() | ~converted).then("capacity_tph"),
        inferred_fields=pl.when(pl.col("capacity_mw").is_null())
        .then("inferred_fields")
        .otherwise(pl.col("inferred_fields").str.replace(_CONVERTED, ";", literal=True)),
    )


def _coal_class(reference: Reference) -> pl.Expr:
    """Return the coal class that a written fuel class means; null where the table does not know the writing."""
    tables = [d.tables["fuel_classes"] for d in reference.datasets.values() if "fuel_classes" in d.tables]
    if not tables:
        return pl.lit(None, dtype=pl.String)
    words = pl.concat(tables)
    written = pl.col("fuel_class").str.replace_all(r"\s", "")
    return written.replace_strict(
        words["written"].to_list(), words["coal_class"].to_list(), default=None, return_dtype=pl.String
    )
