"""The tables of this app: the workflow of a report, warnings, thresholds, what a cell can be bound to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Final

from jigai.platform.web import workflow
from jigai.platform.web.wording import english
from jigai.platform.web.workflow import Step, Word

APP: Final = "jigai.platform.reporting"
FLOW: Final = workflow.workflow(APP)
"""The states of a report and the steps from one to another; ``signs`` of a step is as what somebody signs by it."""

__all__ = ["FLOW", "english", "kinds", "options", "rule", "signs", "warnings"]


def signs(step: Step | None) -> str:
    """Return as what somebody signs by a step (filler, reviewer, signer); empty where nobody does."""
    return step.row["signs"] if step else ""


def kinds() -> dict[str, Word]:
    """Return what a cell can be bound to, by key."""
    return workflow.words(APP, "kinds")


@cache
def options(group: str) -> dict[str, Word]:
    """Return the choices of a group (part, span, factor, field, column, rows) by key."""
    found = (row for row in workflow.rows(APP, "options") if row["group"] == group)
    return {row["key"]: Word(row["key"], row["zh"], row["en"], "", row) for row in found}


@cache
def rule(key: str) -> Decimal:
    """Return a threshold of ``rules.csv`` in its unit."""
    return {row["key"]: Decimal(row["value"]) for row in workflow.rows(APP, "rules")}[key]


def warnings() -> dict[str, Mapping[str, str]]:
    """Return the kinds of warnings by key."""
    return {key: one.row for key, one in workflow.words(APP, "warnings").items()}
