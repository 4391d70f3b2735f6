"""Read the tables of this app: the workflow, what is late when, what is taken as evidence, limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from jigai.platform.web import workflow
from jigai.platform.web.workflow import Word

_APP: Final = "jigai.platform.duties"
_rows = partial(workflow.rows, _APP)
words = partial(workflow.words, _APP)

FLOW: Final = workflow.workflow(_APP)
"""How far the share of one organisation in a task is, and what is done with it."""
ACTIVE: Final = FLOW.those("active")
"""The states in which progress is owed every month."""
VIEW: Final = "duty.view"
RUN: Final = "duty.run"
REPORT: Final = "duty.report"
COMMENT: Final = "duty.comment"


@dataclass(frozen=True)
class Rule:
    """A row of ``rules.csv``: how much of which unit (``workday``, ``natural_day``, ``month``), and what it is for."""

    key: str
    value: int
    unit: str
    word: Word


@dataclass(frozen=True)
class Sort:
    """A row of ``evidence.csv``: files of this sort begin with ``sign`` and end in one of ``endings``."""

    key: str
    sign: bytes
    endings: tuple[str, ...]
    media_type: str


@cache
def rules() -> dict[str, Rule]:
    """Return the rules of what is late, by their key."""
    return {key: Rule(key, int(one.row["value"]), one.row["unit"], one) for key, one in words("rules").items()}


def rule(key: str) -> int:
    """Return how much a rule of ``rules.csv`` says, in its unit."""
    return rules()[key].value


@cache
def limit(key: str) -> int:
    """Return a limit of ``limits.csv`` in its unit."""
    return {row["key"]: int(row["value"]) for row in _rows("limits")}[key]


@cache
def sorts() -> tuple[Sort, ...]:
    """Return what is taken as evidence."""
    return tuple(
        Sort(row["key"], bytes.fromhex(row["sign"]), tuple(row["endings"].split("|")), row["media_type"])
        for row in _rows("evidence")
    )
