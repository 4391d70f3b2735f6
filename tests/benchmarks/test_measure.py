"""Steps run in fresh processes and are measured from outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from benchmarks.__main__ import line, store
from benchmarks.jobs import FULL, QUICK, Result
from benchmarks.measure import StepError, machine, run_step, tree_bytes


def test_a_process_has_memory_and_a_gone_one_has_none() -> None:
    assert tree_bytes(os.getpid()) > 10_000_000
    assert tree_bytes(2**22 + 1) == 0


def test_the_machine_is_described_without_names() -> None:
    facts = machine()
    assert facts["cores"] >= 1
    assert os.uname().nodename not in facts.values()


def test_a_step_says_what_it_did(tmp_path: Path) -> None:
    facts = run_step("generate", path=str(tmp_path / "devices.parquet"), lines=200, distinct=50)
    assert facts["lines"] == 200
    assert facts["bytes"] == (tmp_path / "devices.parquet").stat().st_size
    assert facts["process_seconds"] > 0
    assert facts["peak_mb"] > 20


def test_a_failing_step_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="group_by"):
        run_step("group_by", path=str(tmp_path / "absent.parquet"))


def test_a_result_is_shown_and_replaces_the_earlier_one(tmp_path: Path) -> None:
    side = {"seconds": 2.0, "peak_mb": 100}
    first = Result("growth", "title", "≤ 4 GB", side, side, 1.5, False)
    second = Result("growth", "title", "≤ 4 GB", side, side, 1.0, True)
    store(tmp_path / "quick.json", first)
    store(tmp_path / "quick.json", second)
    text = (tmp_path / "quick.json").read_text("utf-8")
    assert '"ratio": 1.0' in text
    assert '"ratio": 1.5' not in text
    assert "NOT reached" in line(first)
    assert "NOT reached" not in line(second)


def test_quick_is_smaller_everywhere() -> None:
    for name in ("lines", "distinct", "many_distinct", "long_lines", "peer_lines", "workbook_lines"):
        assert getattr(QUICK, name) < getattr(FULL, name)
