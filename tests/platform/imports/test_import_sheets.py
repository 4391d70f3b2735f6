"""Every list of sheets.yaml is read as its subject wants it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.platform.imports.conftest import book

from jigai.ledger import read_table
from jigai.platform.imports.subjects import subjects

CASES = yaml.safe_load((Path(__file__).parent / "sheets.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['subject']}-{case['says']}")
def test_rows_are_what_the_list_says(case):
    table = subjects()[case["subject"]].table
    reading = read_table(book(case["sheet"]), table, constants=case.get("context"))
    rows = reading.rows.to_dicts()
    assert len(rows) == len(case["expect"]), reading.problems["message_zh"].to_list()
    for row, expected in zip(rows, case["expect"], strict=True):
        for name, value in expected.items():
            found = row.get(name)
            found = found.isoformat() if isinstance(found, date) else found
            assert found == (pytest.approx(value) if isinstance(value, float) else value), name
    assert reading.rows["held"].to_list() == case.get("held", [""] * len(rows))


def test_there_is_a_list_for_every_subject_of_its_own():
    assert {case["subject"] for case in CASES} == {"enterprises", "lines", "facts", "line_facts"}
