"""What is read from the cells of a line: units, quantities, states, remarks; and what is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.ledger import books

from jigai.ledger import read_ledger
from jigai.ledger.columns import attribute_dtypes
from jigai.ledger.problems import PROBLEM, wordings


def read(*rows: list[Any], **options: Any) -> Any:
    return read_ledger(books.xlsx(rows, **options), source_file="a.xlsx", as_of=date(2026, 11, 23))


def test_bad_cells_are_emptied_and_the_rest_of_the_line_is_kept() -> None:
    ledger = read(
        ["设备名称", "规格型号", "功率(kW)", "数量", "出厂日期"],
        ["电机", "Y160L-4", "-5", "很多", "1999"],
        ["电机", "+cmd|' /C calc'!A0", "1e309", 0, "2099"],
        ["电机", "Y160L-6", "11kW/台", -3, "七六年"],
    )
    assert ledger.devices["power_kw"].to_list() == [None, None, 11]
    assert ledger.devices["quantity"].to_list() == [None, None, None]
    assert ledger.devices["made_year"].to_list() == [1999, None, 1976]
    assert ledger.devices["model"][1] == "+cmd|' /C calc'!A0"
    found = ledger.problems.select("row", "column", "severity", "code", "raw").rows()
    assert found == [
        (2, "C", "error", "out_of_range", "-5"),
        (2, "D", "question", "quantity_doubtful", "很多"),
        (3, "B", "question", "formula_like_text", "+cmd|' /C calc'!A0"),
        (3, "C", "error", "out_of_range", "1e309"),
        (3, "D", "question", "quantity_doubtful", "0"),
        (3, "E", "question", "year_future", "2099"),
        (4, "D", "question", "quantity_doubtful", "-3"),
        (4, "E", "note", "year_two_digits", "七六年"),
    ]
    assert ledger.problems.schema == pl.Schema(PROBLEM)
    assert not ledger.refused


def test_messages_name_the_limit_the_attribute_and_the_remedy() -> None:
    ledger = read(["设备名称", "规格型号", "功率(kW)"], ["电机", "Y160L-4", "-5"])
    problem = books.problem(ledger, "out_of_range")
    assert problem["message_zh"] == (
        "“-5”超出“额定功率”可能的范围（0 至 100000 kW），这一格没有采用，本行其余照读。请核对。"
    )
    assert "rated power (0 to 100000 kW)" in problem["message_en"]


def test_columns_have_the_types_of_the_attribute_table() -> None:
    ledger = read(
        ["设备名称", "规格型号", "功率(kW)", "出厂日期", "是否联网", "级数", "燃料"],
        ["锅炉", "SZL10", 5, "2009", "否", 3, "烟煤"],
    )
    dtypes = attribute_dtypes()
    for name, dtype in ledger.devices.schema.items():
        assert dtype == dtypes.get(name, dtype)
    assert books.line(ledger, 2)["networked"] is False
    assert books.line(ledger, 2)["fuel"] == "coal"


def test_blank_quantity_counts_one_and_is_noted() -> None:
    ledger = read(
        ["设备名称", "规格型号", "数量"], ["电机", "Y160L-4", None], ["电机", "Y160L-6", "2 台"], ["泵", "IS80", "/"]
    )
    assert ledger.devices["quantity"].to_list() == [1, 2, 1]
    blank = ledger.problems.filter(pl.col("code") == "quantity_blank")
    assert blank.select("row", "column", "severity").rows() == [(2, "C", "note"), (4, "C", "note")]


def test_no_quantity_column_counts_one_and_is_noted_once() -> None:
    ledger = read(["设备名称", "规格型号"], ["电机", "Y160L-4"], ["泵", "IS80"])
    assert ledger.devices["quantity"].to_list() == [1, 1]
    assert books.codes(ledger) == ["no_quantity_column"]


@pytest.mark.parametrize(("written", "expected", "codes"), [(3, [1, 1, 1], []), (7, [None] * 3, ["quantity_shared"])])
def test_quantity_over_merged_rows(written: int, expected: list[int | None], codes: list[str]) -> None:
    ledger = read(
        ["设备名称", "规格型号", "数量"],
        ["电机", "Y160L-4", written],
        ["电机", "Y160L-6", None],
        ["泵", "IS80", None],
        merges=["C2:C4"],
    )
    assert ledger.devices["quantity"].to_list() == expected
    assert books.codes(ledger) == codes


def test_use_state_with_and_without_a_column() -> None:
    ledger = read(
        ["设备名称", "规格型号", "使用状态"],
        ["电机", "Y160L-4", "在用"],
        ["电机", "Y160L-6", None],
        ["泵", "IS80", "蓝"],
        ["泵", "IS50", "停用待报废"],
    )
    assert ledger.devices["use_state"].to_list() == ["在用", "未注明", "未注明", "封存"]
    assert books.problem(ledger, "state_blank")["row"] == 3
    assert books.problem(ledger, "state_unknown")["raw"] == "蓝"
    without = read(["设备名称", "规格型号", "备注"], ["电机", "Y160L-4", "已拆除"], ["电机", "Y160L-6", "两用一备"])
    assert without.devices["use_state"].to_list() == ["已拆除", None]


def test_cells_in_another_unit_go_to_the_attribute_of_that_unit() -> None:
    ledger = read(["设备名称", "规格型号", "功率(kW)"], ["变压器", "S9-1000/10", "1000kVA"], ["电机", "Y160L-4", "15"])
    assert ledger.devices["capacity_kva"].to_list() == [1000, None]
    assert ledger.devices["power_kw"].to_list() == [None, 15]
    assert ledger.devices["cells"][0].startswith("name=A2;model=B2;capacity_kva=C2")
    assert books.problem(ledger, "moved_by_unit")["severity"] == "note"


def test_a_header_of_two_quantities_takes_the_unit_of_the_cell() -> None:
    ledger = read(
        ["名称", "型号", "扬程/全压"],
        ["泵", "IS80", "58m"],
        ["风机", "4-72", "2500Pa"],
        ["泵", "IS50", "32"],
        ["风机", "9-26", "1200-3200Pa"],
    )
    assert ledger.devices["head_m"].to_list() == [58, None, None, None]
    assert ledger.devices["total_pressure_kpa"].to_list() == [None, 2.5, None, None]
    assert books.problem(ledger, "unit_missing")["row"] == 4
    assert books.problem(ledger, "range")["raw"] == "1200-3200Pa"


def test_a_header_in_a_unit_of_another_quantity_is_not_used() -> None:
    ledger = read(["设备名称", "规格型号", "转速(MPa)"], ["电机", "Y160L-4", 1450])
    assert "speed_rpm" not in ledger.devices.columns
    problem = books.problem(ledger, "header_unit_unknown")
    assert (problem["column"], problem["severity"]) == ("C", "question")


def test_data_hidden_in_remarks_and_names() -> None:
    ledger = read(
        ["设备名称", "规格型号", "备注"],
        ["引风机", "Y5-47", "流量19380m³/h，全压2.5kPa"],
        ["电机", "YE3-160L-6", "效率93.6%，二级能效，1998年出厂"],
        ["冷却水泵", "IS150", "Q=200m3/h H=50m n=1450r/min"],
        ["变压器", "S9", "1250KVA"],
        ["水泵", "12Sh", "配套电机Y315M-4，2003年大修"],
        ["10t/h蒸汽锅炉", "SZL", None],
    )
    rows = {
        row["row"]: {key: value for key, value in row.items() if value is not None} for row in ledger.devices.to_dicts()
    }
    assert (rows[2]["flow_m3h"], rows[2]["total_pressure_kpa"]) == (19380, 2.5)
    assert rows[2]["text_fields"] == ";flow_m3h;total_pressure_kpa;"
    assert "flow_m3h=C2" in rows[2]["cells"]
    assert (rows[3]["efficiency_pct"], rows[3]["claimed_grade"], rows[3]["made_year"]) == (93.6, 2, 1998)
    assert (rows[4]["flow_m3h"], rows[4]["head_m"], rows[4]["speed_rpm"]) == (200, 50, 1450)
    assert rows[5]["capacity_kva"] == 1250
    assert rows[6]["driver_model"] == "Y315M-4"
    assert "made_year" not in rows[6]
    assert rows[7]["capacity_tph"] == 10
    assert "capacity_tph=A7" in rows[7]["cells"]


def test_text_never_replaces_a_cell_and_a_contradiction_asks() -> None:
    ledger = read(
        ["设备名称", "规格型号", "效率(%)", "数量", "备注"],
        ["电机", "Y160L-4", 91, 2, "效率93.6%，共3台"],
        ["电机", "Y160L-6", 93.5, 3, "效率93.6%，共3台"],
        ["电机", "Y160L-8", None, None, "效率93.6%，共3台"],
    )
    assert ledger.devices["efficiency_pct"].to_list() == [91, 93.5, 93.6]
    assert ledger.devices["quantity"].to_list() == [2, 3, 3]
    asked = ledger.problems.filter(pl.col("code") == "text_contradicts")
    assert asked.select("row", "column", "severity").rows() == [(2, "E", "question")] * 2
    assert any("91" in text and "93.6" in text for text in asked["message_zh"])
    assert ledger.devices["text_fields"].to_list() == ["", "", ";efficiency_pct;quantity;"]


def test_specification_stands_for_a_blank_model() -> None:
    ledger = read(["设备名称", "型号", "规格"], ["高炉", None, "450m³"], ["泵", "IS80", "流量50m3/h"])
    assert ledger.devices["model"].to_list() == ["450m³", "IS80"]
    assert ledger.devices["flow_m3h"].to_list() == [None, 50]
    assert books.problem(ledger, "spec_as_model")["row"] == 2


def test_lines_without_name_and_model_ask() -> None:
    ledger = read(["设备编号", "设备名称", "规格型号"], ["X-1", "/", "-"], ["X-2", "泵", None])
    assert ledger.devices["code"].to_list() == ["X-1", "X-2"]
    assert books.problem(ledger, "no_name_no_model")["row"] == 2


def test_years_in_the_wrong_order_ask_and_keep_both() -> None:
    ledger = read(["设备名称", "规格型号", "出厂日期", "投用时间"], ["泵", "IS80", "1999", "1998"])
    device = books.line(ledger, 2)
    assert (device["made_year"], device["in_service_year"]) == (1999, 1998)
    assert books.problem(ledger, "year_order")["column"] == "D"


def test_year_bought_stands_for_year_in_service_only_without_one() -> None:
    alone = read(["设备名称", "规格型号", "购置年份"], ["泵", "IS80", "1998"])
    assert books.line(alone, 2)["in_service_year"] == 1998
    assert "purchase_as_service" in books.codes(alone)
    both = read(["设备名称", "规格型号", "购置年份", "投用年份"], ["泵", "IS80", "1998", "1999"])
    assert (books.line(both, 2)["purchased_year"], books.line(both, 2)["in_service_year"]) == (1998, 1999)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("示例轧钢厂主要用能设备台账", "示例轧钢厂"),
        ("示例钒钛有限责任公司 2024 年变压器清单", "示例钒钛有限责任公司"),
        ("2024年度示例矿业公司选矿厂设备台账", "示例矿业公司选矿厂"),
        ("主要用能设备台账", None),
    ],
)
def test_enterprise_from_the_title(title: str, name: str | None) -> None:
    ledger = read([title, None, None], ["设备名称", "规格型号", "数量"], ["泵", "IS80", 1])
    assert ledger.devices.to_dicts()[0].get("enterprise") == name
    assert ("enterprise_from_title" in books.codes(ledger)) == (name is not None)


def test_enterprise_beside_its_label_and_in_a_column() -> None:
    beside = read(["填报单位", "示例公司", None], ["设备名称", "规格型号", "数量"], ["泵", "IS80", 1])
    assert books.line(beside, 3)["enterprise"] == "示例公司"
    column = read(["示例厂设备台账", None, None], ["企业名称", "设备名称", "规格型号"], ["甲公司", "泵", "IS80"])
    assert books.line(column, 3)["enterprise"] == "甲公司"


def test_columns_not_used_are_listed_once() -> None:
    ledger = read(["序号", "设备名称", "规格型号", "甲方联系人", "颜色"], [1, "泵", "IS80", "张三", "蓝"])
    problem = books.problem(ledger, "columns_not_used")
    assert "D“甲方联系人”、E“颜色”" in problem["message_zh"]
    assert "序号" not in problem["message_zh"]


def test_every_wording_has_a_severity_and_both_languages() -> None:
    for wording in wordings().values():
        assert wording.severity in {"refused", "error", "question", "note"}
        assert wording.zh.endswith("。"), wording.code
        assert wording.en.endswith("."), wording.code
