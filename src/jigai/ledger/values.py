"""Cells → numbers in the unit of their attribute, column by column.

A cell that is not one clear number gives null and a problem code; nothing is guessed. Where a cell has a unit of its
own, that unit counts, not the one in the header.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.ledger.columns import Attribute
from jigai.ledger.units import factors, known_units, tidy

_DASHES: Final = {"—": "-", "–": "-", "―": "-", "−": "-", "〜": "~", "∼": "~", "至": "~", "到": "~", "×": "*", "✕": "*"}
_NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_PLAIN: Final = rf"^({_NUMBER})(.*)$"
_RANGE: Final = r"^\d+(?:\.\d+)?[^\d.+*/~-]*[~-]+\d+(?:\.\d+)?[^\d]*(?:3/[a-z]+)?$"
_SEVERAL: Final = r"^\d+(?:\.\d+)?[^\d.+*~-]*[+*x]\d"
_BOUND: Final = r"^(?:[<>≤≥＜＞]|不小于|不大于|不低于|不高于|大于|小于|至少|最大|最小)|以上$|以下$|以内$"
_LABEL: Final = r"^(?:额定)?(?:功率|容量|流量|风量|扬程|全压|风压|电压|效率|转速|压力|蒸发量)?(?:为|约|[=:≈])*"
_SYMBOL: Final = r"^[a-zφη]{1,3}\d?[=:]"
_PER_ONE: Final = r"(?:(?:/|每)(?:台|套|组|只|个)|左右|上下)$"
_GROUPED: Final = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\D|$)"
_PRESUMED_MAX: Final = 1e12
_FRACTION_BELOW: Final = 1.5


def tidied(raw: pl.Expr) -> pl.Expr:
    """Write cells one way: half width, lower case, one kind of dash, no blanks except between two digits."""
    half = raw.str.normalize("NFKC").str.to_lowercase().str.replace_many(_DASHES)
    kept = half.str.replace_all(r"(\d)\s+(\d)", "${1}_${2}").str.replace_all(r"\s+", "")
    return pl.when(kept.str.contains(_GROUPED)).then(kept.str.replace_all(",", "", literal=True)).otherwise(kept)


def parse_numbers(raw: pl.Series, item: Attribute, header_unit: str = "") -> pl.DataFrame:
    """Read a column of cells as numbers in ``item.unit``.

    Returns one row per cell: ``value`` (Float64, null where unknown) and ``code``, the problem code or null.
    ``header_unit`` is the unit a bare number is in; empty means the unit of the attribute.
    Codes: range, several_numbers, inequality, unit_not_convertible, not_a_number, fraction_in_percent, zero_value,
    out_of_range.
    """
    text = pl.col("raw")
    frame = (
        raw.alias("raw")
        .to_frame()
        .select(tidied(text).alias("text"))
        .with_columns(
            pl.col("text").str.replace(_SYMBOL, "").str.replace(_LABEL, "").str.replace(_PER_ONE, "").alias("core")
        )
        .with_columns(pl.col("core").str.extract_groups(_PLAIN).struct.rename_fields(["digits", "written"]))
        .unnest("core")
        .with_columns(
            pl.col("digits").cast(pl.Float64, strict=False).alias("number"),
            pl.col("written").fill_null("").alias("written"),
        )
        .with_columns(_unit_written().alias("unit"))
    )
    frame = frame.with_columns((pl.col("number") * _factor(item, header_unit)).alias("value"))
    code = pl.coalesce([*_shape_codes(item), *_range_codes(item)])
    frame = frame.select(pl.when(pl.col("text").is_not_null()).then(code).alias("code"), "value")
    return frame.select(pl.when(pl.col("code").is_null()).then(_rounded(pl.col("value"))).alias("value"), "code")


def _unit_written() -> pl.Expr:
    """The unit after the number; a remark in brackets such as (变频) is not one and is dropped."""
    inner = pl.col("written").str.extract(r"\(([^()0-9a-z%]*)\)$")
    remark = inner.is_not_null() & ~inner.is_in(list(known_units()))
    kept = pl.when(remark).then(pl.col("written").str.replace(r"\([^()]*\)$", "")).otherwise("written")
    return kept.str.strip_chars("()[]/._")


def _rounded(value: pl.Expr) -> pl.Expr:
    """Drop the tail binary fractions leave (0.38000000000000006): 12 significant digits are kept."""
    return value.round_sig_figs(12)


def _factor(item: Attribute, header_unit: str) -> pl.Expr:
    known = factors(item.unit)
    bare = known.get(tidy(header_unit), 1.0) if header_unit else 1.0
    table = {"": bare, **known}
    return pl.col("unit").replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Float64)


def _shape_codes(item: Attribute) -> list[pl.Expr]:
    text, number, value = pl.col("text"), pl.col("number"), pl.col("value")
    no_factor = value.is_null() & number.is_finite()
    return [
        _code("inequality", text.str.contains(_BOUND)),
        _code("range", text.str.contains(_RANGE)),
        _code("several_numbers", text.str.contains(_SEVERAL)),
        _code("not_a_number", number.is_null() | (no_factor & pl.col("unit").str.contains(r"\d"))),
        _code("unit_not_convertible" if item.unit else "not_a_number", no_factor),
    ]


def _range_codes(item: Attribute) -> list[pl.Expr]:
    value = pl.col("value")
    lowest = item.minimum if item.minimum is not None else -_PRESUMED_MAX
    highest = item.maximum if item.maximum is not None else _PRESUMED_MAX
    codes = [_code("out_of_range", value.is_null() | ~value.is_finite() | ~value.is_between(lowest, highest))]
    if item.type == "integer":
        codes.append(_code("not_a_number", value != value.round()))
    if is_efficiency(item):
        codes.append(_code("fraction_in_percent", (value > 0) & (value <= _FRACTION_BELOW)))
    if item.role in {"nameplate", "signature"} and item.unit:
        codes.append(_code("zero_value", value == 0))
    return codes


def _code(code: str, where: pl.Expr) -> pl.Expr:
    return pl.when(where).then(pl.lit(code))


def is_efficiency(item: Attribute) -> bool:
    """Say whether an attribute is an efficiency in per cent, where 0.917 and 91.7 are easily confused."""
    return item.unit == "%" and "效率" in item.zh


def bounds(item: Attribute) -> tuple[str, str]:
    """Return the possible range of an attribute as people write it."""
    lowest = 0 if item.minimum is None else item.minimum
    highest = _PRESUMED_MAX if item.maximum is None else item.maximum
    return f"{lowest:g}", f"{highest:.12g}"
