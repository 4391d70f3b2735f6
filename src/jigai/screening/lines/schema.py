"""What is known of a line when it is judged (``columns.csv``), and what is said of it."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from jigai.reference.vocabulary import FIELD_TYPES

CHECK: Final = "energy_benchmark"
AT, BETWEEN, BELOW, NOT_JUDGED = "at_benchmark", "between", "below_baseline", "not_judged"
LEVELS: Final = (AT, BETWEEN, BELOW, NOT_JUDGED)
"""Levels, the best first."""
CONFIRMED, PROXY = "confirmed", "proxy"
SURE: Final = ("transcribed", "secondary")
"""Certainties of a row of the table that make its level *confirmed*; any other makes a *proxy* (decision 0008)."""

SAID: Final[dict[str, pl.DataType]] = {
    "level": pl.String(),
    "ground": pl.String(),
    "field": pl.String(),
    "rule_id": pl.String(),
    "document": pl.String(),
    "document_en": pl.String(),
    "clause": pl.String(),
    "certainty": pl.String(),
    "metric": pl.String(),
    "value": pl.Float64(),
    "benchmark": pl.Float64(),
    "baseline": pl.Float64(),
    "unit": pl.String(),
    "allowance": pl.Float64(),
    "deadline": pl.Date(),
    "missing": pl.String(),
    "reason_zh": pl.String(),
    "reason_en": pl.String(),
    "dataset": pl.String(),
}
"""Columns said of a line: ``value``, ``benchmark``, ``baseline`` and ``allowance`` are in ``unit``; the two limits
have the allowance added. ``deadline`` is the day by which a line below the baseline is renewed or gone."""


@cache
def described() -> dict[str, dict[str, str]]:
    """Return what is known of a line by name: type, unit, label and meaning."""
    text = files("jigai.screening.lines").joinpath("columns.csv").read_text(encoding="utf-8")
    return {row["name"]: row for row in csv.DictReader(text.splitlines())}


@cache
def fields() -> dict[str, pl.DataType]:
    """Return the columns a frame of lines may have and their types; one that is absent is unknown."""
    return {name: FIELD_TYPES[row["type"]] for name, row in described().items()}
