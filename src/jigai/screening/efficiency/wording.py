"""Pieces of the sentences: sizes, figures, names of missing attributes, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

from jigai.ledger.columns import attributes
from jigai.screening.efficiency.standards import Axis

PACKAGE = "jigai.screening.efficiency"
_SHOWN_DECIMALS, _SMALL_DECIMALS = 2, 3
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the words of closed lists as they are said: word → zh, en."""
    text = files(PACKAGE).joinpath("words.csv").read_text(encoding="utf-8")
    return {row["word"]: row for row in csv.DictReader(text.splitlines())}


def said(column: pl.Expr, language: str) -> pl.Expr:
    """Return a column of words as they are said in ``language``; unknown words stay as they are."""
    known = words()
    return column.replace(list(known), [row[language] for row in known.values()])


def shown(column: pl.Expr) -> pl.Expr:
    """Return numbers as people write them: two decimals, three below one, none for whole numbers."""
    small = column.abs() < 1
    rounded = pl.when(small).then(column.round(_SMALL_DECIMALS)).otherwise(column.round(_SHOWN_DECIMALS))
    return rounded.cast(pl.String).str.strip_suffix(".0")


def size(axes: tuple[Axis, ...], language: str, frame: pl.DataFrame) -> pl.Expr:
    """Return what is known of the size, as ``55 kW 4 极``; empty where nothing is."""
    parts = []
    for axis in axes:
        template = axis.show_zh if language == "zh" else axis.show_en
        if template:
            column = pl.col(axis.attribute)
            is_text = frame.schema[axis.attribute] == pl.String
            text = said(column, language) if is_text else shown(column.cast(pl.Float64))
            parts.append(pl.format(template, text))
    return pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit("")


@cache
def labels() -> dict[str, tuple[str, str]]:
    """Return the Chinese and English label of every attribute, as it is asked for."""
    return {attribute.name: (attribute.asked_zh, attribute.en) for attribute in attributes()}


def label(name: str, language: str) -> str:
    """Return the label of one attribute, the name itself where it is none."""
    return labels().get(name, (name, name))[0 if language == "zh" else 1]


def listed(flags: list[tuple[str, pl.Expr]]) -> list[pl.Expr]:
    """Return ``missing``, ``missing_zh`` and ``missing_en``: names and labels of the attributes whose flag is true."""
    joined: dict[str, pl.Expr] = {}
    for name, flag in flags:
        joined[name] = joined[name] | flag if name in joined else flag

    def column(texts: dict[str, str], glue: str) -> pl.Expr:
        parts = [pl.when(flag).then(pl.lit(texts[name])) for name, flag in joined.items()]
        return pl.concat_str(parts, separator=glue, ignore_nulls=True)

    return [
        column({name: name for name in joined}, ";").alias("missing"),
        column({name: label(name, "zh") for name in joined}, "、").alias("missing_zh"),
        column({name: label(name, "en") for name in joined}, ", ").alias("missing_en"),
    ]


def in_words(missing: pl.Expr, language: str) -> pl.Expr:
    """Return a ``;``-joined list of attribute names as labels."""
    known = labels()
    place, glue = 0 if language == "zh" else 1, "、" if language == "zh" else ", "
    named = pl.element().replace(list(known), [pair[place] for pair in known.values()])
    return missing.str.split(";").list.eval(named).list.join(glue)
