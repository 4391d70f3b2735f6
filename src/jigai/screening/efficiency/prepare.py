"""Figures a table is read by that ledgers seldom state: computed from the rating where the standard gives a formula.

Every formula is the standard's own (see ``docs/reference/efficiency.zh.md``). A stated figure goes before a computed
one, except for pumps, whose standard always computes the specific speed. Contradicting statements count as unknown, so
that they are asked for again.
"""

from __future__ import annotations

import math

import polars as pl

from jigai.reference import Reference

FAN_INPUTS = ("flow_m3h", "total_pressure_kpa", "speed_rpm", "machine_no", "gas_density_kgm3", "shaft_power_kw")
STANDARD_AIR_KGM3, STANDARD_PRESSURE_PA = 1.2, 101325.0
_AIR = (1.4 - 1) / 1.4

NEEDED = frozenset(
    {
        *FAN_INPUTS,
        *("kind", "subkind", "series", "efficiency_pct", "pressure_coefficient", "specific_speed", "double_suction"),
        *("pump_type", "stages", "head_m", "best_point", "outlet_width_mm", "impeller_mm", "fuel_class"),
        *("cspf", "iplv", "accop", "connection_group", "cooling_code", "core", "insulation", "capacity_kva"),
        *("voltage_kv", "no_load_loss_w", "load_loss_w", "nameplate_fields", "inferred_fields", "submersible_subtype"),
        *("submersible_family", "specified_efficiency_pct", "pump_form", "phases", "motor_structure", "power_kw"),
    }
)
"""Attributes the computations read."""


def prepare(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the computed columns; ``devices`` holds every attribute in `NEEDED`."""
    devices = devices.with_columns(pl.col("inferred_fields").fill_null(";"), pl.col("nameplate_fields").fill_null(";"))
    devices = _transformers(_pumps(_fans(devices)), reference)
    return _submersible(devices, reference).with_columns(
        width_ratio=(pl.col("outlet_width_mm") / pl.col("impeller_mm")).round(3),
        impeller_mm=pl.when(pl.col("kind") == "blower").then(pl.col("impeller_mm").round(0)).otherwise("impeller_mm"),
        polytropic_efficiency_pct=pl.col("efficiency_pct"),
        seasonal_factor=pl.coalesce("cspf", "iplv", "accop"),
        cooling_code=pl.when(pl.col("cooling_code").str.starts_with("IC")).then("cooling_code"),
        coal_class=_coal_class(reference),
    )


def _inferred(names: list[str], when: pl.Expr) -> pl.Expr:
    added = pl.col("inferred_fields") + ";".join(names) + ";"
    return pl.when(when).then(added).otherwise("inferred_fields").alias("inferred_fields")


def _fans(devices: pl.DataFrame) -> pl.DataFrame:
    """Pressure coefficient, specific speed and efficiency of a fan (GB 19761, compressibility by GB/T 1236).

    Without a stated inlet density standard air is assumed, and what follows from it is inferred.
    """
    fan = pl.col("kind") == "fan"
    density = pl.coalesce("gas_density_kgm3", pl.lit(STANDARD_AIR_KGM3))
    flow = pl.col("flow_m3h") / 3600
    pressure = pl.col("total_pressure_kpa") * 1000
    power = pl.coalesce(pl.col("shaft_power_kw") * 1000, flow * pressure / (pl.col("efficiency_pct") / 100))
    factor = compressibility(flow, pressure, power)
    tip_speed = math.pi * 0.1 * pl.col("machine_no") * pl.col("speed_rpm") / 60
    psi = pressure * factor / (density * tip_speed**2)
    half = pl.when(pl.col("double_suction")).then(flow / 2).otherwise(flow)
    speed = 5.54 * pl.col("speed_rpm") * half.sqrt() / (1.2 * pressure * factor / density) ** 0.75
    efficiency = flow * pressure * factor / (10 * pl.col("shaft_power_kw"))
    assumed = fan & pl.col("gas_density_kgm3").is_null()
    return devices.with_columns(
        _inferred(["pressure_coefficient"], assumed & pl.col("pressure_coefficient").is_null() & psi.is_not_null())
    ).with_columns(
        pressure_coefficient=pl.when(fan).then(pl.coalesce("pressure_coefficient", psi)),
        specific_speed=pl.when(fan).then(pl.coalesce("specific_speed", speed)).otherwise("specific_speed"),
        fan_efficiency_pct=pl.when(fan).then(pl.coalesce("efficiency_pct", efficiency)),
    )


def compressibility(flow: pl.Expr, pressure: pl.Expr, power: pl.Expr) -> pl.Expr:
    """Return kp of GB/T 1236 for standard inlet pressure: flow [m³/s], fan pressure [Pa], impeller power [W]."""
    x = pressure / STANDARD_PRESSURE_PA
    z = _AIR * power / (flow * STANDARD_PRESSURE_PA)
    return (x.log1p() / x) * (z / z.log1p())


def _pumps(devices: pl.DataFrame) -> pl.DataFrame:
    """Specific speed ``3.65 n sqrt(Q/S) / (H/N)^0.75`` with Q in m³/s, and the efficiency at the best point."""
    kind, pump = pl.col("pump_type"), pl.col("kind") == "pump"
    single, multi = kind.is_in(["单级单吸", "单级双吸", "管道", "单级石油化工离心泵"]), kind.str.contains("多级", literal=True)
    wrong_stages = (single & (pl.col("stages") != 1)) | (multi & (pl.col("stages") < 2))
    wrong_suction = ((kind == "单级单吸") & pl.col("double_suction")) | ((kind == "单级双吸") & ~pl.col("double_suction"))
    frame = devices.with_columns(
        stages=pl.when(pump & wrong_stages).then(None).otherwise("stages"),
        double_suction=pl.when(pump & wrong_suction).then(None).otherwise("double_suction"),
        best_point=pl.when(pl.col("best_point")).then("best_point"),
    )
    named_single = kind.str.starts_with("单级") & ~wrong_stages.fill_null(value=False)
    stages = pl.when(named_single).then(1).otherwise("stages")
    told = pl.when(kind == "单级双吸").then(2).when(kind == "单级单吸").then(1)
    told = pl.when(wrong_suction.fill_null(value=False)).then(None).otherwise(told)
    given = pl.when(pl.col("double_suction")).then(2).when(~pl.col("double_suction")).then(1)
    flow = pl.col("flow_m3h") / pl.coalesce(told, given) / 3600
    speed = 3.65 * pl.col("speed_rpm") * flow.sqrt() / (pl.col("head_m") / stages) ** 0.75
    return frame.with_columns(
        specific_speed=pl.when(pump).then(pl.when(speed.is_finite()).then(speed)).otherwise("specific_speed"),
        best_point_efficiency_pct=pl.when(pl.col("best_point")).then("efficiency_pct"),
    )


def _transformers(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Losses of a known series where the ledger gives none (inferred), and the connection group without punctuation."""
    frame = devices.with_columns(
        connection_group=pl.col("connection_group").str.replace_all(r"[,，/\s]", "").str.replace(r"-?12$", "")
    )
    if not reference.has("transformer-losses"):
        return frame
    losses = next(iter(reference.dataset("transformer-losses").tables.values())).select(
        "series", "capacity_kva", "voltage_kv", series_p0="no_load_loss_w", series_pk="load_loss_w"
    )
    frame = frame.join(losses, on=["series", "capacity_kva", "voltage_kv"], how="left", maintain_order="left")
    for loss, taken in (("no_load_loss_w", "series_p0"), ("load_loss_w", "series_pk")):
        fills = pl.col(loss).is_null() & pl.col(taken).is_not_null()
        frame = frame.with_columns(_inferred([loss], fills)).with_columns(pl.coalesce(loss, taken).alias(loss))
    return frame.drop("series_p0", "series_pk")


def _submersible(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Specified efficiency of a small submersible pump by GB/T 25409: tabulated flows and specific speeds only.

    ``(η_flow − Δη) · η_motor / 100 − 1.5`` in per cent.
    """
    small = (pl.col("submersible_family") == "小型") | pl.col("series").is_in(["QDX", "QD", "QX", "Q", "QY", "QS", "QXR", "QXL"])
    pump = (pl.col("kind") == "pump") & small.fill_null(value=False)
    frame = devices.with_columns(
        submersible_subtype=pl.when(pump).then(pl.coalesce("submersible_subtype", "series")).otherwise("submersible_subtype")
    )
    if not reference.has("gbt25409-2010"):
        return frame
    table = reference.table("gbt25409-2010", "reference")
    forms = table.explode("pump_form")
    of_flow = forms.filter(pl.col("metric") == "pump_efficiency").select("pump_form", "flow_m3h", of_flow="value")
    drops = forms.filter(pl.col("metric") == "specific_speed_correction")
    of_speed = pl.coalesce(
        pl.when(
            (pl.col("pump_form") == row["pump_form"])
            & (pl.col("specific_speed") >= row["specific_speed_min"])
            & (pl.col("specific_speed") <= (math.inf if row["specific_speed_max"] is None else row["specific_speed_max"]))
        ).then(row["value"])
        for row in drops.iter_rows(named=True)
    )
    motor = table.filter(pl.col("metric") == "motor_efficiency").select(
        "phases", "motor_structure", "power_kw", sync="sync_speed_rpm", of_motor="value"
    )
    sync = pl.when(pl.col("speed_rpm").is_between(2500, 3000)).then(3000.0).when(pl.col("speed_rpm").is_between(1250, 1500)).then(1500.0)
    return (
        frame.with_columns(sync=sync)
        .join(of_flow, on=["pump_form", "flow_m3h"], how="left", maintain_order="left")
        .join(motor, on=["phases", "motor_structure", "power_kw", "sync"], how="left", maintain_order="left")
        .with_columns(
            specified_efficiency_pct=pl.coalesce(
                "specified_efficiency_pct",
                pl.when(pump).then((pl.col("of_flow") - of_speed) * pl.col("of_motor") / 100 - 1.5),
            )
        )
        .drop("sync", "of_flow", "of_motor")
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
