"""What a rehearsal sums up by county: machines, kilowatts and enterprises of those newly worse off, no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from jigai.platform.screening.impact import Told

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("impact_sums.yaml").read_text("utf-8"))
SCHEMA = {
    "county": pl.String,
    "enterprise": pl.String,
    "before": pl.String,
    "after": pl.String,
    "machines": pl.Int64,
    "kw": pl.Float64,
}


@pytest.mark.sqlite
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_case(case: dict[str, Any]) -> None:
    told = Told(pl.DataFrame(case["lines"], schema=SCHEMA, orient="row"), [], 0)
    sums = [
        (row["county"], [row[name] for name in ("must", "should", "kw", "enterprises")]) for row in told.by("county")
    ]
    assert sums == list(case["by"].items())
    assert told.better["machines"].sum() == case["better"]
