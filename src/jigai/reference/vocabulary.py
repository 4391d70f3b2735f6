"""The fields a condition may speak of: the ledger's attribute table, read as data."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

FIELD_TYPES: Final[dict[str, pl.DataType]] = {
    "text": pl.String(),
    "choice": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "year": pl.Int32(),
    "flag": pl.Boolean(),
    "date": pl.Date(),
}
"""Column type of every field type that a condition can test."""


@dataclass(frozen=True)
class Vocabulary:
    """Names that conditions may use: their column types, units and, for closed lists, their values."""

    fields: Mapping[str, pl.DataType]
    units: Mapping[str, str]
    choices: Mapping[str, frozenset[str]]

    def with_fields(self, extra: Mapping[str, str]) -> Vocabulary:
        """Return the vocabulary widened by a table's own fields (name → field type)."""
        return Vocabulary(
            {**self.fields, **{name: FIELD_TYPES[kind] for name, kind in extra.items()}}, self.units, self.choices
        )


@cache
def ledger_vocabulary() -> Vocabulary:
    """Return the attributes of a ledger line (``jigai/ledger/columns.csv``: one table drives everything, D14)."""
    text = files("jigai").joinpath("ledger", "columns.csv").read_text(encoding="utf-8-sig")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["name"]]
    return Vocabulary(
        fields={row["name"]: FIELD_TYPES[row["type"]] for row in rows},
        units={row["name"]: row["unit"] for row in rows if row["unit"]},
        choices={row["name"]: frozenset(row["choices"].split("|")) for row in rows if row["choices"]},
    )


@cache
def _multiples() -> dict[str, tuple[str, Decimal]]:
    text = files("jigai.reference").joinpath("units.csv").read_text(encoding="utf-8")
    return {row["unit"]: (row["dimension"], Decimal(row["factor"])) for row in csv.DictReader(text.splitlines())}


def unit_factor(written: str, wanted: str) -> Decimal | None:
    """Return what a value in the unit ``written`` is multiplied by to be in ``wanted``; None when they do not fit."""
    if written == wanted:
        return Decimal(1)
    known = _multiples()
    if written not in known or wanted not in known or known[written][0] != known[wanted][0]:
        return None
    return known[written][1] / known[wanted][1]
