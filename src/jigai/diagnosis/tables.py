"""The package's own tables of data, read once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/<name>`` as written, each by the names of its columns."""
    text = files("jigai.diagnosis").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(keepends=True), strict=True))


@cache
def keyed(name: str, key: str = "key") -> Mapping[str, dict[str, str]]:
    """Return the rows of a table by the column ``key``, in the order of the table."""
    return {row[key]: row for row in table(name)}


def setting(key: str) -> float:
    """Return a number of ``data/settings.csv``; the table says its unit and why it is what it is."""
    return float(keyed("settings.csv")[key]["value"])
