"""Where tables stand on a sheet, and which of their rows are devices."""

from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest
from tests.ledger import books

from jigai.ledger import read_ledger


def test_title_rows_two_row_header_and_units() -> None:
    rows = [
        ["示例矿业公司选矿厂主要设备台账"],
        ["填报单位（盖章）：示例矿业有限公司", None, None, None, "填报日期：2024年6月"],
        ["序号", "设备名称", "主要技术参数", None, None, "数量（台）"],
        [None, None, "型号", "功率\n(kW)", "电压\n(V)", None],
        [1, "球磨机电机", "TDMK400-32", 400, 6000, 2],
    ]
    ledger = read_ledger(books.xlsx(rows, merges=["A3:A4", "B3:B4", "C3:E3", "F3:F4", "A1:F1"]), source_file="a.xlsx")
    device = books.line(ledger, 5)
    assert device["model"] == "TDMK400-32"
    assert (device["power_kw"], device["voltage_kv"], device["quantity"]) == (400, 6, 2)
    assert device["enterprise"] == "示例矿业有限公司"
    assert "enterprise=A2" in device["cells"]
    sheet = ledger.sheets[0]
    assert (sheet.header_rows, sheet.first_row, sheet.last_row) == ((3, 4), 5, 5)
    assert {column.label: column.attribute for column in sheet.columns}["主要技术参数 功率 (kW)"] == "power_kw"


def test_the_name_of_the_enterprise_right_above_the_header_is_no_part_of_it() -> None:
    rows = [
        ["填报单位", "示例矿业有限公司"],
        ["设备编号", "设备名称", "规格型号", "数量"],
        ["A-1", "球磨机电机", "Y280S-4", 2],
    ]
    for merges in ([], ["B1:D1"]):
        ledger = read_ledger(books.xlsx(rows, merges=merges))
        assert ledger.sheets[0].header_rows == (2,)
        assert books.line(ledger, 3)["enterprise"] == "示例矿业有限公司"


def test_a_sheet_of_instructions_is_no_equipment_card() -> None:
    rows = [
        ["栏目", "怎么填"],
        ["设备名称", "写明用途"],
        ["规格型号", "照铭牌"],
        ["数量", "写台数"],
        ["出厂年份", "四位"],
    ]
    book = openpyxl.load_workbook(io.BytesIO(books.xlsx([["设备名称", "型号"], ["泵", "IS80"]])))
    notes = book.create_sheet("填表说明")
    for row in rows:
        notes.append(row)
    ledger = read_ledger(books.saved(book))
    assert [sheet.name for sheet in ledger.sheets] == ["台账"]
    assert books.problem(ledger, "sheet_without_ledger")["sheet"] == "填表说明"


def test_two_row_header_without_merge_marks() -> None:
    text = "设备名称,型号,主要技术参数,,数量\n,,功率(kW),电压(V),\n泵,IS80,7.5,380,1\n"
    device = books.line(read_ledger(text.encode(), source_file="a.csv"), 3)
    assert (device["power_kw"], device["voltage_kv"]) == (7.5, 0.38)


def test_units_in_a_row_of_their_own() -> None:
    rows = [["设备名称", "型号", "功率", "流量"], [None, None, "W", "m3/min"], ["泵", "IS80", 7500, 1]]
    device = books.line(read_ledger(books.xlsx(rows)), 3)
    assert (device["power_kw"], device["flow_m3h"]) == (7.5, 60)


def test_pump_and_its_motor_side_by_side() -> None:
    rows = [
        ["序号", "水泵", None, None, "配套电机", None, "数量"],
        [None, "名称", "型号", "流量(m3/h)", "型号", "功率(kW)", None],
        [1, "循环泵", "12Sh-9A", 792, "Y315M-4", 132, 1],
    ]
    ledger = read_ledger(books.xlsx(rows, merges=["A1:A2", "B1:D1", "E1:F1", "G1:G2"]))
    device = books.line(ledger, 3)
    assert (device["name"], device["model"], device["driver_model"]) == ("循环泵", "12Sh-9A", "Y315M-4")
    assert (device["flow_m3h"], device["power_kw"]) == (792, 132)
    said = books.problem(ledger, "driver_not_judged")
    assert (said["row"], said["column"], said["raw"], said["severity"]) == (3, "E", "Y315M-4", "note")


@pytest.mark.parametrize("order", [["水泵型号", "电机型号"], ["电机型号", "水泵型号"]])
def test_the_driven_machine_is_the_device(order: list[str]) -> None:
    models = {"水泵型号": "IS80", "电机型号": "Y160L-4"}
    rows = [["设备名称", *order], ["泵", *[models[name] for name in order]]]
    device = books.line(read_ledger(books.xlsx(rows)), 2)
    assert (device["model"], device["driver_model"]) == ("IS80", "Y160L-4")


def test_a_motor_column_alone_is_the_model() -> None:
    device = books.line(read_ledger(books.xlsx([["电机名称", "电机型号"], ["泵电机", "Y160L-4"]])), 2)
    assert device["model"] == "Y160L-4"


def test_several_header_blocks_in_one_sheet() -> None:
    rows = [
        ["一、电动机"],
        ["设备名称", "型号", "功率(kW)"],
        ["电机", "Y160L-4", 15],
        [None],
        ["二、变压器"],
        ["名称", "规格型号", "容量(kVA)", "出厂日期"],
        ["变压器", "S9-1000/10", 1000, "1996"],
    ]
    ledger = read_ledger(books.xlsx(rows))
    assert [(sheet.header_rows, sheet.devices) for sheet in ledger.sheets] == [((2,), 1), ((6,), 1)]
    assert books.line(ledger, 3)["power_kw"] == 15
    assert books.line(ledger, 7)["capacity_kva"] == 1000
    assert books.line(ledger, 7)["power_kw"] is None
    assert books.problem(ledger, "section_skipped")["row"] == 5


def test_two_tables_beside_each_other() -> None:
    rows = [["设备名称", "型号", "数量", "设备名称", "型号", "数量"], ["泵", "IS80", 1, "电机", "Y160L-4", 2]]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices.select("name", "model", "quantity").rows() == [("泵", "IS80", 1), ("电机", "Y160L-4", 2)]
    assert ledger.devices["device_id"].n_unique() == 2
    assert ledger.devices["cells"][1] == "name=D2;model=E2;quantity=F2"


def test_header_printed_again_on_the_next_page() -> None:
    rows = [list(books.HEADER), ["泵", "IS80", 7.5, 1], list(books.HEADER), ["电机", "Y160L-4", 15, 1]]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices["row"].to_list() == [2, 4]
    assert len(ledger.sheets) == 1
    assert books.problem(ledger, "repeated_header_skipped")["row"] == 3


def test_equipment_cards_one_per_sheet() -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, model, power in (("水泵", "IS80-65-160", "7.5kW"), ("风机", "4-72-11No10C", 18.5)):
        sheet = book.create_sheet(f"{name}卡片")
        for row in (
            ["设备卡片"],
            ["设备名称", name, "规格型号", model],
            ["额定功率（kW）", power, "出厂日期", "1998年6月"],
            ["使用状态", "在用", "制造厂", None],
            ["备注：2003年大修"],
        ):
            sheet.append(row)
    ledger = read_ledger(books.saved(book))
    assert ledger.devices.select("name", "model", "power_kw", "made_year", "use_state", "row").rows() == [
        ("水泵", "IS80-65-160", 7.5, 1998, "在用", 2),
        ("风机", "4-72-11No10C", 18.5, 1998, "在用", 2),
    ]
    assert "power_kw=B3;made_year=D3" in ledger.devices["cells"][0].replace("use_state=B4;", "")
    assert all(sheet.card for sheet in ledger.sheets)
    assert ledger.sheets[0].fingerprint == ledger.sheets[1].fingerprint
    assert ledger.devices["remark"].to_list() == ["2003年大修", "2003年大修"]


def test_two_cards_on_one_sheet_and_a_problem_in_one() -> None:
    rows = [
        ["设备名称", "水泵", "型号", "IS80"],
        ["功率", "很大", "数量", 1],
        [None],
        ["设备名称", "风机", "型号", "4-72"],
        ["功率", 5.5, "数量", 2],
    ]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices.select("name", "power_kw", "quantity", "row").rows() == [
        ("水泵", None, 1, 1),
        ("风机", 5.5, 2, 4),
    ]
    problem = books.problem(ledger, "not_a_number")
    assert (problem["row"], problem["column"], problem["raw"]) == (2, "B", "很大")


def test_vertical_merges_are_filled_down_and_marked() -> None:
    rows = [
        ["车间", "设备名称", "型号", "数量"],
        ["炼铁", "电机", "Y160L-4", 1],
        [None, None, "Y160L-6", 1],
        [None, "泵", "IS80", 1],
    ]
    ledger = read_ledger(books.xlsx(rows, merges=["A2:A4", "B2:B3"]))
    assert ledger.devices["workshop"].to_list() == ["炼铁"] * 3
    assert ledger.devices["name"].to_list() == ["电机", "电机", "泵"]
    assert ledger.devices["inherited"].to_list() == ["", "workshop=A2;name=B2", "workshop=A2"]


@pytest.mark.parametrize("sign", ["同上", "〃", '"', "″", "同前"])
def test_ditto_signs_are_filled_from_above(sign: str) -> None:
    rows = [["设备名称", "型号", "安装地点"], ["电机", "Y160L-4", "甲"], [sign, "Y160L-6", sign], [sign, "Y2", None]]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices["name"].to_list() == ["电机"] * 3
    assert ledger.devices["location"].to_list() == ["甲", "甲", None]
    assert ledger.devices["inherited"].to_list() == ["", "name=A2;location=C2", "name=A2"]
    filled = ledger.problems.filter(pl.col("code") == "filled_down")
    assert filled.select("row", "column", "severity").rows() == [(3, "A", "note"), (3, "C", "note"), (4, "A", "note")]
    assert "A2" in filled["message_zh"][0]


def test_ditto_with_nothing_above_asks() -> None:
    rows = [["设备名称", "型号", "安装地点"], ["电机", "Y160L-4", None], ["电机", "Y160L-6", "同上"]]
    ledger = read_ledger(books.xlsx(rows))
    problem = books.problem(ledger, "nothing_above")
    assert (problem["row"], problem["column"], problem["severity"]) == (3, "C", "question")


def test_ditto_does_not_copy_a_subtotal() -> None:
    rows = [["设备名称", "型号", "数量"], ["电机", "Y160L-4", 1], ["小计", None, 1], ["同上", "Y160L-6", 1]]
    assert books.line(read_ledger(books.xlsx(rows)), 4)["name"] == "电机"


def test_subtotals_signatures_blank_rows_are_skipped_and_said() -> None:
    rows = [
        ["序号", "设备名称", "型号", "数量"],
        [1, "泵", "IS80", 2],
        ["小 计", None, None, 2],
        [None],
        [2, "电机", "Y160L-4", 1],
        ["合计（台）：", None, None, 3],
        ["注：以上均为在用设备"],
        ["单位负责人：  填表人：张三  联系电话：000"],
        [3, None, None, None],
    ]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices["row"].to_list() == [2, 5]
    assert ledger.problems.filter(pl.col("code") == "subtotal_skipped")["row"].to_list() == [3, 6]
    assert ledger.problems.filter(pl.col("code") == "signature_skipped")["row"].to_list() == [7, 8]
    assert "第 4 行" in books.problem(ledger, "blank_rows_skipped")["message_zh"]


def test_a_device_called_total_station_is_not_a_subtotal() -> None:
    rows = [["设备名称", "型号"], ["总计量泵", "J-Z50"], ["合计量罐", None]]
    assert read_ledger(books.xlsx(rows)).devices["name"].to_list() == ["总计量泵", "合计量罐"]


def test_hidden_and_filtered_rows_columns_and_sheets_are_read_and_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "藏"
    for row in [
        ["设备名称", "型号", "出厂年份"],
        ["泵", "IS80", 1998],
        ["电机", "Y160L-4", 1999],
        ["风机", "4-72", 2000],
    ]:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    sheet.sheet_state = "hidden"
    book.create_sheet("空")
    ledger = read_ledger(books.saved(book))
    assert ledger.devices["hidden"].to_list() == [False, True, False]
    assert ledger.devices["made_year"].to_list() == [1998, 1999, 2000]
    assert "第 3 行" in books.problem(ledger, "hidden_rows")["message_zh"]
    assert "第 C 列" in books.problem(ledger, "hidden_columns")["message_zh"]
    assert "“藏”" in books.problem(ledger, "hidden_sheet")["message_zh"]


def test_formula_without_value_error_and_picture() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["设备名称", "型号", "功率(kW)", "照片"], ["泵", "=A1&B1", 7.5, '=_xlfn.DISPIMG("ID_1",1)']]:
        sheet.append(row)
    broken = books.patched(
        books.saved(book),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="C2" t="n"><v>7.5</v></c>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    )
    ledger = read_ledger(broken)
    missing = books.problem(ledger, "formula_without_value")
    assert (missing["row"], missing["column"], missing["severity"], missing["raw"]) == (2, "B", "error", "=A1&B1")
    error = books.problem(ledger, "excel_error")
    assert (error["row"], error["column"], error["raw"]) == (2, "C", "#DIV/0!")
    assert books.problem(ledger, "pictures")["column"] == "D"
    device = books.line(ledger, 2)
    assert (device["name"], device["model"], device["power_kw"]) == ("泵", None, None)
    assert device["photo"] is None


def test_formula_with_a_stored_value_is_read() -> None:
    cell = b'<c r="C2"><f>15/2</f><v>7.5</v></c><c r="D2" t="str"><f>IF(1,"","")</f><v></v></c>'
    data = books.patched(
        books.xlsx([["设备名称", "型号", "功率(kW)", "备注"], ["泵", "IS80", 1]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="C2" t="n"><v>1</v></c>', cell),
    )
    ledger = read_ledger(data)
    assert books.line(ledger, 2)["power_kw"] == 7.5
    assert "formula_without_value" not in books.codes(ledger)


def test_percent_format_is_a_percentage_and_a_bare_fraction_is_a_question() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["设备名称", "型号", "效率(%)"], ["电机", "Y160L-4", 0.917], ["电机", "Y160L-6", 0.917]]:
        sheet.append(row)
    sheet["C2"].number_format = "0.0%"
    ledger = read_ledger(books.saved(book))
    assert ledger.devices["efficiency_pct"].to_list() == [91.7, None]
    problem = books.problem(ledger, "fraction_in_percent")
    assert (problem["row"], problem["column"], problem["raw"], problem["severity"]) == (3, "C", "0.917", "question")
    assert "91.7%" in problem["message_zh"]
    assert "0.917%" in problem["message_zh"]


def test_several_sheets_and_a_sheet_without_ledger() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(books.xlsx([["设备名称", "型号"], ["变压器", "S7-315/10"]], name="变压器台账"))
    )
    book.create_sheet("填表说明").append(["请如实填写"])
    book.create_sheet("Sheet3").append(["设备名称", "型号"])
    book["Sheet3"].append(["泵", "IS80"])
    ledger = read_ledger(books.saved(book))
    assert ledger.devices.select("sheet", "kind_text").rows() == [("变压器台账", "变压器台账"), ("Sheet3", None)]
    assert books.problem(ledger, "sheet_without_ledger")["sheet"] == "填表说明"
    assert ledger.devices["device_id"].str.split("-").list.get(1).to_list() == ["1", "3"]


def test_text_with_ragged_rows_and_odd_quotes() -> None:
    text = '设备名称,型号,功率(kW),备注\n泵,IS80,7.5\n管泵2",IS50,4,好\n电机,Y160L-4,15,大修,换线,多余\n'
    ledger = read_ledger(text.encode(), source_file="a.csv")
    assert ledger.devices["name"].to_list() == ["泵", '管泵2"', "电机"]
    problem = books.problem(ledger, "ragged_row")
    assert (problem["row"], problem["severity"]) == (4, "question")


def test_a_table_lying_on_its_side_gives_every_device() -> None:
    rows = [
        ["项目", "单位", "1#", "2#"],
        ["设备名称", None, "泵1", "泵2"],
        ["型号", None, "IS80", "IS50"],
        ["功率", "kW", 7.5, None],
        ["数量", "台", 1, 2],
    ]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices.select("name", "model", "power_kw", "quantity").rows() == [
        ("泵1", "IS80", 7.5, 1),
        ("泵2", "IS50", None, 2),
    ]
    assert ledger.devices["cells"].to_list() == [
        "name=C2;model=C3;power_kw=C4;quantity=C5",
        "name=D2;model=D3;quantity=D5",
    ]
    assert ledger.devices["device_id"].n_unique() == 2


def test_english_headers() -> None:
    rows = [["Equipment name", "Model designation", "Rated power (kW)", "Year made"], ["pump", "IS80", 7.5, 1999]]
    device = books.line(read_ledger(books.xlsx(rows)), 2)
    assert (device["name"], device["model"], device["power_kw"], device["made_year"]) == ("pump", "IS80", 7.5, 1999)


def test_signatures_with_a_date_beside_them() -> None:
    rows = [["设备名称", "型号"], ["泵", "IS80"], ["制表：张三", "2024年"], ["审核人：", "李四"]]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices["row"].to_list() == [2]
    assert books.codes(ledger).count("signature_skipped") == 2


def test_section_titles_are_no_devices_but_a_named_line_is() -> None:
    rows = [
        ["序号", "设备名称", "型号", "数量"],
        ["动力车间", None, None, None],
        [1, "泵", "IS80", 1],
        [None, "二、炼钢", None, None],
        [None, "起重机", None, None],
    ]
    ledger = read_ledger(books.xlsx(rows, merges=["A2:D2"]))
    assert ledger.devices["name"].to_list() == ["泵", "起重机"]
    assert ledger.problems.filter(pl.col("code") == "section_skipped")["row"].to_list() == [2, 4]


def test_three_header_rows_with_units_last() -> None:
    rows = [
        ["序号", "设备名称", "型号", "额定参数", None, None, "数量"],
        [None, None, None, "流量", "扬程", "功率", None],
        [None, None, None, "m3/h", "m", "kW", "台"],
        [1, "泵", "IS80", 50, 32, 7.5, 1],
    ]
    ledger = read_ledger(books.xlsx(rows, merges=["A1:A3", "B1:B3", "C1:C3", "D1:F1"]))
    device = books.line(ledger, 4)
    assert (device["flow_m3h"], device["head_m"], device["power_kw"], device["quantity"]) == (50, 32, 7.5, 1)
    assert ledger.sheets[0].header_rows == (1, 2, 3)


def test_blank_first_column_and_blank_rows_between() -> None:
    rows = [
        [None] * 4,
        [None, "设备名称", "规格型号", "台数"],
        [None] * 4,
        [None, "泵", "IS80", 1],
        [None] * 4,
        [None, "电机", "Y160", 2],
    ]
    ledger = read_ledger(books.xlsx(rows))
    assert ledger.devices.select("row", "name", "quantity").rows() == [(4, "泵", 1), (6, "电机", 2)]
    assert ledger.devices["cells"][1] == "name=B6;model=C6;quantity=D6"
