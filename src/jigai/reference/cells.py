"""What a cell may hold, type by type: expressions that turn text into values, and the faults of those it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from jigai.reference.condition import parse
from jigai.reference.errors import ConditionError, Fault
from jigai.reference.manifest import Column
from jigai.reference.vocabulary import Vocabulary

_EXPECTED: Final[dict[str, tuple[str, str]]] = {
    "number": ("不是数；只写数字和小数点，不写单位和千分号", "is not a number; write digits and a point only"),
    "integer": ("不是整数；只写数字", "is not a whole number; write digits only"),
    "year": ("不是年份；写成四位数，如 1998", "is not a year; write four digits like 1998"),
    "flag": ("应为 true、false 或空白", "must be true, false or blank"),
    "date": ("不是日期；写成 2024-02-01", "is not a day; write it like 2024-02-01"),
}
_YEARS: Final = (1800, 2200)


def typed(column: Column) -> pl.Expr:
    """Return the column's text as values of its type; what cannot be read becomes null (see `check_cells`)."""
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
            return pl.when(text == "true").then(statement=True).when(text == "false").then(statement=False)
        case "date":
            return text.str.to_date("%Y-%m-%d", strict=False)
        case "list":
            return text.str.split(";").list.eval(_element().filter(_element() != ""))
        case _:
            return text


def _element() -> pl.Expr:
    return pl.element().str.strip_chars()


@dataclass(frozen=True)
class _Rule:
    """One thing cells of a column must not do: ``broken`` is true where they do it."""

    column: str
    code: str
    broken: pl.Expr
    values: dict[str, str] = field(default_factory=dict)


def check_cells(
    frame: pl.DataFrame, columns: Iterable[Column], row: str, file: str, vocabulary: Vocabulary
) -> list[Fault]:
    """Return the faults of all cells of a table of text; ``row`` names the column that holds the row numbers.

    All rules are counted in one pass; only the broken ones are looked at again for their rows.
    """
    columns = list(columns)
    rules = [rule for column in columns for rule in _rules(column)]
    counted = frame.select(rule.broken.sum().alias(str(place)) for place, rule in enumerate(rules))
    counts = counted.row(0) if rules else ()
    faults = []
    for rule, count in zip(rules, counts, strict=True):
        if count:
            for number, text in frame.filter(rule.broken).select(row, rule.column).iter_rows():
                faults.append(Fault(file, number, rule.column, rule.code, {"value": text or "", **rule.values}))
    for column in columns:
        if column.type == "condition":
            faults += _bad_conditions(frame, column.name, row, file, vocabulary)
    return faults


def _rules(column: Column) -> Iterator[_Rule]:
    name, text, value = column.name, pl.col(column.name), typed(column)
    if column.required:
        yield _Rule(name, "cell_required", text.is_null())
    if column.type in _EXPECTED:
        zh, en = _EXPECTED[column.type]
        yield _Rule(name, "cell_type", text.is_not_null() & value.is_null(), {"expected_zh": zh, "expected_en": en})
    if column.choices:
        among = pl.element().is_in(column.choices)
        foreign = value.list.eval(~among).list.any() if column.type == "list" else ~text.is_in(column.choices)
        yield _Rule(name, "cell_choice", foreign, {"choices": ", ".join(column.choices)})
    if column.minimum is not None or column.maximum is not None:
        limits = {"min": _shown(column.minimum), "max": _shown(column.maximum)}
        yield _Rule(name, "cell_range", _outside(column, value), limits)


def _shown(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _outside(column: Column, value: pl.Expr) -> pl.Expr:
    low = pl.lit(value=False) if column.minimum is None else value < column.minimum
    return low if column.maximum is None else low | (value > column.maximum)


def _bad_conditions(frame: pl.DataFrame, column: str, row: str, file: str, vocabulary: Vocabulary) -> list[Fault]:
    faults = []
    for text in frame[column].drop_nulls().unique(maintain_order=True):
        try:
            parse(text, vocabulary.fields, units=vocabulary.units, choices=vocabulary.choices)
        except ConditionError as error:
            for number in frame.filter(pl.col(column) == text)[row]:
                faults.append(Fault(file, number, column, error.code, error.values))
    return faults
