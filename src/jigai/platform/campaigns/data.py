"""Read the tables of this app: states, steps, rules, stages and texts of reminders, measures."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


class Named:
    """A row with a name in both languages, and perhaps a sentence on what it means."""

    zh: str
    en: str
    meaning_zh: str
    meaning_en: str

    @property
    def word(self) -> str:
        """Its name in the language of the page."""
        return self.en if english() else self.zh

    @property
    def meaning(self) -> str:
        """What it means for the reader, a sentence in the language of the page."""
        return self.meaning_en if english() else self.meaning_zh


@dataclass(frozen=True)
class State(Named):
    """A row of ``states.csv``: how far an entry is; ``reported`` says whether it counts as reported."""

    key: str
    zh: str
    en: str
    badge: str
    reported: bool
    meaning_zh: str
    meaning_en: str


@dataclass(frozen=True)
class StepKind(Named):
    """A row of ``steps.csv``: from which states to which, who may, whether a comment or a date is asked for.

    ``target`` is a state, *same* (the state stays), or empty (back to what the ledger says).
    """

    key: str
    sources: tuple[str, ...]
    target: str
    capability: str
    comment: bool
    due: bool
    button: str
    zh: str
    en: str
    done_zh: str
    done_en: str

    @property
    def done(self) -> str:
        """What is said afterwards."""
        return self.done_en if english() else self.done_zh


@dataclass(frozen=True)
class Measure(Named):
    """A row of ``measures.csv``: a figure of the overview and what it counts."""

    key: str
    zh: str
    en: str
    unit: str
    meaning_zh: str
    meaning_en: str


@dataclass(frozen=True)
class Stage:
    """A row of ``stages.csv``: a reminder by schedule, so many days before the deadline."""

    key: str
    days_before: int


@dataclass(frozen=True)
class Template:
    """A row of ``templates.csv``: what is written to those in a state, in both languages."""

    state: str
    title_zh: str
    text_zh: str
    title_en: str
    text_en: str


def english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "").startswith("en")


@cache
def states() -> dict[str, State]:
    """Return every state by its key, in order."""
    return {row["key"]: State(**{**row, "reported": row["reported"] == "1"}) for row in _rows("states")}  # type: ignore[arg-type]


@cache
def steps() -> dict[str, StepKind]:
    """Return every kind of step by its key, in order."""
    return {
        row["key"]: StepKind(
            row["key"],
            tuple(row["from"].split("|")),
            row["to"],
            row["capability"],
            row["comment"] == "required",
            row["due"] == "required",
            *(row[name] for name in ("button", "zh", "en", "done_zh", "done_en")),
        )
        for row in _rows("steps")
    }


@cache
def rule(key: str) -> int:
    """Return a threshold of ``rules.csv`` in its unit."""
    return {row["key"]: int(row["value"]) for row in _rows("rules")}[key]


@cache
def stages() -> tuple[Stage, ...]:
    """Return the stages of reminders, the latest first."""
    found = [Stage(row["key"], int(row["days_before"])) for row in _rows("stages")]
    return tuple(sorted(found, key=lambda one: one.days_before))


@cache
def templates() -> dict[str, Template]:
    """Return the texts of reminders by the state they are for."""
    return {row["state"]: Template(**row) for row in _rows("templates")}


@cache
def measures() -> dict[str, Measure]:
    """Return the measures of the overview by key."""
    return {row["key"]: Measure(**row) for row in _rows("measures")}


@cache
def template_columns() -> dict[str, bool]:
    """Return the attributes the ledger template asks for, and whether each is required."""
    return {row["attribute"]: row["required"] == "1" for row in _rows("template_columns")}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("jigai.platform.campaigns").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
