"""Counts that add up."""

from __future__ import annotations

import polars as pl
import pytest

from jigai.screening.engines.totals import count, total
from jigai.screening.kernel import Judged

DEVICES = pl.DataFrame(
    {"sig": [0, 1], "kind": ["motor", "pump"], "verdict": ["must_replace", "keep"]}, schema_overrides={"sig": pl.UInt32}
)
STATEMENTS = pl.DataFrame({"check": ["elimination"] * 2, "outcome": ["eliminate", "clear"], "mandatory": [True, False]})
TOLD = pl.DataFrame(
    {"sig": [0, 0, 1], "statement": [0, 0, 1]}, schema_overrides={"sig": pl.UInt32, "statement": pl.UInt32}
)
JUDGED = Judged(DEVICES, STATEMENTS, TOLD, pl.DataFrame())


def lines(signatures: list[int], quantities: list[int | None]) -> pl.DataFrame:
    return pl.DataFrame({"sig": signatures, "quantity": quantities}, schema={"sig": pl.UInt32, "quantity": pl.Int64})


def test_lines_and_machines_are_counted_apart() -> None:
    one = count(lines([0, 0, 1], [2, None, 5]), JUDGED)
    assert (one.lines, one.distinct, one.findings) == (3, 2, 5)
    assert one.verdicts.rows() == [("motor", "must_replace", 2, 3), ("pump", "keep", 1, 5)]
    assert one.outcomes.rows() == [
        ("elimination", "clear", False, 1, 5),
        ("elimination", "eliminate", True, 4, 6),
    ]


def test_two_halves_make_the_whole() -> None:
    whole = count(lines([0, 0, 1, 1], [1, 2, 3, 4]), JUDGED)
    halves = total(
        [
            count(lines([0, 1], [1, 3]), JUDGED),
            count(lines([0, 1], [2, 4]), JUDGED),
        ]
    )
    assert halves.lines == whole.lines
    assert halves.findings == whole.findings
    assert halves.verdicts.equals(whole.verdicts)
    assert halves.outcomes.equals(whole.outcomes)


def test_nothing_to_add_is_an_error() -> None:
    with pytest.raises(ValueError, match="no lines"):
        total([])
