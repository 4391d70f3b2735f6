"""Read the tables of this app: workflow, reasons, periods, limits."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


@dataclass(frozen=True)
class Word:
    """A row of a closed list with its two names; ``badge`` is the state it is shown in, ``row`` all that it says."""

    key: str
    zh: str
    en: str
    badge: str
    row: dict[str, str]

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.en if english() else self.zh

    @property
    def meaning(self) -> str:
        """What it means for the reader, a sentence."""
        return self.row.get("meaning_en" if english() else "meaning_zh", "") or self.row.get("meaning_zh", "")

    def __str__(self) -> str:
        return self.label


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``<name>.csv`` beside this module."""
    text = files("jigai.platform.replies").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def words(name: str) -> dict[str, Word]:
    """Return the rows of a closed list by their key, in their order."""
    return {row["key"]: Word(row["key"], row["zh"], row["en"], row.get("badge", ""), row) for row in rows(name)}


@cache
def limit(key: str) -> int:
    """Return a limit of ``limits.csv``, in its unit."""
    return next(int(row["value"]) for row in rows("limits") if row["key"] == key)


def period(key: str) -> tuple[int, str]:
    """Return how long a period of ``periods.csv`` is: amount, and unit (``natural_day``, ``workday``, ``month``)."""
    row = next(row for row in rows("periods") if row["key"] == key)
    return int(row["amount"]), row["unit"]


def english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "").startswith("en")
