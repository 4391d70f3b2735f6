"""Units as people write them, and their factor to the unit of an attribute (``units.csv``)."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files


def tidy(text: str) -> str:
    """Write a unit one way: half width, lower case, no blanks, ``m³`` and ``㎥`` as ``m3``, ``·`` as a dot."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return plain.translate(_DROPPED).strip("/")


_DROPPED = str.maketrans({" ": None, "\n": None, "\t": None, "·": ".", "∙": ".", "•": ".", "／": "/"})


@cache
def factors(canonical: str) -> dict[str, float]:
    """Return written unit → factor to ``canonical`` (a unit of ``columns.csv``); the empty unit is not among them."""
    text = files("jigai.ledger").joinpath("units.csv").read_text(encoding="utf-8")
    found = {
        tidy(row["unit"]): float(row["factor"])
        for row in csv.DictReader(text.splitlines())
        if row["canonical"] == canonical
    }
    if canonical:
        found.setdefault(tidy(canonical), 1.0)
    return found


@cache
def known_units() -> frozenset[str]:
    """Return every written unit of the table."""
    text = files("jigai.ledger").joinpath("units.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return frozenset(tidy(row["unit"]) for row in rows) | frozenset(tidy(row["canonical"]) for row in rows)


def convertible(written: str, canonical: str) -> bool:
    """Say whether ``written`` converts to the unit ``canonical``; no unit at all always does."""
    return not written or tidy(written) in factors(canonical)
