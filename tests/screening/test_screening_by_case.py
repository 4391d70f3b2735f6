"""Judging by case is judging: what a check does not look at changes nothing it says."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from benchmarks.generate import write_devices
from tests.screening.cases import all_cases, frame

from jigai import nameplate
from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.cases import cases, seen
from jigai.screening.kernel import CHECKS, LOOKS, judge
from jigai.screening.schema import FINDING

DAYS = (date(2015, 1, 1), date(2024, 8, 1), date(2026, 11, 23))
ORDER = ["sig", *FINDING]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    path = tmp_path_factory.mktemp("ledger") / "devices.parquet"
    write_devices(path, Reference.load(DAYS[-1]), 4_000, 4_000)
    generated = pl.read_parquet(path).drop("device_id", "row")
    drawn = frame(list(all_cases())).drop("device_id", "row", strict=False)
    return pl.concat([generated, drawn], how="diagonal_relaxed").with_row_index("sig")


@pytest.mark.parametrize("day", DAYS)
def test_by_case_every_check_says_what_it_says_of_each_signature_alone(ledger: pl.DataFrame, day: date) -> None:
    reference = Reference.load(day)
    judged = judge(ledger, reference, day)
    batch = Batch(nameplate.read(ledger, reference).devices, reference, day)
    for name, check in CHECKS.items():
        found = judged.findings.filter(pl.col("check") == name)
        assert found.sort(ORDER).equals(check(batch).sort(ORDER)), name


def test_alike_devices_are_one_case(ledger: pl.DataFrame) -> None:
    reference = Reference.load(DAYS[-1])
    batch = Batch(nameplate.read(ledger, reference).devices, reference, DAYS[-1])
    for name, looks in LOOKS.items():
        distinct, members = cases(looks(batch))
        assert members["sig"].sort().to_list() == batch.devices["sig"].to_list(), name
        assert distinct.height < batch.devices.height


def test_only_what_is_looked_at_for_the_kind_is_seen() -> None:
    devices = pl.DataFrame(
        {
            "sig": [0, 1, 2],
            "kind": ["motor", "pump", None],
            "power_kw": [11.0, 22.0, 33.0],
            "made_year": [1990, 1991, 1992],
            "colour": ["red", "blue", "green"],
            "nameplate_fields": [";power_kw;series;", ";power_kw;made_year;", ";"],
        }
    )
    batch = Batch(devices, Reference.load(DAYS[-1]), DAYS[-1])
    frame_seen = seen(batch, {"power_kw": frozenset({"motor"}), "made_year": None, "absent": None})
    assert frame_seen.columns == ["sig", "kind", "made_year", "power_kw", "nameplate_fields"]
    assert frame_seen["power_kw"].to_list() == [11.0, None, None]
    assert frame_seen["made_year"].to_list() == [1990, 1991, 1992]
    assert frame_seen["nameplate_fields"].to_list() == [";power_kw;", ";made_year;", ";"]
