"""Kinds of notices, waiting times and stages of reminders, as data."""

from __future__ import annotations

import csv
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from django.utils.translation import get_language


class Kind(NamedTuple):
    """One row of ``kinds.csv``: what a notice is about; ``mail`` says whether it is mailed unless told otherwise."""

    key: str
    zh: str
    en: str
    mail: bool

    @property
    def word(self) -> str:
        """Its name in the language of the page."""
        return self.en if (get_language() or "").startswith("en") else self.zh


class Stage(NamedTuple):
    """One row of ``reminders.csv``: a reminder from so many days before the due date on."""

    key: str
    days_before: int
    zh: str
    en: str

    @property
    def word(self) -> str:
        """Its name in the language of the page."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its key."""
    return {row["key"]: Kind(row["key"], row["zh"], row["en"], row["mail"] == "1") for row in _rows("kinds")}


@cache
def stages() -> tuple[Stage, ...]:
    """Return the stages, the latest first."""
    found = [Stage(row["stage"], int(row["days_before"]), row["zh"], row["en"]) for row in _rows("reminders")]
    return tuple(sorted(found, key=lambda one: one.days_before))


@cache
def waits() -> tuple[timedelta, ...]:
    """Return how long to wait after each failed attempt; after the last one it is given up."""
    return tuple(timedelta(minutes=float(row["wait_minutes"])) for row in _rows("backoff"))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("jigai.platform.notices").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
