"""Specified efficiency of small submersible pumps by GB/T 25409, which GB 32030 builds its limits on."""

from __future__ import annotations

import polars as pl

from jigai.reference import Reference

REFERENCE = "gbt25409-2010"
_SMALL_SERIES = ("QDX", "QD", "QX", "Q", "QY", "QS", "QXR", "QXL")


def submersible(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Add the specified efficiency (η_flow − Δη)·η_motor/100 − 1.5 [%] of small pumps where it is not stated.

    Only tabulated flows, specific speeds and motors: the standard's table is not interpolated.
    """
    small = (pl.col("submersible_family") == "小型") | pl.col("series").is_in(_SMALL_SERIES)
    pump = (pl.col("kind") == "pump") & small.fill_null(value=False)
    named = pl.when(pl.col("series").is_in(_SMALL_SERIES)).then("series")
    subtype = pl.when(pump).then(pl.coalesce("submersible_subtype", named)).otherwise("submersible_subtype")
    frame = devices.with_columns(submersible_subtype=subtype)
    if not reference.has(REFERENCE):
        return frame
    table = reference.table(REFERENCE, "reference")
    flows = table.filter(pl.col("metric") == "pump_efficiency").explode("pump_form")
    motors = table.filter(pl.col("metric") == "motor_efficiency")
    specified = (pl.col("of_flow") - _speed_loss(table)) * pl.col("of_motor") / 100 - 1.5
    return (
        frame.with_columns(sync=_synchronous(pl.col("speed_rpm")))
        .join(
            flows.select("pump_form", "flow_m3h", of_flow="value"),
            on=["pump_form", "flow_m3h"],
            how="left",
            maintain_order="left",
        )
        .join(
            motors.select("phases", "motor_structure", "power_kw", sync="sync_speed_rpm", of_motor="value"),
            on=["phases", "motor_structure", "power_kw", "sync"],
            how="left",
            maintain_order="left",
        )
        .with_columns(specified_efficiency_pct=pl.coalesce("specified_efficiency_pct", pl.when(pump).then(specified)))
        .drop("sync", "of_flow", "of_motor")
    )


def _synchronous(speed: pl.Expr) -> pl.Expr:
    """Return the synchronous speed [r/min] a rated speed belongs to at 50 Hz, 2 or 4 poles."""
    two, four = speed.is_between(2500, 3000), speed.is_between(1250, 1500)
    return pl.when(two).then(pl.lit(3000.0)).when(four).then(pl.lit(1500.0))


def _speed_loss(table: pl.DataFrame) -> pl.Expr:
    rows = table.filter(pl.col("metric") == "specific_speed_correction").explode("pump_form")
    speed = pl.col("specific_speed")
    return pl.coalesce(
        pl.when(
            (pl.col("pump_form") == row["pump_form"])
            & (speed >= row["specific_speed_min"])
            & (pl.lit(value=True) if row["specific_speed_max"] is None else speed <= row["specific_speed_max"])
        ).then(row["value"])
        for row in rows.iter_rows(named=True)
    )
