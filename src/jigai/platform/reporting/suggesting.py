"""What a cell is likely to want, by the words beside and above it; people decide."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from jigai.platform.reporting.data import options
from jigai.platform.reporting.figures import Indicator
from jigai.reports.filling import Sheet

_LEAST: Final = 0.34
"""Share of pairs of signs two names must have in common to be suggested."""
_NAMED: Final = {
    "filler": ("填报人", "填表人", "制表人"),
    "reviewer": ("审核人", "复核人"),
    "signer": ("负责人", "签发人"),
    "unit": ("填报单位", "单位名称", "报送单位"),
    "day": ("报出日期", "填报日期", "填表日期"),
    "period": ("报告期", "期间"),
}


def heading_of(sheet: Sheet, row: int, column: int) -> str:
    """Return the words that head a cell: the nearest text left of it, then the nearest above."""
    left = (sheet.cells.get((row, place)) for place in range(column - 1, -1, -1))
    above = (sheet.cells.get((place, column)) for place in range(row - 1, 0, -1))
    found = [_first(left), _first(above)]
    return " ".join(dict.fromkeys(one for one in found if one))


def suggested(words: str, indicators: Iterable[Indicator]) -> dict[str, Any]:
    """Return what a form that binds a cell may start from; the label alone where nothing fits."""
    start: dict[str, Any] = {"label": words[:120], "kind": "typed"}
    plain = words.replace("：", "").replace(":", "").replace(" ", "")
    for field, names in _NAMED.items():
        if any(name in plain for name in names) and field in options("field"):
            return {**start, "kind": "dimension", "field": field}
    scored = [(_alike(plain, one.zh), one) for one in indicators]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best and best[0] >= _LEAST:
        one = best[1]
        money = {"亿元": "0.00000001", "万元": "0.0001"}
        factor = next((key for unit, key in money.items() if unit in words), "100" if "%" in words else "1")
        return {**start, "kind": "figure", "indicator": one.id, "part": "value", "span": "this", "factor": factor}
    return start


def _first(cells: Iterable[Any]) -> str:
    for one in cells:
        if one and one.value is not None:
            if isinstance(one.value, Decimal):
                continue
            return str(one.value).strip()
    return ""


def _alike(one: str, other: str) -> float:
    left, right = _pairs(one), _pairs(other)
    return len(left & right) / max(len(right), 1)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
