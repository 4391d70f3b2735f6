"""Values are filled where the ledger is silent, marked by their origin, and compared where it is not."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from jigai.nameplate import Reading, expected_efficiency, read
from jigai.reference import Reference

Read = Callable[[list[dict[str, object]]], Reading]


def test_only_nulls_are_filled_and_the_origin_is_noted(reading: Read) -> None:
    result = reading([{"name": "变压器", "model": "S9-1000/10", "capacity_kva": 1000.0, "voltage_kv": None}])
    device = result.devices.row(0, named=True)
    assert (device["capacity_kva"], device["voltage_kv"]) == (1000.0, 10.0)
    assert ";voltage_kv;" in device["nameplate_fields"]
    assert ";capacity_kva;" not in device["nameplate_fields"]
    assert result.conflicts.is_empty()


def test_contradicting_cell_is_kept_and_asked(reading: Read) -> None:
    result = reading([{"name": "变压器", "model": "S9-1000/10", "capacity_kva": 800.0}])
    assert result.devices["capacity_kva"].to_list() == [800.0]
    assert result.conflicts.rows() == [(0, "capacity_kva", "800", "1000")]


@pytest.mark.parametrize(("value", "asked"), [(0.8, False), (0.82, False), (0.7, True), (8.0, True)])
def test_rounding_is_no_contradiction(reading: Read, value: float, asked: bool) -> None:
    result = reading([{"name": "空压机", "model": "4L-20/8", "pressure_mpa": value}])
    assert result.conflicts.is_empty() is not asked


def test_rating_written_in_the_model_is_compared_with_the_cell(reading: Read) -> None:
    result = reading([{"name": "电机", "model": "YE4-315L2-4 200kW", "power_kw": 160.0}])
    assert result.conflicts["attribute"].to_list() == ["power_kw"]


def test_power_from_the_frame_is_inferred_and_never_contradicts(reading: Read) -> None:
    result = reading(
        [{"name": "电机", "model": "Y160L-4", "power_kw": None}, {"name": "电机", "model": "Y160L-4", "power_kw": 11.0}]
    )
    assert result.devices["power_kw"].to_list() == [15.0, 11.0]
    assert result.devices["inferred_fields"].str.contains(";power_kw;", literal=True).to_list() == [True, False]
    assert result.conflicts.is_empty()


def test_efficiency_class_of_a_series_is_inferred(reading: Read) -> None:
    device = reading([{"name": "电机", "model": "YE3-160L-4"}]).devices.row(0, named=True)
    assert device["class"] == "IE3"
    assert ";class;" in device["inferred_fields"]
    assert ";class;" not in device["nameplate_fields"]


def test_losses_of_an_old_transformer_are_inferred(reading: Read) -> None:
    device = reading([{"name": "变压器", "model": "S7-400/10"}]).devices.row(0, named=True)
    assert (device["no_load_loss_w"], device["load_loss_w"]) == (920.0, 5800.0)
    assert ";no_load_loss_w;" in device["inferred_fields"]


def test_combustion_is_as_sure_as_the_fuel(reading: Read) -> None:
    lines: list[dict[str, object]] = [
        {"name": "锅炉", "model": "SZL10-1.25-AII", "fuel": None},
        {"name": "锅炉", "model": "DZL4-1.25-T", "fuel": None},
        {"name": "锅炉", "model": "DZL4-1.25", "fuel": "coal"},
        {"name": "锅炉", "model": "DZL4-1.25", "fuel": None},
    ]
    devices = reading(lines).devices
    assert devices["combustion"].to_list() == ["层状燃烧燃煤", "生物质锅炉", "层状燃烧燃煤", None]
    inferred = devices["inferred_fields"].str.contains(";combustion;", literal=True)
    assert inferred.to_list() == [False, True, False, False]


def test_conflicts_carry_the_key_of_the_frame(reference: Reference) -> None:
    frame = pl.DataFrame({"device_id": ["a", "b"], "name": ["变压器"] * 2, "model": ["S9-100/10", "S9-200/10"]})
    result = read(frame.with_columns(pl.Series("capacity_kva", [100.0, 100.0])), reference)
    assert result.conflicts.columns == ["device_id", "attribute", "ledger_value", "nameplate_value"]
    assert result.conflicts["device_id"].to_list() == ["b"]


def test_expected_efficiency_follows_the_curve_and_stops_at_its_ends(reference: Reference) -> None:
    motors = pl.DataFrame(
        {
            "class": ["IE3", "IE3", "IE3", None, "IE3"],
            "poles": ["4", "4", "4", "4", "4/2"],
            "power_kw": [11.0, 200.0, 315.0, 11.0, 11.0],
        }
    )
    efficiency = expected_efficiency(motors, reference).to_list()
    assert efficiency[0] == pytest.approx(91.4, abs=0.1)
    assert efficiency[1] == pytest.approx(96.0, abs=0.1)
    assert efficiency[2] == efficiency[1]
    assert efficiency[3:] == [None, None]


def test_frame_without_models_is_read(reference: Reference) -> None:
    frame = pl.DataFrame({"name": ["水泵"], "model": [None]}, schema={"name": pl.String, "model": pl.String})
    devices = read(frame, reference).devices
    assert devices["kind"].to_list() == ["pump"]
    assert devices["model_keys"].to_list() == [None]


def test_empty_frame_keeps_its_shape(reference: Reference) -> None:
    result = read(pl.DataFrame(schema={"sig": pl.UInt32, "name": pl.String, "model": pl.String}), reference)
    assert result.devices.is_empty()
    assert {"kind", "kind_reason", "series", "nameplate_fields", "inferred_fields"} <= set(result.devices.columns)
    assert result.conflicts.is_empty()
