"""Tables and columns of datasets in words, and a row's cells as people read them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.ledger.words import attribute_word, kind_word, language, word
from jigai.reference import ConditionError
from jigai.reference.condition import parse
from jigai.reference.manifest import TableSpec
from jigai.reference.vocabulary import ledger_vocabulary
from jigai.screening.lists.wording import condition_in_words

_ENDS: Final = {
    "_min_incl": ("（含下限）", " (from, inclusive)"),
    "_max_incl": ("（含上限）", " (to, inclusive)"),
    "_min": ("下限", " from"),
    "_max": ("上限", " to"),
}
_GROUPED: Final = {"outcome": "outcome", "certainty": "certainty", "check": "check"}


@dataclass(frozen=True)
class Said:
    """One cell: what the column is called, what stands in it, and for a condition how it is written in the file."""

    label: str
    text: str
    written: str = ""


@cache
def _words(name: str) -> dict[str, dict[str, str]]:
    text = files("jigai.platform.standards").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row[name.removesuffix("s")]: row for row in rows}


def column_word(name: str) -> str:
    """Return what a column is called; one nobody named is shown as it is."""
    place = 1 if language() == "en" else 0
    if row := _words("columns").get(name):
        return row[language()]
    if name in attribute_dtypes():
        return attribute_word(name)
    for end, said in _ENDS.items():
        if name.endswith(end) and (stem := column_word(name.removesuffix(end))) != name.removesuffix(end):
            return stem + said[place]
    return name


def table_word(name: str) -> str:
    """Return what a table is called."""
    row = _words("tables").get(name)
    return row[language()] if row else name


def cell(spec: TableSpec, column: str, value: Any) -> str:
    """Return what a cell says, in words where there are words for it; empty for an empty one."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return ("yes" if value else "no") if language() == "en" else ("是" if value else "否")
    if isinstance(value, list):
        return ("、" if language() == "zh" else ", ").join(str(one) for one in value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, date):
        return value.isoformat()
    if _type(spec, column) == "condition":
        return condition_word(spec, str(value))
    if column in _GROUPED:
        return word(_GROUPED[column], str(value))
    return kind_word(str(value)) if column == "kind" else str(value)


def condition_word(spec: TableSpec, text: str) -> str:
    """Return a condition in words; one over fields of its own table as it is written."""
    words = ledger_vocabulary().with_fields(spec.fields)
    try:
        condition = parse(text, words.fields, units=words.units, choices=words.choices)
    except ConditionError:  # a table of the nameplate writes conditions of its own
        return text
    named = attribute_dtypes()
    return condition_in_words(condition, language()) if all(one.asks in named for one in condition.tests) else text


def row_in_words(spec: TableSpec, row: dict[str, Any]) -> list[Said]:
    """Return the cells of a row that say something, in the order of the table."""
    said = []
    for column, value in row.items():
        if text := cell(spec, column, value):
            written = str(value) if _type(spec, column) == "condition" and text != value else ""
            said.append(Said(column_word(column), text, written))
    return said


def _type(spec: TableSpec, column: str) -> str:
    return next((one.type for one in spec.columns if one.name == column), "text")
