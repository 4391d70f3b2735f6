"""``python -m benchmarks`` runs its jobs in small and keeps what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.__main__ import main
from benchmarks.jobs import JOBS

SIDE = {"seconds", "peak_mb", "process_seconds"}


def run(only: str, tmp_path: Path) -> dict[str, dict[str, object]]:
    assert main(["--quick", "--only", only, "--results", str(tmp_path), "--work", str(tmp_path)]) == 0
    kept = json.loads((tmp_path / "quick.json").read_text("utf-8"))
    assert {"cores", "ram_gb", "python", "polars"} <= set(kept["machine"])
    jobs: dict[str, dict[str, object]] = kept["jobs"]
    for job in jobs.values():
        assert set(job) >= {"title", "target", "ours", "reference", "ratio", "reached"}
        assert set(job["ours"]) >= SIDE  # type: ignore[call-overload]
        assert set(job["reference"]) >= SIDE  # type: ignore[call-overload]
    return jobs


def test_a_job_runs_in_small_and_leaves_its_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = run("many_lines", tmp_path)["many_lines"]
    assert job["ours"]["lines"] == job["reference"]["lines"] == 20_000  # type: ignore[index]
    assert job["ours"]["distinct"] == job["reference"]["distinct"]  # type: ignore[index]
    assert job["reached"] is None  # a target is for full size
    assert "many_lines" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["quick.json"]


@pytest.mark.slow
def test_all_jobs_run_in_small(tmp_path: Path) -> None:
    assert set(run(",".join(JOBS), tmp_path)) == set(JOBS)


def test_an_unknown_job_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nothing"])
    assert "nothing" in capsys.readouterr().err
