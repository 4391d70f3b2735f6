"""What a replacement should reach, taken from the same tables that grade a device."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jigai.appraisal.targets import targets
from jigai.reference import Reference

REFERENCE = Reference.load(date(2026, 11, 23))
TRANSFORMER = {
    "kind": "transformer", "capacity_kva": 630.0, "voltage_kv": 10.0, "insulation": "oil", "phases": 3,
    "windings": "two_winding", "tap": "off_circuit", "application": "distribution",
}  # fmt: skip


def target(device: dict[str, object], grade: int = 2) -> dict[str, object]:
    return targets(pl.DataFrame([device]), REFERENCE, grade).row(0, named=True)


@pytest.mark.parametrize(("grade", "limit"), [(1, 96.7), (2, 96.0), (3, 95.0)])
def test_a_motor_of_75_kw(grade, limit):
    found = target({"kind": "motor", "power_kw": 75.0, "poles": "4", "voltage_kv": 0.38}, grade)
    assert found["target_efficiency"] == limit
    assert (found["target_certainty"], found["target_missing"]) == ("transcribed", None)
    assert "GB 18613-2020" in found["target_document"]


def test_a_size_between_two_listed_ones_is_doubtful():
    found = target({"kind": "motor", "power_kw": 80.0, "poles": "4", "voltage_kv": 0.38})
    assert 96.0 < found["target_efficiency"] < 96.2 and found["target_certainty"] == "doubtful"


def test_a_transformer_has_two_limits():
    found = target(TRANSFORMER | {"core": "silicon_steel"})
    assert (found["target_no_load_loss"], found["target_load_loss"]) == (510.0, 4960.0)


def test_an_unknown_core_takes_the_least_demanding_limit_and_asks():
    found = target(TRANSFORMER)
    assert (found["target_no_load_loss"], found["target_load_loss"]) == (510.0, 5300.0)
    assert found["target_missing"] == "core"


def test_a_pump_is_graded_by_the_formula_of_its_standard():
    """GB 19762-2025, single stage: ns = 3.65·1480·√(200/3600)/50^0.75 = 67.7; the value is that of the screening."""
    pump = {
        "kind": "pump", "pump_type": "单级单吸", "flow_m3h": 200.0, "head_m": 50.0, "speed_rpm": 1480.0, "stages": 1,
    }  # fmt: skip
    found = target(pump)
    assert 76 < found["target_efficiency"] < 78
    assert target(pump, 1)["target_efficiency"] == pytest.approx(found["target_efficiency"] + 2.0)


def test_what_no_standard_grades_has_no_target():
    frame = pl.DataFrame({"kind": ["crane", "motor", None], "power_kw": [10.0, 5.0, 1.0], "phases": [3, 1, 3]})
    found = targets(frame, REFERENCE)
    assert found.height == 3
    assert found["target_efficiency"].to_list() == [None, None, None]


def test_rows_keep_their_order_and_their_number():
    powers = [75.0, 7.5, 75.0, 11.0]
    frame = pl.DataFrame({"kind": ["motor"] * 4, "power_kw": powers, "poles": ["4"] * 4, "voltage_kv": [0.38] * 4})
    found = targets(frame, REFERENCE)
    assert found["power_kw"].to_list() == powers
    assert found["target_efficiency"].to_list() == [96.0, 92.6, 96.0, 93.3]


def test_on_a_day_without_the_edition_there_is_no_target():
    found = targets(pl.DataFrame([TRANSFORMER]), Reference.load(date(2024, 6, 1)))
    assert found["target_no_load_loss"].to_list() == [None]
