"""What is alike is read once and found again."""

from __future__ import annotations

import polars as pl

from jigai.nameplate.levels import numbered, place

FRAME = pl.DataFrame(
    {"name": ["泵", None, "泵", "风机", None], "model": ["IS65", None, "IS65", None, None], "row": range(5)}
)


def test_distinct_rows_are_numbered_in_their_order():
    level = numbered(FRAME, ["name", "model"], "number")
    assert level.rows() == [(0, "泵", "IS65"), (1, None, None), (2, "风机", None)]
    assert level.schema["number"] == pl.UInt32


def test_every_row_finds_its_number_empty_cells_too():
    placed = place(FRAME, numbered(FRAME, ["name", "model"], "number"))
    assert placed["number"].to_list() == [0, 1, 0, 2, 1]
    assert placed["row"].to_list() == list(range(5))


def test_no_rows_no_numbers():
    assert place(FRAME.clear(), numbered(FRAME.clear(), ["name"], "number")).is_empty()
