"""Every list of sheets.yaml is read as its register wants it; every case of evaluations.yaml comes out as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.platform.imports.conftest import book

from jigai.ledger import read_table
from jigai.platform.registers.definition import registers
from jigai.platform.registers.evaluation import computed, evaluate

HERE = Path(__file__).parent
SHEETS = yaml.safe_load((HERE / "sheets.yaml").read_text(encoding="utf-8"))
EVALUATIONS = yaml.safe_load((HERE / "evaluations.yaml").read_text(encoding="utf-8"))


def plain(value):
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module", params=SHEETS, ids=lambda case: f"{case['register']}-{case['says']}")
def case(request):
    found = registers()[request.param["register"]]
    return request.param, read_table(book(request.param["sheet"]), found.table, source_file="表.xlsx")


def test_rows_are_what_the_list_says(case):
    wanted, reading = case
    assert not reading.refused, reading.problems["message_zh"].to_list()
    rows = reading.rows.to_dicts()
    assert len(rows) == len(wanted["expect"])
    for row, expected in zip(rows, wanted["expect"], strict=True):
        for name, value in expected.items():
            assert plain(row.get(name)) == (pytest.approx(value) if isinstance(value, float) else value), name


def test_rows_that_lack_something_are_held(case):
    wanted, reading = case
    assert reading.rows["held"].to_list() == wanted.get("held", [""] * len(wanted["expect"]))


def test_problems_stand_at_their_cells(case):
    wanted, reading = case
    told = {
        f"{row['column']}{row['row']}": row["code"]
        for row in reading.problems.to_dicts()
        if row["severity"] in {"question", "error"} and row["code"] not in {"required_blank", "key_repeated"}
    }
    for cell, code in wanted.get("questions", {}).items():
        assert told.get(cell) == code, (cell, told)


def test_there_is_a_list_for_every_register():
    assert {wanted["register"] for wanted in SHEETS} == set(registers())


@pytest.mark.parametrize(
    "wanted", EVALUATIONS, ids=lambda one: f"{one['register']} {one.get('says', one.get('values'))}"
)
def test_what_is_computed(wanted):
    register = registers()[wanted["register"]]
    values = dict(wanted.get("values", {}))
    if "share" in wanted:
        values = {name: float(wanted["share"]) for name in register.evaluation["parts"]}
        values |= dict.fromkeys(wanted.get("without", []))
    outcome = evaluate(register, values)
    assert (outcome.level or None) == wanted["level"]
    if "points" in wanted:
        assert outcome.points == pytest.approx(wanted["points"])
    if "least" in wanted:
        assert (outcome.score.least, outcome.score.most) == pytest.approx((wanted["least"], wanted["most"]))
        assert outcome.points is None
        assert len(outcome.score.missing) == len(wanted["without"])
    found, basis = computed(register, values)
    assert found["level"] == wanted["level"]
    assert basis.split("@")[0] == register.evaluation["dataset"]


def test_a_level_has_a_word_where_it_is_known():
    register = registers()["park-risk"]
    assert evaluate(register, {"score": 86.0}).word == "D（较低）"
    assert evaluate(register, {}).word == ""
    assert evaluate(registers()["holidays"], {}) is None
    assert computed(registers()["holidays"], {}) == ({}, "")
