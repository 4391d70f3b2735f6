"""What a cell was most likely meant to say, where that can be told; a person takes it over or not."""

from __future__ import annotations

from typing import Final

from jigai.attributes import Attribute
from jigai.ledger.single import read_one

_LOOKALIKE: Final = str.maketrans({"O": "0", "o": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "丨": "1"})
_HUNDRED: Final = 100
_DIGITS: Final = 10


def suggestion(code: str, raw: str, item: Attribute) -> str:
    """Return the text to write instead, or nothing: a fraction as a percentage, letters that look like digits.

    Args:
        code: what is wrong with the cell.
        raw: what stands in it.
        item: what its column is.

    Only what the reader then takes without a word is offered.
    """
    wanted = ""
    if code == "fraction_in_percent":
        wanted = f"{float(raw) * _HUNDRED:.{_DIGITS}g}"
    elif item.numeric or item.type in {"year", "date"}:
        wanted = raw.translate(_LOOKALIKE)
    if not wanted or wanted == raw:
        return ""
    found = read_one(wanted, item)
    return wanted if found.value is not None and not found.code else ""
