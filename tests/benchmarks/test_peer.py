"""The peer answers as jigai does, so that the two may be timed against each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from benchmarks.generate import write_devices
from benchmarks.peer import compare
from benchmarks.peer.compare import DisagreementError, answers, assert_same_answers
from benchmarks.peer.conditions import Device
from benchmarks.peer.judge import Peer, Screened
from benchmarks.peer.run import screen_rows

from jigai.reference import Reference
from jigai.screening.schema import FINDING

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(AS_OF)


@pytest.fixture(scope="module")
def peer(reference: Reference) -> Peer:
    return Peer(reference, AS_OF)


@pytest.fixture(scope="module")
def ledger(reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "devices.parquet"
    write_devices(path, reference, 1_500, 1_500)
    return path


@pytest.mark.slow  # the benchmark refuses to compare by itself when this fails
def test_the_same_answers_on_every_device(reference: Reference, ledger: Path) -> None:
    assert assert_same_answers(ledger, 1_500, reference, AS_OF) == 1_500 * 6  # five checks and the verdict


def test_a_different_answer_stops_the_comparison(
    reference: Reference, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Peer.screen

    def wrong(self: Peer, cells: Device) -> Screened:
        screened = honest(self, cells)
        return screened._replace(findings=[finding._replace(rule_id="wrong") for finding in screened.findings])

    monkeypatch.setattr(compare.Peer, "screen", wrong)
    with pytest.raises(DisagreementError, match="wrong"):
        assert_same_answers(ledger, 20, reference, AS_OF)


def test_a_different_verdict_stops_the_comparison(
    reference: Reference, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Peer.screen
    nothing = (None, None, "keep_for_ever", None)
    monkeypatch.setattr(compare.Peer, "screen", lambda self, cells: honest(self, cells)._replace(settled=nothing))
    with pytest.raises(DisagreementError, match="keep_for_ever"):
        assert_same_answers(ledger, 20, reference, AS_OF)


def test_the_devices_table_is_written_beside_the_findings(peer: Peer, ledger: Path, tmp_path: Path) -> None:
    lines, findings = screen_rows(ledger, tmp_path, peer, cache=True)
    devices = pl.read_parquet(tmp_path / "devices.parquet")
    assert devices.columns == ["device_id", "kind", "subkind", "verdict", "missing"]
    assert devices.height == lines == 1_500
    assert devices["verdict"].null_count() == 0
    assert pl.read_parquet(tmp_path / "findings.parquet").height == findings


def test_a_listed_motor_is_found_and_graded(peer: Peer) -> None:
    found = {
        finding.check: finding
        for finding in peer.judge(
            {"name": "电动机", "model": "Ｙ160L－4", "made_year": 1998, "power_kw": 15.0, "efficiency_pct": 88.5}
        )
    }
    assert found["elimination"].outcome == "eliminate"
    assert found["efficiency"].outcome in ("below_limit", "undecided")
    assert found["service_life"].outcome == "over_age"
    assert found["service_life"].value == 28


def test_the_limit_of_a_low_voltage_motor_is_the_tables(peer: Peer) -> None:
    cells = {"name": "电动机", "model": "YE4-132M-4", "power_kw": 7.5, "voltage_kv": 0.38, "efficiency_pct": 92.6}
    finding = next(one for one in peer.judge(cells) if one.check == "efficiency")
    assert (finding.outcome, finding.limit) == ("grade_2", Decimal("92.6"))
    cells["efficiency_pct"] = 92.5
    assert next(one for one in peer.judge(cells) if one.check == "efficiency").outcome == "grade_3"


def test_a_device_without_anything_is_undecided(peer: Peer) -> None:
    findings = peer.judge({"name": None, "model": "/"})
    assert {finding.check for finding in findings} == {
        "elimination",
        "guidance",
        "efficiency",
        "service_life",
        "two_high",
    }
    assert {finding.outcome for finding in findings} == {"undecided"}


@pytest.mark.parametrize("cache", [False, True])
def test_the_written_file_has_the_shape_of_findings(
    peer: Peer, ledger: Path, tmp_path: Path, cache: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.peer.run.WRITE_ROWS", 500)
    lines, written = screen_rows(ledger, tmp_path, peer, cache=cache)
    findings = pl.read_parquet(tmp_path / "findings.parquet")
    assert lines == 1_500
    assert findings.height == written >= 1_500 * 5
    assert findings.columns == ["device_id", *FINDING]
    assert findings["device_id"].n_unique() == 1_500


def test_answers_are_compared_as_sets_with_rounded_limits() -> None:
    rows = [
        {"device_id": "a", "check": "efficiency", "outcome": "grade_1", "rule_id": "r", "limit": 0.1 + 0.2},
        {"device_id": "a", "check": "efficiency", "outcome": "grade_1", "rule_id": "r", "limit": Decimal("0.3")},
    ]
    assert answers(rows) == {("a", "efficiency"): {("grade_1", "r", 0.3)}}
