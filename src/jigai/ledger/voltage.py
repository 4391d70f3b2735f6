"""Voltages: ``380V``, ``10kV``, ``10/0.4kV``, ``380/660``, with and without unit."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.ledger.columns import attribute
from jigai.ledger.values import parse_numbers, tidied

_PAIR: Final = r"^(\d+(?:\.\d+)?)(kv|v|千伏|伏)?(?:[±(+-][^/]*)?/(\d+(?:\.\d+)?)(?:-(?:\d+(?:\.\d+)?))?(kv|v|千伏|伏)?$"
_SUPPLY: Final = r"(?i)^\s*(?:(?:AC|DC|~|3~|3PH|[13]相|三相|单相|交流|直流)\s*)+"
_FREQUENCY: Final = r"(?i)[\s/,、]*50\s*HZ\s*$"
"""What plates write around a voltage: AC380V, 3相380V, 380V/50Hz."""
_WINDINGS_RATIO: Final = 2.05
"""Two voltages further apart than this are the two sides of a transformer; nearer ones are two ways to connect a
motor (380/660 is the ratio √3)."""
_LOWEST_KV: Final = 0.02
"""A bare number that would be less than 20 V under its header was hardly written in the unit of the header."""
_VOLTS_FROM: Final = 150.0
_KILOVOLTS_TO: Final = 40.0


def parse_voltages(raw: pl.Series, header_unit: str = "") -> pl.DataFrame:
    """Read a column of voltages [kV].

    Returns ``value``, ``code`` and, where two voltages are written, ``lv_kv`` (the lower side of a transformer) or
    ``voltage2_kv`` (the higher connection of a motor, ``value`` being the lower). Without any unit, numbers up to
    40 are kilovolts and numbers from 150 are volts; between them the cell is a question (unit_ambiguous).
    """
    nominal = raw.str.normalize("NFKC").str.replace(_SUPPLY, "").str.replace(_FREQUENCY, "")
    raw = nominal.alias(raw.name)
    nominal = nominal.str.replace(r"^([^/]*)±.*$", "${1}")
    single = parse_numbers(nominal, attribute("voltage_kv"), header_unit)
    names = ["first", "first_unit", "second", "second_unit"]
    pairs = (
        raw.alias("raw")
        .to_frame()
        .select(tidied(pl.col("raw")).alias("text"))
        .with_columns(pl.col("text").str.extract_groups(_PAIR).struct.rename_fields(names))
        .unnest("text")
    )
    frame = single.hstack(pairs).with_columns(raw.alias("raw"))
    second_unit = pl.col("second_unit")
    first_unit = pl.coalesce("first_unit", "second_unit")
    frame = frame.with_columns(
        _kilovolts(pl.col("first"), first_unit, header_unit).alias("first_kv"),
        _kilovolts(pl.col("second"), second_unit, header_unit).alias("second_kv"),
    ).with_columns(
        pl.max_horizontal("first_kv", "second_kv").alias("high"),
        pl.min_horizontal("first_kv", "second_kv").alias("low"),
    )
    is_pair = pl.col("first_kv").is_not_null() & pl.col("second_kv").is_not_null()
    unsaid = pl.lit(bool(header_unit)) & pl.col("first_unit").is_null() & pl.col("second_unit").is_null()
    misplaced = is_pair & unsaid & (pl.col("high") < _LOWEST_KV)
    sides = pl.col("high") > pl.col("low") * _WINDINGS_RATIO
    bare = pl.col("code").is_null() & ~tidied(pl.col("raw")).str.contains(r"[a-z千伏]")
    ambiguous = bare & (pl.col("value") > _KILOVOLTS_TO) & (pl.col("value") < _VOLTS_FROM)
    if header_unit:
        guessed, ambiguous = pl.col("value"), bare & (pl.col("value") < _LOWEST_KV)
    else:
        guessed = pl.when(bare & (pl.col("value") >= _VOLTS_FROM)).then(pl.col("value") / 1000).otherwise("value")
    volts_as_bare = pl.col("code").eq("out_of_range") & ~pl.lit(bool(header_unit))
    rescued = pl.when(volts_as_bare).then(tidied(pl.col("raw")).cast(pl.Float64, strict=False) / 1000)
    rescued = pl.when(rescued.is_between(0, 1000)).then(rescued)
    return frame.select(
        pl.when(misplaced)
        .then(None)
        .when(is_pair & sides)
        .then(pl.col("high"))
        .when(is_pair)
        .then(pl.col("low"))
        .when(ambiguous)
        .then(None)
        .otherwise(pl.coalesce(guessed, rescued))
        .round_sig_figs(12)
        .alias("value"),
        pl.when(misplaced)
        .then(pl.lit("unit_ambiguous"))
        .when(is_pair | rescued.is_not_null())
        .then(None)
        .when(ambiguous)
        .then(pl.lit("unit_ambiguous"))
        .otherwise("code")
        .alias("code"),
        pl.when(is_pair & sides & ~misplaced).then(pl.col("low")).round_sig_figs(12).alias("lv_kv"),
        pl.when(is_pair & ~sides & ~misplaced & (pl.col("high") > pl.col("low")))
        .then(pl.col("high"))
        .round_sig_figs(12)
        .alias("voltage2_kv"),
    )


def _kilovolts(number: pl.Expr, unit: pl.Expr, header_unit: str) -> pl.Expr:
    value = number.cast(pl.Float64, strict=False)
    in_volts = unit.is_in(["v", "伏"])
    if header_unit in {"v", "伏"}:
        in_volts = in_volts | unit.is_null()
    elif not header_unit:
        in_volts = in_volts | (unit.is_null() & (value >= _VOLTS_FROM))
    return pl.when(in_volts.fill_null(value=False)).then(value / 1000).otherwise(value)
