"""The decision table of D1, row by row, over findings made by hand."""

from __future__ import annotations

import itertools

import polars as pl
import pytest

from jigai.screening.schema import FINDING, as_findings
from jigai.screening.verdict import verdict_table, with_verdict

ORDER = {
    "check": "elimination",
    "outcome": "eliminate",
    "mandatory": True,
    "basis": "nameplate",
    "certainty": "transcribed",
}
CLEAR = {"check": "elimination", "outcome": "clear", "certainty": "transcribed"}


def verdict(*findings: dict, **device: object) -> tuple[str, str | None]:
    rows = [{"sig": 0, "mandatory": False, **finding} for finding in findings]
    frame = as_findings(pl.DataFrame(rows, schema_overrides=FINDING, infer_schema_length=None))
    known = {"kind": "motor", **device}
    devices = pl.DataFrame({"sig": [0], **{name: [value] for name, value in known.items()}}).with_columns(
        pl.col("sig").cast(pl.UInt32)
    )
    if known["kind"] is None:
        devices = devices.with_columns(kind=pl.lit(None, pl.String))
    told = frame.select("sig", statement=pl.int_range(pl.len(), dtype=pl.UInt32))
    row = with_verdict(devices, frame.drop("sig"), told).row(0, named=True)
    return row["verdict"], row["missing"]


def test_an_order_needs_law_evidence_and_use():
    assert verdict(ORDER)[0] == "must_replace"


@pytest.mark.parametrize(
    "weakness",
    [
        {"mandatory": False},
        {"basis": "inferred"},
        {"certainty": "recalled"},
        {"certainty": "doubtful"},
        {"certainty": "secondary"},
    ],
    ids=str,
)
def test_any_weakness_makes_it_a_suggestion(weakness):
    assert verdict({**ORDER, **weakness})[0] == "should_replace"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("在用", "must_replace"),
        ("备用", "must_replace"),
        ("闲置", "should_replace"),
        ("封存", "should_replace"),
        ("已拆除", "should_replace"),
        ("未注明", "should_replace"),
    ],
)
def test_only_devices_in_use_or_stand_by_are_ordered_out(state, expected):
    assert verdict(ORDER, use_state=state)[0] == expected


@pytest.mark.parametrize(
    ("check", "outcome"),
    [
        ("guidance", "restricted"),
        ("elimination", "encouraged"),
        ("efficiency", "below_limit"),
        ("service_life", "over_age"),
    ],
)
def test_adverse_findings_suggest(check, outcome):
    assert verdict(CLEAR, {"check": check, "outcome": outcome})[0] == "should_replace"


@pytest.mark.parametrize("check", ["elimination", "guidance", "efficiency"])
def test_an_open_ordering_check_needs_data(check):
    found = verdict(CLEAR, {"check": check, "outcome": "undecided", "missing": "power_kw;poles"})
    assert found == ("needs_data", "power_kw;poles")


@pytest.mark.parametrize("check", ["service_life", "two_high", "energy_benchmark"])
def test_other_open_checks_never_change_the_verdict(check):
    assert verdict(CLEAR, {"check": check, "outcome": "undecided", "missing": "made_year"})[0] == "keep"


def test_what_is_open_stays_visible_beside_a_worse_verdict():
    found = verdict(ORDER, {"check": "efficiency", "outcome": "undecided", "missing": "voltage_kv"})
    assert found == ("must_replace", "voltage_kv")


def test_the_missing_industry_of_every_device_is_not_noise():
    assert verdict(CLEAR, {"check": "two_high", "outcome": "undecided", "missing": "industry_code"})[1] is None


def test_a_missing_name_is_said_once():
    twice = [{"check": check, "outcome": "undecided", "missing": "kind"} for check in ("elimination", "guidance")]
    assert verdict(*twice, kind=None) == ("unknown_kind", "kind")


def test_without_any_decision_nothing_may_be_kept():
    nothing = [{"check": check, "outcome": "out_of_scope"} for check in ("elimination", "guidance", "efficiency")]
    assert verdict(*nothing)[0] == "needs_data"
    assert verdict(*nothing, {"check": "service_life", "outcome": "within"})[0] == "keep"


def test_the_worst_finding_wins_whatever_the_order():
    findings = [
        ORDER,
        CLEAR,
        {"check": "efficiency", "outcome": "grade_1"},
        {"check": "guidance", "outcome": "undecided"},
    ]
    assert {verdict(*some)[0] for some in itertools.permutations(findings)} == {"must_replace"}


def test_the_table_is_the_order_of_d1():
    assert [name for name, _ in verdict_table()][:5] == [
        "unknown_kind",
        "must_replace",
        "should_replace",
        "needs_data",
        "keep",
    ]
