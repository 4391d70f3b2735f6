"""Conditions in the tables, parsed once per text over the ledger's attributes."""

from __future__ import annotations

from functools import cache

from jigai.ledger.columns import attribute_dtypes
from jigai.reference.condition import Condition, parse


@cache
def condition(text: str | None) -> Condition:
    """Return the parsed condition; None or blank text is the condition that always holds."""
    return parse(text, attribute_dtypes())
