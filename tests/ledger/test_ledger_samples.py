"""The sample ledgers, line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jigai.ledger import Ledger, devices_of, problems_of, read_all

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Ledger]:
    return {ledger.source: ledger for ledger in read_all([SAMPLES], as_of=date(2026, 11, 23))}


def test_good_files_are_read_whole(ledgers: dict[str, Ledger]) -> None:
    lines = {name: ledger.devices.height for name, ledger in ledgers.items() if ledger.devices.height}
    assert lines == {
        "01_rolling_mill.xlsx": 21,
        "02_substation.xls": 12,
        "03_chemical_plant_gbk.txt": 21,
        "04_mine_many_sheets.xlsx": 22,
        "bad_cells.xlsx": 3,
    }


def test_bad_files_end_in_a_clear_message(ledgers: dict[str, Ledger]) -> None:
    refused = {name: ledger.problems["code"].to_list() for name, ledger in ledgers.items() if ledger.refused}
    assert refused == {
        "bad_no_ledger.xlsx": ["no_ledger"],
        "bad_not_excel.xlsx": ["not_a_workbook"],
        "bad_truncated.xlsx": ["truncated"],
        "bad_zip_bomb.xlsx": ["zip_bomb"],
    }


def test_rolling_mill(ledgers: dict[str, Ledger]) -> None:
    devices = ledgers["01_rolling_mill.xlsx"].devices
    assert devices.filter(pl.col("row") < 15)["quantity"].sum() == 65, "the ledger's own 小计"
    assert devices["quantity"].sum() == 92, "one more than the ledger's own 合计, which is wrong"
    assert devices["enterprise"].unique().to_list() == ["示例轧钢有限公司"]
    expected = [
        (5, "Y2-355L-4", 315, 0.38, None, 1998, 1999),
        (7, "J02－61－4", 13, 0.38, None, 1976, None),
        (8, "Y160L-6", 11, 0.38, 87.5, 2001, 2001),
        (9, "YE3-160L-6", 11, 0.38, 90.3, 2019, 2019),
        (16, "Z4-450-32", 800, 0.66, None, 2004, 2005),
        (24, "BX1-330", None, 0.38, None, 1993, None),
    ]
    columns = ["row", "model", "power_kw", "voltage_kv", "efficiency_pct", "made_year", "in_service_year"]
    assert [row for row in devices.select(columns).rows() if row[0] in {5, 7, 8, 9, 16, 24}] == expected
    hidden_data = devices.filter(pl.col("text_fields") != "").select("row", "text_fields").rows()
    assert dict(hidden_data)[11] == ";flow_m3h;total_pressure_kpa;"
    assert devices.filter(pl.col("row") == 22)["use_state"].to_list() == ["封存"]


def test_substation(ledgers: dict[str, Ledger]) -> None:
    devices = ledgers["02_substation.xls"].devices
    assert devices["capacity_kva"].sum() == 315 + 500 + 400 + 800 + 630 + 1000 + 500 + 1250 + 800 + 1600 + 12500
    assert devices.filter(pl.col("voltage_kv") == 10)["lv_kv"].to_list() == [0.4] * 10
    assert devices["use_state"].to_list() == ["在用"] * 11 + ["未注明"]


def test_mine(ledgers: dict[str, Ledger]) -> None:
    ledger = ledgers["04_mine_many_sheets.xlsx"]
    assert ledger.devices.group_by("sheet", maintain_order=True).len().rows() == [
        ("电动机", 7),
        ("风机水泵", 4),
        ("锅炉炉窑", 6),
        ("机床", 5),
    ]
    asked = ledger.problems.filter(pl.col("severity") == "question")
    assert asked.select("sheet", "row", "column", "raw").rows() == [
        ("电动机", 7, "G", "0.917"),
        ("风机水泵", 3, "D", "54000-108000"),
        ("风机水泵", 3, "E", "1200-3200Pa"),
    ]


def test_all_files_together(ledgers: dict[str, Ledger]) -> None:
    every = list(ledgers.values())
    devices = devices_of(every)
    assert devices.height == 79
    assert devices["device_id"].n_unique() == 79
    assert set(problems_of(every)["source_file"]) >= {"bad_cells.xlsx", "bad_zip_bomb.xlsx"}
