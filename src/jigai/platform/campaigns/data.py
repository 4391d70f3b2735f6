"""Read the tables of this app: states, steps, rules, stages and texts of reminders, measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from jigai.platform.web import workflow

_APP: Final = "jigai.platform.campaigns"
_rows = partial(workflow.rows, _APP)
words = partial(workflow.words, _APP)

FLOW: Final = workflow.workflow(_APP)
"""How far an entry is, and what is done with it; a step with ``due`` asks for a date."""
REPORTED: Final = FLOW.those("reported")
"""The states that count as reported."""
OPEN: Final = tuple(key for key in FLOW.states if key not in REPORTED)
"""The states of those who still have to report."""


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
def template_columns() -> dict[str, bool]:
    """Return the attributes the ledger template asks for, and whether each is required."""
    return {row["attribute"]: row["required"] == "1" for row in _rows("template_columns")}
