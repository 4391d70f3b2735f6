"""The package's own tables of data, read once."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/<name>`` as written, each by the names of its columns."""
    text = files("jigai.plan").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(keepends=True), strict=True))
