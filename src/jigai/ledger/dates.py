"""Days as people write them: ``2024-5-1``, ``2024年5月1日``, ``二〇二四年五月一日``, Excel date numbers."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

_DIGITS: Final = {"〇": "0", "○": "0"} | {char: str(place) for place, char in enumerate("零一二三四五六七八九")}
_SEP: Final = r"[./\-_、,年月]"
_DAY: Final = (
    rf"^(?<y>\d{{4}}){_SEP}(?<m>\d{{1,2}}){_SEP}(?<d>\d{{1,2}})日?$",
    r"^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$",
)
_MONTH: Final = rf"^\d{{4}}{_SEP}\d{{1,2}}月?$|^\d{{4}}年?$|^\d{{6}}$"
_CLOCK: Final = r"[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$"
_SERIAL: Final = r"^\d{5}(?:\.0+)?$"
_SERIAL_FIRST, _SERIAL_LAST = 18264, 69763
"""Excel date numbers of 1950-01-01 and 2090-12-31."""
_EPOCH: Final = date(1899, 12, 30)
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)
KEPT: Final = frozenset({"date_serial"})
"""Codes with which the day is still used."""


def parse_dates(raw: pl.Series) -> pl.DataFrame:
    """Read a column of days.

    Returns ``value`` (Date, null where unknown) and ``code``: date_serial keeps the value; date_partial (a month or
    a year only) and not_a_date (also days no calendar has, and days outside 1900 to 2100) drop it.
    """
    frame = raw.alias("raw").to_frame().select(_written(pl.col("raw")).alias("text"))
    days = [_day(pl.col("text").str.extract_groups(pattern)) for pattern in _DAY]
    serial = pl.col("text").str.extract(r"^(\d{5})").cast(pl.Int32, strict=False)
    is_serial = pl.col("text").str.contains(_SERIAL) & serial.is_between(_SERIAL_FIRST, _SERIAL_LAST)
    counted = pl.when(is_serial).then(pl.lit(_EPOCH) + pl.duration(days=serial))
    text, value = pl.col("text"), pl.col("value")
    frame = frame.with_columns(pl.coalesce(*days, counted.cast(pl.Date)).alias("value"), is_serial.alias("serial"))
    code = (
        pl.when(text.is_null())
        .then(None)
        .when(value.is_null() & text.str.contains(_MONTH))
        .then(pl.lit("date_partial"))
        .when(value.is_null() | ~value.is_between(_FIRST, _LAST))
        .then(pl.lit("not_a_date"))
        .when(pl.col("serial"))
        .then(pl.lit("date_serial"))
    )
    frame = frame.with_columns(code.alias("code"))
    kept = pl.col("code").is_null() | pl.col("code").is_in(list(KEPT))
    return frame.select(pl.when(kept).then(value).alias("value"), "code")


def _day(groups: pl.Expr) -> pl.Expr:
    parts = [groups.struct.field("y"), *(groups.struct.field(name).str.zfill(2) for name in ("m", "d"))]
    return pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)


def _written(raw: pl.Expr) -> pl.Expr:
    """Half width, Arabic digits for Chinese ones (二十一 is 21), no clock time, no blanks."""
    return (
        raw.str.normalize("NFKC")
        .str.to_lowercase()
        .str.strip_chars()
        .str.replace(_CLOCK, "")
        .str.replace_all(r"\s+", "")
        .str.replace_many({"—": "-", "–": "-", "−": "-", "。": "."})
        .str.replace_many(_DIGITS)
        .str.replace_all(r"(\d)十(\d)", "${1}${2}")
        .str.replace_all(r"(\d)十", "${1}0")
        .str.replace_all(r"十(\d)", "1${1}")
        .str.replace_all("十", "10", literal=True)
    )
