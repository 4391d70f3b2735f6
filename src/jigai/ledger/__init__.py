"""Ledgers: any workbook → a clean table of devices, and every problem with its place and remedy."""

from __future__ import annotations

from jigai.ledger.mapping import Mapping, MappingError
from jigai.ledger.read import Ledger, devices_of, problems_of, read_all, read_ledger
from jigai.ledger.sheet import SheetReading

__all__ = ["Ledger", "Mapping", "MappingError", "SheetReading", "devices_of", "problems_of", "read_all", "read_ledger"]
