"""Sentences as data: ``{column}`` templates in a table, filled column-wise in Chinese and English."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

Language = Literal["zh", "en"]
_FIELD = re.compile(r"\{(\w+)\}")


@cache
def templates(package: str, file: str = "sentences.csv") -> dict[str, dict[str, str]]:
    """Read the table ``file`` (key, zh, en) of ``package``; keys name the situation, never the wording."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines(keepends=True))}


@cache
def sentence(key: str, language: Language, package: str = "jigai.screening") -> pl.Expr:
    """Return the column of sentences for ``key``, each ``{name}`` replaced by the row's column of that name.

    Numbers are shown as people write them (``11``, not ``11.0``); a null is shown as an empty text, so a
    template must only name columns that are known in its situation.
    """
    template = templates(package)[key][language]
    fields = _FIELD.findall(template)
    return pl.format(_FIELD.sub("{}", template), *[as_text(field) for field in fields])


@cache
def as_text(column: str) -> pl.Expr:
    """Show a column as text: whole numbers without decimals, null as empty."""
    return pl.col(column).cast(pl.String).str.strip_suffix(".0").fill_null("")
