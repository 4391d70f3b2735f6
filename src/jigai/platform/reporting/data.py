"""Read the tables of this app: states, steps, warnings, thresholds, what a cell can be bound to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


@dataclass(frozen=True)
class Word:
    """A row with a name in both languages; ``row`` has whatever else it says."""

    key: str
    row: Mapping[str, str]

    @property
    def word(self) -> str:
        """Its name in the language of the page."""
        return self.row["en" if english() else "zh"]

    @property
    def badge(self) -> str:
        """The state of ``badge`` it is drawn with."""
        return self.row["badge"]

    @property
    def meaning(self) -> str:
        """What it means for the reader."""
        return self.row["meaning_en" if english() else "meaning_zh"]


@dataclass(frozen=True)
class StepKind:
    """A row of ``steps.csv``: from which states to which, who may, whether words are asked for, who signs by it."""

    key: str
    sources: tuple[str, ...]
    target: str
    capability: str
    comment: bool
    signs: str
    button: str
    row: Mapping[str, str]

    @property
    def word(self) -> str:
        """What the button says."""
        return self.row["en" if english() else "zh"]

    @property
    def done(self) -> str:
        """What is said afterwards."""
        return self.row["done_en" if english() else "done_zh"]


def english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "").startswith("en")


@cache
def states() -> dict[str, Word]:
    """Return every state of a report by its key, in order."""
    return {row["key"]: Word(row["key"], row) for row in rows("states")}


@cache
def kinds() -> dict[str, Word]:
    """Return what a cell can be bound to, by key."""
    return {row["key"]: Word(row["key"], row) for row in rows("kinds")}


@cache
def options(group: str) -> dict[str, Word]:
    """Return the choices of a group (part, span, factor, field, column) by key."""
    return {row["key"]: Word(row["key"], row) for row in rows("options") if row["group"] == group}


@cache
def steps() -> dict[str, StepKind]:
    """Return every step by its key, in order."""
    return {
        row["key"]: StepKind(
            row["key"],
            tuple(row["from"].split("|")),
            row["to"],
            row["capability"],
            row["comment"] == "required",
            row["signs"],
            row["button"],
            row,
        )
        for row in rows("steps")
    }


@cache
def rule(key: str) -> Decimal:
    """Return a threshold of ``rules.csv`` in its unit."""
    return {row["key"]: Decimal(row["value"]) for row in rows("rules")}[key]


@cache
def warnings() -> dict[str, Mapping[str, str]]:
    """Return the kinds of warnings by key."""
    return {row["key"]: row for row in rows("warnings")}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of this app."""
    text = files("jigai.platform.reporting").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
