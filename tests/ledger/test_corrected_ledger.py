"""Cells of a ledger put right by hand: the file stays as it came, the reading sees the new text."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.ledger import read_ledger

BOOK = Path(__file__).parents[2] / "samples" / "bad_cells.xlsx"


@pytest.fixture(scope="module")
def as_it_came():
    return read_ledger(BOOK)


def wrong_cell(ledger):
    """Return sheet, row, column and id of the line of the first cell that could not be used."""
    one = ledger.problems.filter(ledger.problems["severity"] == "error").row(0, named=True)
    line = ledger.devices.filter((ledger.devices["sheet"] == one["sheet"]) & (ledger.devices["row"] == one["row"]))
    return one, line


def test_a_corrected_cell_is_read_and_its_problem_is_gone(as_it_came):
    one, line = wrong_cell(as_it_came)
    reference = f"{one['column']}{one['row']}"
    told = read_ledger(BOOK, corrections={one["sheet"]: {reference: "12"}})
    corrected = told.devices.filter(told.devices["device_id"] == line["device_id"][0])
    pairs = (pair.split("=") for pair in corrected["cells"][0].split(";"))
    attribute = next(name for name, cell in pairs if cell == reference)
    assert line[attribute][0] is None
    assert float(corrected[attribute][0]) == 12
    about = told.problems.filter((told.problems["row"] == one["row"]) & (told.problems["column"] == one["column"]))
    assert set(about["code"]) == {"corrected"}


def test_a_correction_changes_no_other_line_and_no_id(as_it_came):
    one, line = wrong_cell(as_it_came)
    told = read_ledger(BOOK, corrections={one["sheet"]: {f"{one['column']}{one['row']}": "1998"}})
    assert told.devices["device_id"].to_list() == as_it_came.devices["device_id"].to_list()
    others = as_it_came.devices["device_id"] != line["device_id"][0]
    assert told.devices.filter(others).equals(as_it_came.devices.filter(others))


def test_corrections_of_cells_that_are_not_there_are_passed_over(as_it_came):
    told = read_ledger(BOOK, corrections={"没有的表": {"A1": "x"}, as_it_came.devices["sheet"][0]: {"ZZ99999": "x"}})
    assert told.devices.equals(as_it_came.devices)
    assert told.problems.equals(as_it_came.problems)


def test_every_sheet_is_shown_with_its_corrections():
    seen = []
    read_ledger(BOOK, corrections={read_ledger(BOOK).devices["sheet"][0]: {"A1": "改过的标题"}}, on_grid=seen.append)
    assert seen
    assert seen[0].cells.row(0)[0] == "改过的标题"
