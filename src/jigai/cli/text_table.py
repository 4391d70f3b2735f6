"""Plain tables for a terminal: columns line up also where Chinese characters take two places."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """Return how many places ``text`` takes on a terminal [columns]; wide and full-width characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def fit(text: str, places: int) -> str:
    """Return ``text`` in exactly ``places`` columns: padded, or cut with an ellipsis."""
    if width(text) > places:
        while text and width(text) > places - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (places - width(text))


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], limits: Sequence[int]) -> list[str]:
    """Return the lines of a table; a column is as wide as its widest cell, at most its limit [columns]."""
    widths = [
        min(limit, max([width(title), *(width(row[place]) for row in rows)]))
        for place, (title, limit) in enumerate(zip(head, limits, strict=True))
    ]
    return ["  ".join(map(fit, row, widths)).rstrip() for row in [head, ["─" * places for places in widths], *rows]]
