"""Words of the report as data: Chinese and English labels, their order and their tone."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

from jigai.ledger.columns import attributes

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Label:
    """One word of a closed list: ``zh``, ``en``, its place in the list and the tone it is shown in."""

    key: str
    rank: int
    zh: str
    en: str
    tone: str
    meaning: str


@dataclass(frozen=True)
class Tone:
    """Colours of a state as RRGGBB: text, ground and hairline."""

    font: str
    fill: str
    line: str


def read_table(name: str) -> list[dict[str, str]]:
    """Read ``data/<name>.csv`` of this package, one dictionary per row."""
    text = files("jigai.reports").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def labels(group: str) -> Mapping[str, Label]:
    """Return the labels of a group (verdict, check, outcome, basis, …) by key, in their order."""
    return {
        row["key"]: Label(row["key"], int(row["rank"]), row["zh"], row["en"], row["tone"], row["meaning"])
        for row in read_table("labels")
        if row["group"] == group
    }


def label(group: str, key: str | None, language: Language = "zh") -> str:
    """Return the word for a key; a key the table lacks is shown as it is, null as an empty text."""
    if key is None:
        return ""
    found = labels(group).get(key)
    return key if found is None else (found.zh if language == "zh" else found.en)


@cache
def tones() -> Mapping[str, Tone]:
    """Return the palette by name."""
    return {row["tone"]: Tone(row["font"], row["fill"], row["line"]) for row in read_table("tones")}


def in_words(column: str, group: str, language: Language = "zh") -> pl.Expr:
    """Show a column of keys in words."""
    known = labels(group)
    words = [item.zh if language == "zh" else item.en for item in known.values()]
    return pl.col(column).cast(pl.String).replace(list(known), words)


def rank_of(column: str, group: str) -> pl.Expr:
    """Place of each key in its list, for sorting; unknown keys come last."""
    known = labels(group)
    ranks = [item.rank for item in known.values()]
    return pl.col(column).cast(pl.String).replace_strict(list(known), ranks, default=99, return_dtype=pl.Int32)


@cache
def attribute_words(language: Language = "zh") -> Mapping[str, str]:
    """Return the label of every attribute of the ledger by name, as it is asked for."""
    return {item.name: (item.asked_zh if language == "zh" else item.en) for item in attributes()}


def missing_in_words(column: str, separator: str = "、") -> pl.Expr:
    """Show ``;``-joined attribute names as Chinese labels; what is no attribute (a gap in words) stays as written."""
    names = list(attribute_words())
    items = pl.col(column).str.split(";").list.eval(pl.element().str.strip_chars().replace(names, _zh_words()))
    return items.list.filter(pl.element() != "").list.unique(maintain_order=True).list.join(separator)


@cache
def _zh_words() -> list[str]:
    return list(attribute_words().values())
