"""Pinyin initials of names."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin


def initials(name: str) -> str:
    """Return the pinyin initials of a name in small letters, ``攀钢钒业`` → ``pgfy``; letters and digits stay."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return re.sub(r"[^a-z0-9]", "", letters)[:120]
