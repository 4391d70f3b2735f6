"""Thresholds of accounts, as data: ``limits.csv``."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _limits() -> dict[str, int]:
    text = files("jigai.platform.accounts").joinpath("limits.csv").read_text(encoding="utf-8")
    return {row["key"]: int(row["value"]) for row in csv.DictReader(text.splitlines())}


def limit(key: str) -> int:
    """Return a threshold in the unit named in ``limits.csv``; ``KeyError`` for one nobody defined."""
    return _limits()[key]
