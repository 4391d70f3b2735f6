"""The tables of the task ledger say what the code expects, and evidence is told by what is in it."""

from __future__ import annotations

import pytest

from jigai.platform.duties import data, evidence
from jigai.platform.duties.evidence import File
from jigai.platform.registers.workdays import UNITS


def test_rules_have_units_that_can_be_counted():
    assert {one.unit for one in data.rules().values()} <= {*UNITS, "yes_no"}
    assert data.rule("report_day") == 5 and data.rule("escalate") >= 1
    assert all(one.word.meaning for one in data.rules().values())


def test_progress_is_owed_in_three_states():
    assert data.ACTIVE == ("claimed", "doing", "returned")


def test_what_the_city_decides_needs_its_capability():
    own = {"claim", "propose", "begin", "finish"}
    assert {key for key, one in data.FLOW.steps.items() if one.capability == data.REPORT} == own
    assert {one.capability for key, one in data.FLOW.steps.items() if key not in own} == {data.RUN}


def test_going_back_needs_a_reason():
    needing = {key for key, one in data.FLOW.steps.items() if one.required}
    assert needing == {"refuse_claim", "finish", "return", "release"}


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("验收.PDF", b"%PDF-1.4", "application/pdf"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("表.xlsx", b"PK\x03\x04", "application/octet-stream"),
        ("旧.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "application/octet-stream"),
        ("a.png", b"%PDF-1.4", ""),
        ("a", b"%PDF-1.4", ""),
        ("a.html", b"<html>", ""),
        ("a.zip", b"PK\x03\x04", ""),
        ("a.svg", b"<svg>", ""),
    ],
)
def test_a_file_is_what_it_begins_with_and_is_called(name, content, media_type):
    assert evidence.media_type(File(name, content)) == media_type
