"""Enterprises, production lines and annual figures take files in."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.platform.imports.kinds import enterprises, facts, lines
from jigai.platform.imports.subjects import Subject


def subjects() -> Iterable[Subject]:
    """Return the three subjects."""
    return [enterprises.subject(), lines.subject(), facts.subject()]
