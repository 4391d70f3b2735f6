"""Years as people write them: ``1998.6``, ``七六年``, ``1999/8/1``, ``二〇一一年``, ``Oct-98``, Excel date numbers."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

_DIGITS: Final = {"〇": "0", "○": "0"} | {char: str(place) for place, char in enumerate("零一二三四五六七八九")}
_FOUR: Final = r"(?:18|19|20|21)\d{2}"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_SEP: Final = r"[./\-_、,]"
_TAIL: Final = r"[\d十月日号份初底末中上下旬半春夏秋冬季度]*"
_CLOCK: Final = r"[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$"
_SAID: Final = r"(?:出厂|生产|制造|投用|投产|投运|购入|购置|启用|安装|建成|使用)$"
_ABOUT: Final = r"^(?:约|大约|大概|≈|~)|(?:左右|前后)$"
_EVENT: Final = r"大修|改造|更换|更新|检修|技改|翻新|维修"
_RANGE: Final = rf"{_FOUR}年?(?:{_SEP}|[~至到])+{_FOUR}|\d{{2}}年?[~至到]\d{{2}}年"
_FULL: Final = (
    rf"^({_FOUR})(?:\.0+)?(?:年度?)?$",
    rf"^({_FOUR})年{_TAIL}$",
    rf"^({_FOUR}){_SEP}{_MONTH}月?份?$",
    rf"^({_FOUR}){_SEP}{_MONTH}(?:{_SEP}|月){_DAY}日?$",
    rf"^({_FOUR})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?$",
    rf"^(?:{_DAY}{_SEP})?{_MONTH}{_SEP}({_FOUR})$",
    rf"^{_DAY}?[\-. ]?[a-z]{{3,9}}[\-., ]*({_FOUR})$",
)
_SHORT: Final = (
    rf"^['`]?(\d{{2}})年{_TAIL}$",
    rf"^['`]?([5-9]\d){_SEP}{_MONTH}(?:{_SEP}{_DAY})?$",
    r"^['`]?([5-9]\d)$",
    rf"^{_DAY}?[\-. ]?[a-z]{{3,9}}[\-., ]*'?(\d{{2}})$",
)
_SERIAL: Final = r"^(\d{5})(?:\.\d+)?$"
_PIVOT: Final = 50
"""Two-digit years from here on are of the 1900s."""
_SERIAL_FIRST, _SERIAL_LAST = 21916, 69763
"""Excel date numbers of 1960-01-01 and 2090-12-31; 19986 is 1998.6 without its point rather than a day of 1954."""
_EPOCH: Final = date(1899, 12, 30)
_LAST: Final = 2100


def parse_years(raw: pl.Series, as_of: date | None = None) -> pl.DataFrame:
    """Read a column of years.

    Returns ``value`` (Int32, null where unknown) and ``code``. Notes keep the value (year_two_digits, year_about,
    year_serial); questions and errors drop it (not_a_year, year_range, year_event, year_future, out_of_range).
    A year after ``as_of`` is a question; without ``as_of`` nothing is called the future before 2100.
    """
    frame = raw.alias("raw").to_frame().select(_written(pl.col("raw")).alias("text"))
    core = (
        pl.col("text")
        .str.replace_all(r"^(?:约|大约|大概|≈|~)", "")
        .str.replace(r"(?:左右|前后)$", "")
        .str.replace(_SAID, "")
        .str.replace(r"^(?:出厂|制造|生产|投产|投用)(?:年份|日期|时间)?[:：]?", "")
    )
    frame = frame.with_columns(core.alias("core"))
    full = pl.coalesce([pl.col("core").str.extract(pattern) for pattern in _FULL]).cast(pl.Int32, strict=False)
    short = pl.coalesce([pl.col("core").str.extract(pattern) for pattern in _SHORT]).cast(pl.Int32, strict=False)
    serial = pl.col("core").str.extract(_SERIAL).cast(pl.Int32, strict=False)
    serial = pl.when(serial.is_between(_SERIAL_FIRST, _SERIAL_LAST)).then(serial)
    frame = frame.with_columns(
        full.alias("full"),
        pl.when(short >= _PIVOT).then(short + 1900).otherwise(short + 2000).alias("short"),
        (pl.lit(_EPOCH) + pl.duration(days=serial)).dt.year().alias("serial"),
    ).with_columns(pl.coalesce("full", "short", "serial").cast(pl.Int32).alias("value"))
    latest = as_of.year if as_of else _LAST
    text, value = pl.col("text"), pl.col("value")
    code = (
        pl.when(text.is_null())
        .then(None)
        .when(text.str.contains(_EVENT))
        .then(pl.lit("year_event"))
        .when(text.str.contains(_RANGE))
        .then(pl.lit("year_range"))
        .when(value.is_null())
        .then(pl.lit("not_a_year"))
        .when((value < 1900) | (value > _LAST))
        .then(pl.lit("out_of_range"))
        .when(value > latest)
        .then(pl.lit("year_future"))
        .when(text.str.contains(_ABOUT))
        .then(pl.lit("year_about"))
        .when(pl.col("full").is_null() & pl.col("short").is_not_null())
        .then(pl.lit("year_two_digits"))
        .when(pl.col("full").is_null())
        .then(pl.lit("year_serial"))
        .otherwise(None)
    )
    kept = pl.col("code").is_null() | pl.col("code").is_in(list(KEPT))
    return frame.with_columns(code.alias("code")).select(pl.when(kept).then(value).alias("value"), "code")


KEPT: Final = frozenset({"year_two_digits", "year_about", "year_serial"})
"""Codes with which the year is still used."""


def _written(raw: pl.Expr) -> pl.Expr:
    """Half width, Arabic digits for Chinese ones, no clock time, no blanks."""
    return (
        raw.str.normalize("NFKC")
        .str.to_lowercase()
        .str.strip_chars()
        .str.replace(_CLOCK, "")
        .str.replace_all(r"\s+", "")
        .str.replace_many({"—": "-", "–": "-", "−": "-", "’": "'", "‘": "'", "〜": "~", "。": "."})
        .str.replace_many(_DIGITS)
        .str.replace_all(r"(\d)o", "${1}0")
        .str.replace_all(r"0o(\d)", "00${1}")
        .str.replace(r"\.$", "")
    )
