"""ods: values by calamine."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.ledger.grid import Grid
from jigai.ledger.readers import calamine
from jigai.ledger.readers.calamine import Extras


def read(data: bytes, name: str) -> Iterator[Grid]:
    """Yield the work sheets of an ods workbook."""
    del name
    yield from calamine.read(data, lambda sheet: Extras())
