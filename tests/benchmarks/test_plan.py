"""The steps on the board: the same machines each time, figures and bare sums over the same rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from benchmarks.steps import STEPS
from polars.testing import assert_frame_equal

from benchmarks import plan
from jigai.plan.contributions import CONTRIBUTION
from jigai.plan.sources import described


def test_the_machines_are_the_same_each_time_and_fit_the_source() -> None:
    frame = plan.found_machines(500)
    assert_frame_equal(frame, plan.found_machines(500))
    assert set(described()["obsolete"]) <= set(frame.columns)
    assert frame.filter(pl.col("closed") > pl.col("quantity")).is_empty()


def test_contributions_are_kept_and_rolled_up(tmp_path: Path) -> None:
    path = str(tmp_path / "contributions.parquet")
    assert plan.contributions(path, 2_000)["lines"] == 2_000
    assert pl.read_parquet(path).schema == CONTRIBUTION
    ours = plan.roll_up(path)
    assert set(ours["breakdowns"]) == {"city", "manager_code", "place_code", "division", "group", "manager_code+group"}
    assert ours["slowest"] <= ours["seconds"]
    assert set(plan.plain_roll_up(path)) == {"seconds"}


def test_the_steps_are_registered() -> None:
    assert {"contributions", "roll_up", "plain_roll_up"} <= set(STEPS)
