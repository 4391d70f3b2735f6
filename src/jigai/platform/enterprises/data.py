"""Read the tables of this app."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``<name>.csv`` beside this module."""
    text = files("jigai.platform.enterprises").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def keyed(name: str, key: str = "key") -> dict[str, dict[str, str]]:
    """Return the rows of a table by their key."""
    return {row[key]: row for row in rows(name)}


def split(text: str, separator: str) -> tuple[str, ...]:
    """Return the parts of a cell that lists something."""
    return tuple(part.strip() for part in text.split(separator) if part.strip())
