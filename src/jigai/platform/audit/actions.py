"""What can be done, in words: ``actions.csv`` here, and one beside the code of any app that brings its own."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from django.apps import apps
from django.utils.translation import get_language

UNDONE: Final = ".undone"
COMMAND: Final = "command: "
"""How the trail names what nobody did by hand; kept as it was written, for the chain rests on it."""


class Action(NamedTuple):
    """One row of ``actions.csv``."""

    key: str
    zh: str
    en: str


@cache
def actions() -> dict[str, Action]:
    """Return every action by its key; ``ValueError`` names one that is told twice in different words."""
    found: dict[str, Action] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / "actions.csv"
        if not config.name.startswith("jigai.") or not path.exists():
            continue
        rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if tuple(rows.fieldnames or ()) != Action._fields:  # a table of something else
            continue
        for row in rows:
            action = Action(**row)
            if found.setdefault(action.key, action) != action:
                raise ValueError(f"{path}: {action.key} is told differently elsewhere")
    return found


def word(key: str) -> str:
    """Return an action in the language of the page; one of a later version keeps its key.

    What takes another action back is called by its key with ``.undone`` behind.
    """
    english = (get_language() or "").startswith("en")
    if key.endswith(UNDONE):
        before = word(key.removesuffix(UNDONE))
        return f"undid: {before}" if english else f"撤销：{before}"
    action = actions().get(key)
    if action is None:
        return key
    return action.en if english else action.zh


@cache
def _commands() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("commands.csv").read_text(encoding="utf-8")
    return {row["reason"]: row for row in csv.DictReader(text.splitlines())}


def who(label: str) -> str:
    """Return who did something in the language of the page: a person as written, the site itself by what it was at."""
    if not label.startswith(COMMAND):
        return label
    reason = label.removeprefix(COMMAND)
    row = _commands().get("worker" if reason.startswith("job ") else reason)
    english = (get_language() or "").startswith("en")
    said = reason if row is None else row["en" if english else "zh"]
    return f"the system ({said})" if english else f"系统（{said}）"
