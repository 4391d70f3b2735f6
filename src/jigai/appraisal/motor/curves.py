"""Rated efficiency of motors whose plate does not tell it: by efficiency class, or by the class of an old series."""

from __future__ import annotations

import numpy as np
import polars as pl

from jigai.appraisal.dimensions import empirical
from jigai.appraisal.numbers import Number
from jigai.reference import Reference

CURVES, SERIES = "iec60034-30-1", "nameplate-motor-series"
OLDEST = "IE1"
"""Class taken for the series that are older than IE1: their real efficiency is lower, so the saving is told too low."""


@empirical("%", power_kw="kW", a="%", b="%", c="%", d="%", least_kw="kW", most_kw="kW")
def class_efficiency_pct(
    power_kw: Number, a: Number, b: Number, c: Number, d: Number, least_kw: Number, most_kw: Number
) -> Number:
    """Return the rated efficiency a class asks for at 50 Hz [%]: ``a·lg³P + b·lg²P + c·lgP + d``, P in kW.

    Args:
        power_kw: rated output P [kW]; above ``most_kw`` the efficiency stays that of ``most_kw``.
        a, b, c, d: coefficients of the class and pole count (dataset ``iec60034-30-1``).
        least_kw, most_kw: the range of the curve [kW]; below it the result is NaN: unknown.

    Source: IEC 60034-30-1; the coefficients held are recalled, so a result is an inference and says so.
    """
    known = np.where(np.asarray(power_kw) >= least_kw, power_kw, np.nan)
    lg = np.log10(np.minimum(known, most_kw))
    efficiency: Number = ((a * lg + b) * lg + c) * lg + d
    return efficiency if np.ndim(power_kw) else float(efficiency)


def inferred_efficiency_pct(devices: pl.DataFrame, reference: Reference) -> pl.Series:
    """Return the rated efficiency by class or series [%], null where neither tells it; a row per row of ``devices``.

    ``devices`` has the columns class, series, poles and power_kw. A class on the plate goes before the series.
    Nothing is told when one of the two datasets is not in force, for classes without a curve (IE4, IE5: such a motor
    is no candidate), for eight poles, or below 0.75 kW.
    """
    unknown = pl.Series("efficiency", [None] * devices.height, dtype=pl.Float64)
    if not (reference.has(CURVES) and reference.has(SERIES)):
        return unknown
    series = reference.table(SERIES).select(
        "series", implied=pl.when("below_ie1").then(pl.lit(OLDEST)).otherwise("ie_class")
    )
    told = devices.join(series, on="series", how="left", maintain_order="left")
    named = told.with_columns(ie_class=pl.coalesce(pl.col("class").replace({"below IE1": OLDEST}), "implied"))
    joined = named.join(reference.table(CURVES), on=["ie_class", "poles"], how="left", maintain_order="left")
    columns = {name: joined[name].cast(pl.Float64).to_numpy() for name in ("power_kw", "a", "b", "c", "d")}
    ends = (joined[name].cast(pl.Float64).to_numpy() for name in ("power_kw_min", "power_kw_max"))
    values = np.asarray(class_efficiency_pct(*columns.values(), *ends))
    return pl.Series("efficiency", values).fill_nan(None)
