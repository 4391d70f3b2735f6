"""Attributes and their values in the language of the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from jigai.attributes import Attribute, shown


def label(item: Attribute) -> str:
    """Return the name of an attribute in the language of the page."""
    return item.label(get_language() or "zh")


def word(item: Attribute, value: Any) -> str:
    """Return a value as people read it, in the language of the page."""
    return shown(item, value, get_language() or "zh")


def english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "").startswith("en")
