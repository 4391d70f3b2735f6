"""The unified social credit code (统一社会信用代码, GB 32100-2015): eighteen signs, the last one a check."""

from __future__ import annotations

import unicodedata
from typing import Final

SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V and Z, in the order of their values."""
_LENGTH: Final = 18


def written(text: str) -> str:
    """Write a code one way: half width, capital letters, nothing between the signs."""
    half = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in half if sign.isalnum())


def check_sign(body: str) -> str:
    """Return the check sign of the first seventeen signs; ``ValueError`` when one of them cannot stand in a code."""
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return SIGNS[-total % 31]


def is_credit_code(text: str) -> bool:
    """Say whether ``text`` has the right length, only allowed signs and the right check sign."""
    if len(text) != _LENGTH or any(sign not in SIGNS for sign in text):
        return False
    return check_sign(text[:-1]) == text[-1]
