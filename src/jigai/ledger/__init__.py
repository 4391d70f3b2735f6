"""Ledgers: any workbook → a clean table of devices, and every problem with its place and remedy."""

from __future__ import annotations

from jigai.ledger.mapping import Mapping, MappingError
from jigai.ledger.read import Ledger, devices_of, problems_of, read_all, read_ledger
from jigai.ledger.records import TableReading, read_table
from jigai.ledger.sheet import SheetReading

__all__ = [
    "Ledger",
    "Mapping",
    "MappingError",
    "SheetReading",
    "TableReading",
    "devices_of",
    "problems_of",
    "read_all",
    "read_ledger",
    "read_table",
]
