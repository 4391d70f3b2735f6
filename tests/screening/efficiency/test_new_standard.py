"""A city adds a standard of its own by a folder: no line of code knows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.screening.efficiency.rig import TODAY, frame

from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.efficiency import check

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def city() -> Reference:
    return Reference.load(TODAY, extra=[EXAMPLE])


def judged(city: Reference, **device: Any) -> dict[str, Any]:
    return check(Batch(frame([{"kind": "cooling_tower", **device}]), city, TODAY)).to_dicts()[0]


def test_the_new_standard_grades(city: Reference) -> None:
    found = judged(city, flow_m3h=100.0, efficiency_pct=80.0)
    assert (found["outcome"], found["limit"], found["dataset"]) == ("grade_2", 80.0, "city-cooling-towers")
    assert found["document"] == "DB 00-2026 冷却塔能效限值（示例）"
    assert judged(city, flow_m3h=150.0, efficiency_pct=71.0)["outcome"] == "grade_3"
    assert judged(city, flow_m3h=150.0, efficiency_pct=70.9)["outcome"] == "below_limit"
    assert judged(city, flow_m3h=300.0, efficiency_pct=70.9)["outcome"] == "out_of_scope"
    assert judged(city, flow_m3h=150.0)["missing"] == "efficiency_pct"


def test_the_other_standards_are_untouched(city: Reference) -> None:
    device = {"kind": "motor", "power_kw": 55.0, "poles": "4", "voltage_kv": 0.38, "efficiency_pct": 94.6}
    assert check(Batch(frame([device]), city, TODAY))["outcome"].to_list() == ["grade_3"]


def test_an_empty_frame_of_another_kind_costs_nothing(city: Reference) -> None:
    found = check(Batch(frame([{"kind": "valve"}]), city, TODAY))
    assert found["outcome"].to_list() == ["out_of_scope"]
    assert found.schema["value"] == pl.Float64
