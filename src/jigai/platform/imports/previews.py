"""What taking rows in would do, counted and chosen for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from jigai.platform.imports.subjects import Match

MOST_CHANGES: Final = 100
STATES: Final = ("new", "changed", "same", "refused")


def change_counts(matched: Sequence[Match]) -> dict[str, int]:
    """Return how many rows would be new, change something, change nothing, or be refused."""
    counts = Counter(one.state for one in matched)
    return {name: counts[name] for name in STATES}


def change_lines(matched: Sequence[Match]) -> list[Match]:
    """Return the rows worth showing: refused first, then changes, then new ones."""
    order = {"refused": 0, "changed": 1, "new": 2}
    wanted = [one for one in matched if one.state in order]
    return sorted(wanted, key=lambda one: order[one.state])[:MOST_CHANGES]
