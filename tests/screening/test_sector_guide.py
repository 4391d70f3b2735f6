"""The plan's sector guide speaks of the devices it means, and says when their renewal is due."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from jigai.reference import Reference
from jigai.screening import screen
from jigai.screening.sector_guide import COLUMNS, advice, directions, entries, triggers

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("sector_guide.yaml").read_text("utf-8"))
ENTRIES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("sector_guide_entries.yaml").read_text("utf-8"))
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["is"])
def test_case(case: dict[str, Any], reference: Reference) -> None:
    told = directions(pl.DataFrame([{"device_id": "d", **case["device"]}]), reference)
    assert dict(told.select("entry_id", "due").rows()) == case["says"]


@pytest.mark.parametrize("case", ENTRIES, ids=lambda case: case["entry"])
def test_an_entry_means_its_equipment_in_its_sector_and_waits_for_its_trigger(
    case: dict[str, Any], reference: Reference
) -> None:
    meant = case["device"] | case["due"]
    devices = [{"device_id": "due", **meant}, {"device_id": "not_yet", **case["device"], **case["not_yet"]}]
    if "nothing_in" in case:
        devices.append({"device_id": "elsewhere", **meant, "industry_code": case["nothing_in"]})
    told = directions(pl.DataFrame(devices, infer_schema_length=None), reference)
    mine = told.filter(pl.col("entry_id") == case["entry"])
    assert dict(mine.select("device_id", "due").rows()) == {"due": True, "not_yet": False}
    assert set(mine["focus_zh"]) == {case["means"]}


def test_no_entry_is_without_its_case(reference: Reference) -> None:
    assert [case["entry"] for case in ENTRIES] == [row["entry_id"] for row in entries(reference)]


def test_all_at_once_says_what_each_alone_says(reference: Reference) -> None:
    devices = pl.DataFrame([{"device_id": case["is"], **case["device"]} for case in CASES], infer_schema_length=None)
    told = directions(devices, reference)
    assert told.schema == COLUMNS
    for case in CASES:
        mine = told.filter(pl.col("device_id") == case["is"])
        assert dict(mine.select("entry_id", "due").rows()) == case["says"]
    order = {case["is"]: place for place, case in enumerate(CASES)}
    assert told["device_id"].replace_strict(order).is_sorted()


def test_a_screened_ledger_is_advised(reference: Reference) -> None:
    devices = pl.DataFrame(
        {
            "device_id": ["old", "new", "plain"],
            "name": ["电机", "电机", "办公桌"],
            "model": ["JO2-51-4", "YE5-132M-4", None],
            "use_state": ["在用"] * 3,
        }
    )
    told = screen(devices, reference, DAY)
    said = advice(told.devices, told.findings, reference).filter(pl.col("entry_id") == "SG-8-2")
    assert dict(said.select("device_id", "due").rows())["old"] is True
    assert "plain" not in said["device_id"].to_list()


def test_the_guide_is_silent_before_and_after_the_plan() -> None:
    for day in (date(2024, 7, 28), date(2028, 1, 1)):
        reference = Reference.load(day)
        assert entries(reference) == []
        assert directions(pl.DataFrame({"device_id": ["d"], "kind": ["motor"]}), reference).is_empty()


def test_every_entry_has_a_trigger_and_means_something(reference: Reference) -> None:
    kinds = set(reference.table("kinds", "kinds")["kind"])
    for row in entries(reference):
        assert row["trigger"] in triggers(reference), row["entry_id"]
        assert row["kinds"] or row["name_any"], row["entry_id"]
        assert set(row["kinds"] or ()) <= kinds, row["entry_id"]
        assert row["classes"] or not (row["sectors"] or row["industries"]), row["entry_id"]
