"""Headers and cells as fillers write them, in tables that anyone can add to."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from jigai.ledger.columns import attribute, attribute_dtypes
from jigai.ledger.mapping import ACCEPT, Header, propose
from jigai.ledger.problems import wordings
from jigai.ledger.single import read_one


def cases(name):
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


HEADERS = [(wanted, str(header)) for wanted, headers in cases("headers.yaml").items() for header in headers]
CELLS = cases("filled_cells.yaml")


@pytest.mark.parametrize(("wanted", "header"), HEADERS, ids=lambda text: text)
def test_a_header_is_taken_for_what_it_says(wanted, header):
    found = propose([Header(0, (header,))])[0]
    assert (found.attribute or "none") == wanted
    assert wanted == "none" or found.score >= ACCEPT


@pytest.mark.parametrize(("wanted", "header"), HEADERS[::3], ids=lambda text: text)
def test_a_header_under_a_group_title_means_the_same(wanted, header):
    """二行表头：the group above names no attribute, so the part below decides."""
    assert (propose([Header(0, ("设备基本情况", header))])[0].attribute or "none") == wanted


def test_the_tables_speak_of_attributes_there_are():
    known = {"none", *attribute_dtypes()}
    assert {wanted for wanted, _ in HEADERS} <= known
    assert {case["attribute"] for case in CELLS} <= known
    assert {case["asks"] for case in CELLS if "asks" in case} <= set(wordings()) | {"not_a_choice"}


@pytest.mark.parametrize("case", CELLS, ids=lambda case: f"{case['attribute']} {case['cell']}")
def test_a_cell_is_read_used_or_asked_about(case):
    found = read_one(case["cell"], attribute(case["attribute"]))
    wanted = case.get("value")
    assert found.value == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)
    assert (found.code or None) == case.get("asks")


@pytest.mark.parametrize("case", [case for case in CELLS if "asks" in case], ids=lambda case: case["cell"])
def test_a_question_says_the_cell_and_is_told_in_both_languages(case):
    found = read_one(case["cell"], attribute(case["attribute"]))
    assert found.zh and found.en
    assert found.zh != found.en
    assert attribute(case["attribute"]).zh in found.zh or case["cell"].strip() in found.zh


def test_the_same_header_twice_is_used_once():
    taken = [column.attribute for column in propose([Header(0, ("设备名称",)), Header(1, ("设备名称",))])]
    assert taken.count("name") == 1
