"""One device told in full."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.reference import Reference
from jigai.screening import explain

DAY = date(2024, 8, 1)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


def test_the_model_alone_is_enough(reference):
    told = explain(reference, DAY, {"model": "S9-M-1000/10", "made_year": 1996})
    assert told.device["kind"] == "transformer"
    assert told.device["capacity_kva"] == 1000
    assert told.origins["capacity_kva"] == "nameplate"
    assert told.origins["made_year"] == "ledger"
    assert told.verdict == "must_replace"


def test_rows_that_failed_are_told_too(reference):
    told = explain(reference, DAY, {"name": "变压器", "model": "S9-1000/10", "made_year": 2006})
    answers = {row["outcome"]: row["met"] for row in told.tried if row["rule_id"] == "B4-1-2-15"}
    assert answers == {"eliminate": False, "encouraged": True}


def test_what_is_missing_is_told(reference):
    told = explain(reference, DAY, {"name": "电机", "model": "Y112M-4"})
    open_rows = [row for row in told.tried if row["met"] is None]
    assert any(row["missing"] == "made_year" for row in open_rows)


def test_nothing_known_is_nothing_tried(reference):
    told = explain(reference, DAY, {"model": "自制"})
    assert told.tried == []
    assert told.verdict == "unknown_kind"


def test_an_attribute_that_does_not_exist_is_refused(reference):
    with pytest.raises(KeyError):
        explain(reference, DAY, {"model": "Y160L-4", "colour": "red"})
