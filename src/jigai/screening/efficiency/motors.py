"""Pole count of a motor whose ledger gives the rated speed only."""

from __future__ import annotations

import polars as pl

_SYNCHRONOUS = {"2": 3000.0, "4": 1500.0, "6": 1000.0, "8": 750.0, "10": 600.0, "12": 500.0}
_LARGEST_SLIP = 0.13
"""Slip of the smallest motors; the bands of neighbouring pole counts still do not meet."""


def motors(devices: pl.DataFrame) -> pl.DataFrame:
    """Read the poles off the rated speed [r/min] at 50 Hz where no pole count is stated."""
    speed, grid = pl.col("speed_rpm"), pl.col("frequency_hz").fill_null(50) == 50
    read = pl.coalesce(
        pl.when((speed > full * (1 - _LARGEST_SLIP)) & (speed <= full)).then(pl.lit(poles))
        for poles, full in _SYNCHRONOUS.items()
    )
    told = pl.when((pl.col("kind") == "motor") & grid).then(read)
    return devices.with_columns(poles=pl.coalesce("poles", told))
