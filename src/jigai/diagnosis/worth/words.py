"""Why a figure is absent, in both languages, from ``data/worth_reasons.csv``."""

from __future__ import annotations

from jigai.diagnosis.tables import keyed
from jigai.diagnosis.worth.model import Words


def words(key: str, /, **values: object) -> Words:
    """Return the reason ``key`` with its values; ``KeyError`` for one that is not in the table."""
    row = keyed("worth_reasons.csv")[key]
    return Words(key, row["zh"].format(**values), row["en"].format(**values))
