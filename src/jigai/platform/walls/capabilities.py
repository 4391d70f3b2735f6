"""The one vocabulary of what can be done (D15): views, workflow, API scopes and the access matrix use its keys."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Capability:
    """One row of ``capabilities.csv``."""

    key: str
    zh: str
    en: str
    meaning: str


@cache
def capabilities() -> dict[str, Capability]:
    """Return every capability by its key."""
    text = files("jigai.platform.walls").joinpath("capabilities.csv").read_text(encoding="utf-8")
    return {row["key"]: Capability(**row) for row in csv.DictReader(text.splitlines())}
