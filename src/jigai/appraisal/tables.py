"""The small tables of this package, read once: sentences, units, facts, measures."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/NAME.csv`` with every cell as text."""
    text = files("jigai.appraisal").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def keyed(name: str, key: str) -> dict[str, dict[str, str]]:
    """Return the rows of ``data/NAME.csv`` by the text in column ``key``."""
    return {row[key]: row for row in table(name)}
