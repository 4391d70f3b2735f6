"""One column of raw cells → one column of an attribute: the parser its type calls for."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

import polars as pl

from jigai.ledger.choices import blanked, parse_choices, parse_codes, parse_flags, parse_poles, parse_texts
from jigai.ledger.columns import Attribute
from jigai.ledger.dates import KEPT as KEPT_DATES
from jigai.ledger.dates import parse_dates
from jigai.ledger.values import parse_numbers, tidied
from jigai.ledger.voltage import parse_voltages
from jigai.ledger.years import KEPT as KEPT_YEARS
from jigai.ledger.years import parse_years

_HOOKS: Final = r"^(\d+(?:\.\d+)?)t?[/+](\d+(?:\.\d+)?)(?:t|吨)?$"
_CHINESE_DIGITS: Final = {"两": "2"} | {char: str(place) for place, char in enumerate("零一二三四五六七八九")}
_SEVERAL_DIGITS: Final = "[" + "".join(_CHINESE_DIGITS) + "]{2}"
KEPT: Final = KEPT_YEARS | KEPT_DATES | {"formula_like_text", "two_hooks"}
"""Codes with which the value of the cell is still used."""


def parse(raw: pl.Series, item: Attribute, header_unit: str = "", as_of: date | None = None) -> pl.DataFrame:
    """Read a column of cells as the attribute ``item``.

    Returns ``value`` in the column type and unit of the attribute, ``code`` (problem code or null), and for
    voltages also ``lv_kv`` and ``voltage2_kv``. Cells that say that nothing is known (``/``, ``不详``) are null
    without a code. Never raises for any text.
    """
    if item.type == "flag":
        return parse_flags(raw)
    known = raw.alias("raw").to_frame().select(blanked(pl.col("raw")))["raw"]
    if item.choices:
        return parse_choices(known, item)
    if item.type == "year":
        return _within(parse_years(known, as_of), item)
    if item.type == "date":
        return parse_dates(known)
    if item.format == "credit_code":
        return parse_codes(known)
    if item.name == "voltage_kv":
        return parse_voltages(known, header_unit)
    if item.name == "lv_kv":
        return parse_voltages(known, header_unit).select("value", "code")
    if item.name == "poles":
        return parse_poles(known)
    if item.name == "lift_t":
        return _lifts(known, item, header_unit)
    if item.type == "integer":
        plain = known.str.normalize("NFKC")
        # 一两台 is one or two, not twelve: several digits in words are left as they are, and so asked about.
        several = plain.str.contains(_SEVERAL_DIGITS)
        digits = plain.str.replace_many(_CHINESE_DIGITS).zip_with(~several.fill_null(value=False), plain)
        numbers = parse_numbers(digits, item, header_unit)
        return numbers.with_columns(pl.col("value").cast(pl.Int64, strict=False))
    if item.type == "number":
        return parse_numbers(known, item, header_unit)
    return parse_texts(known)


def _within(years: pl.DataFrame, item: Attribute) -> pl.DataFrame:
    """Drop years outside the bounds of the attribute, as numbers are dropped."""
    lowest, highest = item.minimum or 0, item.maximum or math.inf
    out = pl.col("value").is_not_null() & ~pl.col("value").is_between(lowest, highest)
    return years.select(
        pl.when(~out).then("value").alias("value"),
        pl.when(out).then(pl.lit("out_of_range")).otherwise("code").alias("code"),
    )


def _lifts(raw: pl.Series, item: Attribute, header_unit: str) -> pl.DataFrame:
    """Lifting capacity [t]: ``20/5`` is a crane with a main hook of 20 t and an auxiliary one of 5 t."""
    single = parse_numbers(raw, item, header_unit)
    text = raw.alias("raw").to_frame().select(tidied(pl.col("raw")))["raw"]
    hooks = text.to_frame().select(
        pl.col("raw").str.extract(_HOOKS, 1).cast(pl.Float64, strict=False).alias("main"),
        pl.col("raw").str.extract(_HOOKS, 2).cast(pl.Float64, strict=False).alias("auxiliary"),
    )
    two = pl.col("main").is_not_null() & (pl.col("main") >= pl.col("auxiliary"))
    return single.hstack(hooks).select(
        pl.when(two).then("main").otherwise("value").alias("value"),
        pl.when(two).then(pl.lit("two_hooks")).otherwise("code").alias("code"),
    )
