"""What a column of a template accepts: choices to pick from, numbers and years within their bounds, days."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from jigai.attributes import Attribute
from jigai.reports.template.questions import choice_words

LATEST_YEAR: Final = 2100
_LONGEST_LIST: Final = 255
"""Excel refuses a list of choices longer than this when it is written into the rule itself."""


def validate(sheet: Worksheet, column: int, item: Attribute, first: int, lines: int) -> None:
    """Check what is typed into ``lines`` rows of a column, from row ``first`` on (counted from 0)."""
    choices = choice_words(item)
    rule: dict[str, Any] | None = None
    if choices and len(",".join(choices)) <= _LONGEST_LIST:
        rule = {"validate": "list", "source": choices, "error_message": f"请从下拉框中选：{'、'.join(choices)}。"}
    elif item.type in {"number", "integer", "year"}:
        low, high = item.minimum or 0, item.maximum
        if item.type == "year":
            high = high or LATEST_YEAR
        rule = {"validate": "decimal" if item.type == "number" else "integer", "error_message": bounds(item)}
        rule |= (
            {"criteria": ">=", "value": low}
            if high is None
            else {"criteria": "between", "minimum": low, "maximum": high}
        )
    elif item.type == "date":
        rule = {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 1, 1),
            "maximum": date(LATEST_YEAR, 12, 31),
            "error_message": bounds(item),
        }
    if rule is None:
        return
    rule["error_message"] = rule["error_message"][:250]
    last = first + lines - 1
    sheet.data_validation(first, column, last, column, {"error_title": item.zh[:30], "ignore_blank": True, **rule})


def bounds(item: Attribute) -> str:
    """Say what a number, year or day may be."""
    if item.type == "year":
        return "请填四位年份，如1998；不知道的留空。"
    if item.type == "date":
        return "请填日期，如2026-05-01；不知道的留空。"
    what = "整数" if item.type == "integer" else "数字"
    unit = f"，单位{item.unit}" if item.unit else ""
    low = f"{item.minimum:g}" if item.minimum is not None else "0"
    span = f"{low}至{item.maximum:g}之间的" if item.maximum is not None else f"不小于{low}的"
    return f"请填{span}{what}{unit}，只填数不写单位。"
