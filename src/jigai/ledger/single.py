"""One value typed into a form, read by the very reader that reads a column of a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from jigai.attributes import Attribute
from jigai.ledger.cells import KEPT, parse
from jigai.ledger.problems import wordings
from jigai.ledger.values import bounds


@dataclass(frozen=True)
class One:
    """The value of one text, or why there is none: ``code`` of the problem, and what to do in both languages."""

    value: Any
    code: str = ""
    zh: str = ""
    en: str = ""


def read_one(text: str | None, item: Attribute) -> One:
    """Read one text as an attribute; nothing, and texts such as ``不详`` that say nothing, are no value.

    What a column would only note (an Excel date number) is taken without a word.
    """
    raw = (text or "").strip()
    if not raw:
        return One(None)
    found = parse(pl.Series("raw", [raw]), item).row(0, named=True)
    code = found["code"]
    if code is None or code in KEPT:
        return One(found["value"])
    lowest, highest = bounds(item)
    fields = {
        "raw": raw,
        "attribute_zh": item.zh,
        "attribute_en": item.en,
        "wanted": item.unit,
        "minimum": lowest,
        "maximum": highest,
        "choices": "、".join(item.answer(choice).zh for choice in item.choices),
        "times100": "",
        "as_of": "",
        "value": "",
    }
    words = wordings()[code]
    return One(None, code, words.zh.format(**fields), words.en.format(**fields))
