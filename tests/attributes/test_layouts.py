"""Every sheet of layouts.yaml, as a workbook and, where it has no merged cells, as text."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.attributes.tables import COLUMNS, book, folder

from jigai.attributes import read_folder
from jigai.ledger import read_table

LAYOUTS = yaml.safe_load((Path(__file__).parent / "layouts.yaml").read_text(encoding="utf-8"))
FREE = COLUMNS.replace("credit code,,yes,", "credit code,,,").replace("enterprise,yes,,", "enterprise,yes,yes,")
FREE = FREE.replace("批次年份", "批次年份;年份")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Green factories known by their name, as most lists have no code."""
    return read_folder(folder(tmp_path_factory.mktemp("x"), FREE), "green", "绿色工厂", "green factories")


def check(reading, layout):
    assert not reading.refused, reading.problems["message_zh"].to_list()
    assert set(reading.rows["held"]) == {""}, reading.problems.to_dicts()
    rows = reading.rows.to_dicts()
    assert len(rows) == len(layout["expect"])
    for row, expected in zip(rows, layout["expect"], strict=True):
        for name, value in expected.items():
            found = row.get(name)
            assert (found.isoformat() if isinstance(found, date) else found) == value, name
    if "header_rows" in layout:
        assert list(reading.sheets[0].header_rows) == layout["header_rows"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one["says"])
def test_a_workbook_of_this_layout_is_read(table, layout):
    merges = tuple(tuple(one) for one in layout.get("merges", []))
    check(read_table(book(layout["sheet"], merges=merges), table), layout)


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if "merges" not in one], ids=lambda one: one["says"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_file_of_this_layout_is_read(table, layout, encoding):
    target = io.StringIO()
    width = max(len(row) for row in layout["sheet"])
    csv.writer(target).writerows([*row, *[""] * (width - len(row))] for row in layout["sheet"])
    check(read_table(target.getvalue().encode(encoding), table, source_file="表.csv"), layout)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one["says"])
def test_every_value_says_from_which_cell_it_came(table, layout):
    merges = tuple(tuple(one) for one in layout.get("merges", []))
    reading = read_table(book(layout["sheet"], merges=merges), table)
    for row in reading.rows.to_dicts():
        sources = dict(part.split("=") for part in f"{row['cells']};{row['inherited']}".split(";") if part)
        assert {name for name in table.by_name if row.get(name) is not None} <= set(sources)
