"""How a value of an attribute is shown to people."""

from __future__ import annotations

from typing import Any

from jigai.attributes.attribute import Attribute

YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def shown(item: Attribute, value: Any, language: str = "zh") -> str:
    """Write ``value`` as people read it: the word of a choice, 是 or 否, a number without a needless ``.0``.

    Unknown is an empty text. A choice that the table no longer has is shown by its key.
    """
    if value is None or value == "":
        return ""
    if item.type == "flag":
        return YES_NO["en" if language.startswith("en") else "zh"][0 if value else 1]
    if item.choices:
        answer = item.answer(str(value))
        return answer.en if language.startswith("en") else answer.zh
    if item.type == "year":
        return str(int(value))
    if item.type == "integer":
        return f"{int(value):,}"
    if item.type == "number":
        text = f"{float(value):,.6f}".rstrip("0").rstrip(".")
        return text or "0"
    return str(value)


def header(item: Attribute) -> str:
    """Return the header of a column with its unit: 额定功率(kW)."""
    said = not item.unit or item.type == "year" or item.unit in item.zh
    return item.asked_zh if said else f"{item.asked_zh}({item.unit})"
