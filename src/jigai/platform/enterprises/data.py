"""Read the tables of this app."""

from __future__ import annotations

from functools import cache, partial

from jigai.platform.web import workflow

rows = partial(workflow.rows, "jigai.platform.enterprises")


@cache
def keyed(name: str, key: str = "key") -> dict[str, dict[str, str]]:
    """Return the rows of a table by their key."""
    return {row[key]: row for row in rows(name)}


def split(text: str, separator: str) -> tuple[str, ...]:
    """Return the parts of a cell that lists something."""
    return tuple(part.strip() for part in text.split(separator) if part.strip())
