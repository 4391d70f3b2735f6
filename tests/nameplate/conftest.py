"""What the nameplate tests share: one reference, and a way to read a few lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from jigai.nameplate import Reading, read
from jigai.reference import Reference

Line = dict[str, object]
TEXTS = dict.fromkeys(("name", "model", "kind_text"), pl.String)


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Return the shipped facts on a day of the tests."""
    return Reference.load(date(2026, 11, 23))


@pytest.fixture(scope="session")
def reading(reference: Reference) -> Callable[[list[Line]], Reading]:
    """Return a function that reads lines given as name, model and attributes."""

    def of(lines: list[Line]) -> Reading:
        names = dict.fromkeys(["name", "model", "kind_text", *(name for line in lines for name in line)])
        rows = [{name: line.get(name) for name in names} for line in lines]
        frame = pl.DataFrame(rows, schema_overrides=TEXTS, infer_schema_length=None)
        return read(frame.with_row_index("sig"), reference)

    return of
