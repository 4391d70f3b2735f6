"""The help of a page as data: ``help.csv`` by the name of its address (本页说明)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def help_for(name: str, language: str) -> str:
    """Return what the page of this address is for and what to watch; nothing where there is no help."""
    zh, en = help_texts().get(name, ("", ""))
    return en if language.startswith("en") else zh


@cache
def help_texts() -> dict[str, tuple[str, str]]:
    """Return the Chinese and the English text by the name of the address."""
    text = files("jigai.platform.web").joinpath("help.csv").read_text(encoding="utf-8")
    return {row["url"]: (row["zh"], row["en"]) for row in csv.DictReader(text.splitlines())}
