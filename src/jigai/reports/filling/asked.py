"""What is to be put where: single cells, and lists that take a row each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jigai.reports.returns.sheet_part import column_number
from jigai.reports.sheet_xml import MAX_ROWS, column_letters

Value = str | int | Decimal | None
"""What a cell can hold: text, a number, or nothing."""
Place = tuple[int, int]
"""Row from 1, column from 0."""

_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.IGNORECASE)
_MAX_COLUMNS: Final = 16_384


@dataclass(frozen=True)
class Cell:
    """A value for one cell; the cell keeps its style, so its number format too."""

    sheet: str
    address: str
    value: Value


@dataclass(frozen=True)
class Block:
    """A list from ``row`` down, a row for each; ``columns`` are letters, ``rows`` have a value for each of them.

    The row ``row`` of the blank is the pattern: rows below take its styles, heights and merged cells where they have
    none of their own.
    """

    sheet: str
    row: int
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def place_of(address: str) -> Place | None:
    """Return row and column of an address such as ``B5``; None where it is not one."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if row <= MAX_ROWS and column < _MAX_COLUMNS else None


def address_of(place: Place) -> str:
    """Return the address of a row and column."""
    return f"{column_letters(place[1])}{place[0]}"
