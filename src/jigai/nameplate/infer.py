"""What a series or frame makes likely but does not state: marked inferred, never more than a suspicion.

A filled cell is never overridden, and nothing is inferred from another inferred value except the combustion of a
boiler from its fuel.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.reference import Reference

WRITING: Final = "nameplate-series"


def with_inferred(frame: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Fill attributes that tables make likely and name them in ``inferred_fields`` (``;a;b;``).

    Motor power from series, frame and poles (``nameplate-motor-frames``), IE class from the series
    (``nameplate-motor-series``), losses of distribution transformers (``transformer-losses``), the fuel of ambiguous
    boiler codes, a size in the unit of the lists (``equivalents``: a hot-water boiler has megawatts on its plate, the
    lists speak of tonnes of steam). The combustion of a boiler follows from its firing letter and its fuel and is as
    sure as the fuel.
    A dataset that is not in force is passed over: then nothing is inferred from it.
    """
    frame = frame.with_columns(pl.lit(";").alias("inferred_fields"))
    if reference.has("nameplate-motor-frames"):
        frames = reference.table("nameplate-motor-frames").explode("series_group")
        frames = frames.select(pl.col("series_group").alias("series"), "frame", "poles", "power_kw")
        frame = _looked_up(frame, frames, ["series", "frame", "poles"], ["power_kw"], "motor")
    if reference.has("nameplate-motor-series"):
        classes = reference.table("nameplate-motor-series").select("series", pl.col("ie_class").alias("class"))
        frame = _looked_up(frame, classes.drop_nulls(), ["series"], ["class"], "motor")
    if reference.has("transformer-losses"):
        losses = reference.table("transformer-losses")
        losses = losses.select("series", "capacity_kva", "voltage_kv", "no_load_loss_w", "load_loss_w")
        keys, values = ["series", "capacity_kva", "voltage_kv"], ["no_load_loss_w", "load_loss_w"]
        frame = _looked_up(frame, losses, keys, values, "transformer")
    codes = reference.table(WRITING, "fuel_codes").filter(pl.col("inferred"))
    codes = codes.select(pl.col("code").alias("__fuel_code"), "fuel")
    frame = _looked_up(frame, codes, ["__fuel_code"], ["fuel"], "boiler")
    frame = _with_equivalents(frame, reference.table(WRITING, "equivalents"))
    return _with_combustion(frame, reference.table(WRITING, "firing"))


def _looked_up(frame: pl.DataFrame, table: pl.DataFrame, keys: list[str], values: list[str], kind: str) -> pl.DataFrame:
    """Fill ``values`` of the devices of one kind from ``table`` where they are null."""
    if not set(keys) <= set(frame.columns):
        return frame
    types = {name: table.schema[name] for name in values}
    frame = frame.with_columns([pl.lit(None, types[name]).alias(name) for name in values if name not in frame.columns])
    renamed = table.rename({name: f"__likely_{name}" for name in values}).with_columns(pl.lit(kind).alias("kind"))
    frame = frame.join(renamed, on=[*keys, "kind"], how="left", maintain_order="left")
    for name in values:
        likely = pl.col(name).is_null() & pl.col(f"__likely_{name}").is_not_null()
        frame = frame.with_columns(
            pl.coalesce(name, f"__likely_{name}").alias(name), _noted("inferred_fields", name, likely)
        )
    return frame.drop([f"__likely_{name}" for name in values])


def _with_equivalents(frame: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Fill an attribute that is empty from another one of the same kind, by a factor."""
    for row in table.iter_rows(named=True):
        name, of = row["attribute"], row["of"]
        if of not in frame.columns:
            continue
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.Float64).alias(name))
        value = (pl.col(of) * row["factor"]).round(3)
        likely = pl.col(name).is_null() & pl.col(of).is_not_null() & (pl.col("kind") == row["kind"])
        frame = frame.with_columns(
            pl.when(likely).then(value).otherwise(name).alias(name), _noted("inferred_fields", name, likely)
        )
    return frame


def _noted(fields: str, name: str, when: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.format("{}{};", fields, pl.lit(name))).otherwise(pl.col(fields)).alias(fields)


def _with_combustion(frame: pl.DataFrame, firing: pl.DataFrame) -> pl.DataFrame:
    """Fill the combustion of boilers; it is inferred when the fuel is, else read from the nameplate."""
    if "fuel" not in frame.columns or "__firing" not in frame.columns:
        return frame
    if "combustion" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("combustion"))
    any_firing = firing.filter(pl.col("firing").is_null()).select("fuel", pl.col("combustion").alias("__any"))
    by_firing = firing.drop_nulls().select(
        pl.col("firing").alias("__firing"), "fuel", pl.col("combustion").alias("__by_firing")
    )
    frame = frame.join(by_firing, on=["__firing", "fuel"], how="left", maintain_order="left")
    frame = frame.join(any_firing, on="fuel", how="left", maintain_order="left")
    likely = pl.when(pl.col("kind") == "boiler").then(pl.coalesce("__by_firing", "__any"))
    new = pl.col("combustion").is_null() & likely.is_not_null()
    inferred = pl.col("inferred_fields").str.contains(";fuel;", literal=True)
    return frame.with_columns(
        pl.coalesce("combustion", likely).alias("combustion"),
        _noted("inferred_fields", "combustion", new & inferred),
        _noted("nameplate_fields", "combustion", new & ~inferred),
    ).drop("__by_firing", "__any")


def expected_efficiency(devices: pl.DataFrame, reference: Reference) -> pl.Series:
    """Return the efficiency [%] that the IE class of a motor promises, null where class, poles or power is unknown.

    η = a·lg³P + b·lg²P + c·lgP + d with P the rated power [kW] at 50 Hz, above the curve's end the value at its end
    (IEC 60034-30-1). Only ever a suspicion: the coefficients are recalled, and a plate may beat its class.
    """
    curves = reference.table("iec60034-30-1").rename({"ie_class": "class"})
    frame = devices.select(pl.col("class"), pl.col("poles"), pl.col("power_kw").cast(pl.Float64))
    frame = frame.join(curves, on=["class", "poles"], how="left", maintain_order="left")
    power = pl.min_horizontal("power_kw", "power_kw_max").log10()
    value = pl.col("a") * power.pow(3) + pl.col("b") * power.pow(2) + pl.col("c") * power + pl.col("d")
    known = frame.select(
        pl.when(pl.col("power_kw") >= pl.col("power_kw_min")).then(value.round(1)).alias("expected_efficiency_pct")
    )
    return known.to_series()
