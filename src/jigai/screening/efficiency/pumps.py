"""Specific speed of centrifugal pumps by GB 19762, with the stages and the suction their type names."""

from __future__ import annotations

import polars as pl

_ONE_STAGE = ("单级单吸", "单级双吸", "管道", "单级石油化工离心泵")
_SINGLE, _DOUBLE = "单级单吸", "单级双吸"


def pumps(devices: pl.DataFrame) -> pl.DataFrame:
    """Add ns = 3.65·n·√(Q/S) / (H/N)^0.75, Q [m³/s], H [m], n [r/min], and the efficiency at the best point.

    A type that says 单级 or names its suction settles them. Stages or suction that contradict the type count as
    unknown, as does a rating that is not said to be the best efficiency point.
    """
    kind, pump = pl.col("pump_type"), pl.col("kind") == "pump"
    double = pl.col("double_suction")
    wrong_stages = (kind.is_in(_ONE_STAGE) & (pl.col("stages") != 1)) | (
        kind.str.contains("多级", literal=True) & (pl.col("stages") < 2)
    )
    wrong_suction = ((kind == _SINGLE) & double) | ((kind == _DOUBLE) & ~double)
    told_stages = pl.when(kind.str.starts_with("单级")).then(pl.lit(1, dtype=pl.Int64))
    told_double = pl.when(kind == _DOUBLE).then(pl.lit(value=True)).when(kind == _SINGLE).then(pl.lit(value=False))
    frame = devices.with_columns(
        stages=pl.when(pump & wrong_stages)
        .then(None)
        .when(pump)
        .then(pl.coalesce("stages", told_stages))
        .otherwise("stages"),
        double_suction=pl.when(pump & wrong_suction)
        .then(None)
        .when(pump)
        .then(pl.coalesce(double, told_double))
        .otherwise(double),
        best_point=pl.when(pl.col("best_point")).then("best_point"),
    )
    sides = pl.when(pl.col("double_suction")).then(2).when(~pl.col("double_suction")).then(1)
    flow = pl.col("flow_m3h") / sides / 3600
    speed = 3.65 * pl.col("speed_rpm") * flow.sqrt() / (pl.col("head_m") / pl.col("stages")) ** 0.75
    return frame.with_columns(
        specific_speed=pl.when(pump).then(pl.when(speed.is_finite()).then(speed)).otherwise("specific_speed"),
        best_point_efficiency_pct=pl.when(pl.col("best_point")).then("efficiency_pct"),
    )
