"""What a cell may hold, type by type: expressions that turn text into values, and the faults of those it cannot."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.reference.condition import parse
from jigai.reference.errors import ConditionError, Fault
from jigai.reference.manifest import Column
from jigai.reference.vocabulary import Vocabulary

_EXPECTED: Final[dict[str, tuple[str, str]]] = {
    "number": ("不是数；只写数字和小数点，不写单位和千分号", "is not a number; write digits and a point, no unit, no commas"),
    "integer": ("不是整数；只写数字", "is not a whole number; write digits only"),
    "year": ("不是年份；写成四位数，如 1998", "is not a year; write four digits like 1998"),
    "flag": ("应为 true、false 或空白", "must be true, false or blank"),
    "date": ("不是日期；写成 2024-02-01", "is not a day; write it like 2024-02-01"),
}
_YEARS: Final = (1800, 2200)


def typed(column: Column) -> pl.Expr:
    """Return the column's text as values of its type; what cannot be read becomes null (see `check_column`)."""
    text = pl.col(column.name)
    match column.type:
        case "number":
            value = text.cast(pl.Float64, strict=False)
            return pl.when(value.is_finite()).then(value)
        case "integer":
            return text.cast(pl.Int64, strict=False)
        case "year":
            year = text.cast(pl.Int32, strict=False)
            return pl.when(year.is_between(*_YEARS)).then(year)
        case "flag":
            return text.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
        case "date":
            return text.str.to_date("%Y-%m-%d", strict=False)
        case "list":
            return text.str.split(";").list.eval(_element().filter(_element() != ""))
        case _:
            return text


def _element() -> pl.Expr:
    return pl.element().str.strip_chars()


def check_column(frame: pl.DataFrame, column: Column, row: str, file: str, vocabulary: Vocabulary) -> list[Fault]:
    """Return the faults of one column of text; ``row`` names the column that holds the row numbers."""
    cells = frame.select(pl.col(row).alias("row"), pl.col(column.name).alias("text"), typed(column).alias("value"))
    faults: list[Fault] = []

    def blame(which: pl.Expr, code: str, **values: str) -> None:
        for number, text in cells.filter(which).select("row", "text").iter_rows():
            faults.append(Fault(file, number, column.name, code, {"value": text or "", **values}))

    if column.required:
        blame(pl.col("text").is_null(), "cell_required")
    if column.type in _EXPECTED:
        expected_zh, expected_en = _EXPECTED[column.type]
        blame(
            pl.col("text").is_not_null() & pl.col("value").is_null(),
            "cell_type",
            expected_zh=expected_zh,
            expected_en=expected_en,
        )
    if column.choices:
        blame(_not_among(column), "cell_choice", choices=", ".join(column.choices))
    if column.minimum is not None or column.maximum is not None:
        blame(
            _outside(column),
            "cell_range",
            min="" if column.minimum is None else f"{column.minimum:g}",
            max="" if column.maximum is None else f"{column.maximum:g}",
        )
    if column.type == "condition":
        faults += _bad_conditions(cells, column, file, vocabulary)
    return faults


def _not_among(column: Column) -> pl.Expr:
    if column.type == "list":
        return pl.col("value").list.eval(~pl.element().is_in(column.choices)).list.any()
    return ~pl.col("text").is_in(column.choices)


def _outside(column: Column) -> pl.Expr:
    value = pl.col("value")
    low = pl.lit(value=False) if column.minimum is None else value < column.minimum
    return low if column.maximum is None else low | (value > column.maximum)


def _bad_conditions(cells: pl.DataFrame, column: Column, file: str, vocabulary: Vocabulary) -> list[Fault]:
    faults = []
    for text in cells["text"].drop_nulls().unique(maintain_order=True):
        try:
            parse(text, vocabulary.fields, units=vocabulary.units, choices=vocabulary.choices)
        except ConditionError as error:
            for number in cells.filter(pl.col("text") == text)["row"]:
                faults.append(Fault(file, number, column.name, error.code, error.values))
    return faults
