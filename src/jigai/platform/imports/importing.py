"""Enterprises, production lines and annual figures take files in."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.platform.imports.kinds import enterprises, facts, line_facts, lines
from jigai.platform.imports.subjects import Subject


def subjects() -> Iterable[Subject]:
    """Return the subjects."""
    return [enterprises.subject(), lines.subject(), facts.subject(), line_facts.subject()]
