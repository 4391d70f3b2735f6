"""Pieces of the sentences about lists: a condition in words, and the values it was tested on with their origin."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import polars as pl

from jigai.ledger.columns import Attribute, attributes
from jigai.reference.condition import Condition, Test
from jigai.screening.sentences import Language, as_text

GLUE = {"zh": "，", "en": ", "}


@cache
def words() -> dict[tuple[str, str], dict[str, str]]:
    """Return the words of closed lists: (field, value) → zh, en."""
    text = files("jigai.screening.lists").joinpath("words.csv").read_text(encoding="utf-8")
    return {(row["field"], row["value"]): row for row in csv.DictReader(text.splitlines())}


def word(field: str, value: object, language: Language) -> str:
    """Return ``value`` of ``field`` as people say it; an unknown one as it is."""
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    row = words().get((field, text)) or words().get(("", text))
    return row[language] if row else text.removesuffix(".0")


@cache
def attribute(name: str) -> Attribute:
    """Return the attribute ``name`` of the attribute table."""
    return next(found for found in attributes() if found.name == name)


@cache
def condition_in_words(condition: Condition, language: Language) -> str:
    """Return the condition as a sentence piece: ``出厂年份不超过 2003 年，额定电压为 6 kV``."""
    return GLUE[language].join(_test_in_words(test, language) for test in condition.tests)


def _test_in_words(test: Test, language: Language) -> str:
    column = attribute(test.asks)
    between = "、" if language == "zh" else " / "
    values = between.join(word(test.field, value, language) for value in test.values)
    unit = f" {column.unit}" if column.unit and column.type in ("number", "integer") else ""
    label = words().get(("field", test.field), {}).get(language) or getattr(column, language)
    op = words()["op_year" if column.type == "year" else "op", test.op][language]
    if values[:1] > "\u2e7f":  # Chinese words stand without a space
        op = op.replace(" {}", "{}")
    return label + op.format(values + unit)


def facts(condition: Condition, frame: pl.DataFrame, language: Language) -> pl.Expr:
    """Return what is known of the tested attributes, joined: ``出厂年份 2001（台账）``; empty where nothing is."""
    names = list(dict.fromkeys(name for test in condition.tests for name in test.columns))
    pieces = [fact(name, frame.schema[name], language) for name in names]
    return (
        pl.concat_str(pieces, separator="、" if language == "zh" else ", ", ignore_nulls=True) if pieces else pl.lit("")
    )


@cache
def fact(name: str, dtype: pl.DataType, language: Language) -> pl.Expr:
    """Return one known value with unit and origin, null where it is unknown."""
    column = attribute(name)
    if dtype in (pl.Boolean, pl.String):
        value = pl.col(name).cast(pl.String)
        known = [(key[1], row[language]) for key, row in words().items() if key[0] in ("", name)]
        value = value.replace([pair[0] for pair in known], [pair[1] for pair in known])
    else:
        value = as_text(name)
    unit = f" {column.unit}" if column.unit and column.type in ("number", "integer") else ""
    brackets = "（{}）" if language == "zh" else " ({})"
    shown = pl.format(f"{getattr(column, language)} {{}}{unit}{brackets}", value, origin_in_words(name, language))
    return pl.when(pl.col(name).is_not_null()).then(shown)


@cache
def origin_in_words(name: str, language: Language) -> pl.Expr:
    """Return where a value came from: ledger, model designation, or inferred."""
    return (
        pl.when(pl.col("inferred_fields").str.contains(f";{name};", literal=True).fill_null(value=False))
        .then(pl.lit(words()["origin", "inferred"][language]))
        .when(pl.col("nameplate_fields").str.contains(f";{name};", literal=True).fill_null(value=False))
        .then(pl.lit(words()["origin", "nameplate"][language]))
        .otherwise(pl.lit(words()["origin", "ledger"][language]))
    )
