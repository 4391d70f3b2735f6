"""The report read back cell by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet
from tests.reports.build import device, devices_frame, finding, problem, problems_frame, run, screening, small

from jigai.reports import summary, write_report
from jigai.reports.labels import labels
from jigai.reports.run import Run
from jigai.reports.sheet_xml import CUT_NOTE
from jigai.screening import Screening

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def opened(
    made: Screening, problems: pl.DataFrame, folder: Path, facts: Run | None = None, **options: int
) -> openpyxl.Workbook:
    path = folder / "report.xlsx"
    write_report(made, problems, facts or run(), path, **options)
    return openpyxl.load_workbook(path)


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    head = [cell.value for cell in sheet[2]]
    found = [dict(zip(head, values, strict=True)) for values in sheet.iter_rows(min_row=3, values_only=True)]
    return [row for row in found if any(value is not None for value in row.values())]


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    return opened(*small(), tmp_path)


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def place_of(sheet: Worksheet, text: str) -> tuple[int, int]:
    return next((cell.row, cell.column) for line in sheet.iter_rows() for cell in line if cell.value == text)


def test_sheets_in_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["汇总", "设备", "依据", "问题", "说明"]


def test_devices_are_in_words_and_urgent_ones_first(book: openpyxl.Workbook) -> None:
    lines = rows(book["设备"])
    assert [line["结论"] for line in lines] == ["必须淘汰", "必须淘汰", "建议更新", "资料不足", "未识别", "暂可保留"]
    first = lines[0]
    assert first["设备种类"] == "电动机"
    assert first["额定功率(kW)"] == 75
    assert first["主要依据"] == "eliminate的理由"
    assert first["期限"] == "2015-12-31"
    assert first["下一步"] == "核对铭牌；目录期限2015-12-31已过，停止使用并安排更换"
    assert lines[3]["缺少资料"] == "出厂年份、空载损耗"
    assert lines[3]["下一步"] == "补填：出厂年份、空载损耗"
    assert lines[4]["设备种类"] == "未识别"
    assert lines[5]["台数"] == 1, "a blank quantity counts as one"


def test_use_state_decides_the_next_step(book: openpyxl.Workbook) -> None:
    lines = rows(book["设备"])
    assert str(lines[1]["下一步"]).startswith("已拆除：提供拆除记录")
    assert "不得恢复使用" in str(lines[2]["下一步"])


def test_elimination_without_deadline_says_so(book: openpyxl.Workbook) -> None:
    line = next(line for line in rows(book["设备"]) if line["设备名称"] == "水泵电机")
    assert line["期限"] == "目录未载期限"


def test_findings_leave_out_what_says_nothing(book: openpyxl.Workbook) -> None:
    lines = rows(book["依据"])
    assert {line["结果"] for line in lines} == {"淘汰", "低于能效限定值", "待定", "能效2级"}
    below = next(line for line in lines if line["结果"] == "低于能效限定值")
    assert (below["实际值"], below["限值"], below["指标"], below["判断来自"]) == (92.3, 93.9, "效率", "推断")
    assert (below["强制性"], below["依据内容"]) == ("非强制", "原文转录")
    assert list(below)[-1] == "Reason in English"


def test_what_repeats_on_every_line_is_told_once(tmp_path: Path) -> None:
    lines = [device(5, "keep", quantity=3), device(6, "unknown_kind", kind=None)]
    found = [
        finding(number, "undecided", check=check, missing="industry_code" if check == "two_high" else "kind")
        for number in (5, 6)
        for check in ("elimination", "guidance", "two_high")
    ]
    book = opened(screening(lines, found), problems_frame([]), tmp_path)
    said = [(line["结论"], line["检查"]) for line in rows(book["依据"])]
    assert said == [("未识别", "淘汰目录"), ("暂可保留", "淘汰目录"), ("暂可保留", "产业结构调整指导目录")]
    assert any("4台设备的台账没有国民经济行业小类代码" in text for text in texts(book["汇总"]))


def test_what_was_compared_is_in_words(tmp_path: Path) -> None:
    old = finding(5, "over_age", check="service_life", metric="age_years", value=25.0, limit=18.0, unit="年")
    book = opened(screening([device(5, "should_replace")], [old]), problems_frame([]), tmp_path)
    assert [line["指标"] for line in rows(book["依据"])] == ["已用年数"]


def test_overview_names_the_enterprise_and_counts_what_was_not_read(tmp_path: Path) -> None:
    lines = [device(5, "keep", enterprise="甲公司"), device(6, "keep", enterprise="乙公司"), device(7, "keep")]
    refused = problem(None, "refused", source_file="坏.xlsx")
    skipped = run(files=("01_rolling_mill.xlsx", "坏.xlsx", "README.md"))
    book = opened(screening(lines, []), problems_frame([refused]), tmp_path, skipped)
    found = texts(book["汇总"])
    assert "甲公司等2家" in found
    assert "README.md" not in found
    assert any("另有1个文件未能读取" in text for text in found)


def test_long_names_are_shown_in_full(tmp_path: Path) -> None:
    name = "第一批报送材料/攀西某某矿业有限责任公司主要用能设备台账（2026年报送，含分厂）.xlsx"
    book = opened(screening([device(5, "keep", source_file=name)], []), problems_frame([]), tmp_path)
    row, _ = place_of(book["汇总"], name)
    assert book["汇总"].row_dimensions[row].height >= 3 * 15


def test_problems_gravest_first(book: openpyxl.Workbook) -> None:
    assert [line["性质"] for line in rows(book["问题"])] == ["未读取", "请核实", "提示"]


@pytest.mark.parametrize(("name", "columns"), [("设备", 5), ("依据", 4), ("问题", 2)])
def test_long_sheets_filter_freeze_and_print(book: openpyxl.Workbook, name: str, columns: int) -> None:
    sheet = book[name]
    assert sheet.auto_filter.ref.startswith("A2:")
    assert sheet.freeze_panes == f"{chr(65 + columns)}3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.oddFooter.center.text.endswith("第 &P 页 共 &N 页")
    assert sheet.print_area


def test_verdict_colours_are_rules(book: openpyxl.Workbook) -> None:
    shown = {
        rule.formula[0]: rule.dxf.fill.bgColor.rgb
        for area in book["设备"].conditional_formatting
        for rule in area.rules
    }
    assert shown['"必须淘汰"'] == "FFFAE9E6"
    assert set(shown) == {f'"{item.zh}"' for item in labels("verdict").values()}


def test_overview_sums_are_weighted_and_leave_out_the_dismantled(book: openpyxl.Workbook) -> None:
    sheet = book["汇总"]
    top, _ = place_of(sheet, "必须淘汰")
    assert [cell.value for cell in sheet[top]][1:6] == [1, 2, 2 / 8, 150, 0]
    bottom, _ = place_of(sheet, "合计")
    assert [cell.value for cell in sheet[bottom]][:6] == ["合计", 5, 8, 1, 485, 1000]
    sentence = next(text for text in texts(sheet) if text.startswith("共读取"))
    assert "共读取1个台账文件，5行、8台设备：必须淘汰2台（150 kW）" in sentence
    assert "另有已拆除设备4台" in sentence


def test_overview_names_documents_with_unsure_numbers(book: openpyxl.Workbook) -> None:
    found = texts(book["汇总"])
    assert "工业和信息化部公告2014年第16号（文号待核）" in found
    assert "出厂年份（1）；空载损耗（1）" in found


def test_overview_lists_refused_workbooks_too(book: openpyxl.Workbook) -> None:
    row, _ = place_of(book["汇总"], "bad.xlsx")
    assert book["汇总"].cell(row, 4).value == "（未能读取，见“问题”）"
    assert [cell.value for cell in book["汇总"][row]][5:11] == [0] * 6
    assert book["汇总"].cell(row, 13).value == 1


def test_overview_has_a_native_chart(book: openpyxl.Workbook) -> None:
    assert len(book["汇总"]._charts) == 1


def test_notes_name_day_hashes_documents_and_gaps(book: openpyxl.Workbook) -> None:
    found = texts(book["说明"])
    assert "ab" * 32 in found
    assert "12" * 32 in found
    assert any(text.startswith("2026-11-23") for text in found)
    assert "第7项型号模糊" in found
    assert "GB 20052-2020的限值表未收录" in found
    assert "2014-03-06 至 现行" in found


def test_no_devices_gives_a_sane_report(tmp_path: Path) -> None:
    book = opened(screening([], []), problems_frame([problem(None, "refused")]), tmp_path)
    assert rows(book["设备"]) == []
    assert any("没有可判定的设备" in text for text in texts(book["汇总"]))
    assert len(rows(book["问题"])) == 1


def test_same_input_gives_the_same_file(tmp_path: Path) -> None:
    made, problems = small()
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_report(made, problems, run(), first)
    write_report(made, problems, run(), second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0", "http://x.cn", "001"])
def test_texts_stay_texts(tmp_path: Path, text: str) -> None:
    made = screening([device(1, "keep", name=text, model=text)], [finding(1, "undecided", reason_zh=text)])
    book = opened(made, problems_frame([problem(1, "question", raw=text)]), tmp_path)
    places = [(book["设备"], "设备名称"), (book["依据"], "理由"), (book["问题"], "原始内容")]
    for sheet, header in places:
        column = next(cell.column for cell in sheet[2] if cell.value == header)
        cell = sheet.cell(3, column)
        assert cell.data_type in {"s", "inlineStr"}
        assert cell.value == text
        assert cell.hyperlink is None


def test_text_columns_carry_the_text_format_so_editing_cannot_make_a_formula(book: openpyxl.Workbook) -> None:
    sheet = book["设备"]
    column = next(cell.column for cell in sheet[2] if cell.value == "规格型号")
    assert sheet.cell(3, column).number_format == "@"


def test_markup_and_control_characters_survive_or_go(tmp_path: Path) -> None:
    made = screening([device(1, "keep", name='a<b>&"c"\x07 _x0041_ 𠀀')], [])
    book = opened(made, problems_frame([]), tmp_path)
    assert unescape(str(rows(book["设备"])[0]["设备名称"])) == 'a<b>&"c" _x0041_ 𠀀'


def test_huge_text_is_cut_with_a_note(tmp_path: Path) -> None:
    made = screening([device(1, "keep")], [finding(1, "undecided", reason_zh="长" * 40_000)])
    book = opened(made, problems_frame([]), tmp_path)
    text = str(rows(book["依据"])[0]["理由"])
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.endswith(CUT_NOTE)


def test_too_many_rows_go_on_in_another_sheet_and_then_say_so(tmp_path: Path) -> None:
    made = screening([device(number, "keep") for number in range(1, 36)], [])
    book = opened(made, problems_frame([]), tmp_path, max_rows=12)
    names = [name for name in book.sheetnames if name.startswith("设备")]
    assert names == ["设备", "设备(2)", "设备(3)"]
    assert sum(len(rows(book[name])) for name in names) == 30
    assert any("全部内容见同一文件夹的devices.parquet" in text for text in texts(book["说明"]))


def test_optional_columns_only_when_some_line_has_them(tmp_path: Path) -> None:
    made = screening([device(1, "keep", code="E-1")], [])
    head = [cell.value for cell in opened(made, problems_frame([]), tmp_path)["设备"][2]]
    assert "设备编号" in head
    assert "企业名称" not in head
    assert "额定容量(kVA)" not in head


def test_a_device_whose_renewal_is_due_is_told_to_what(tmp_path: Path) -> None:
    made = screening([device(1, "should_replace"), device(2, "keep")], [])
    advice = pl.DataFrame(
        {
            "device_id": made.devices["device_id"],
            "direction_zh": "能效二级以上电机",
            "clause": "第 8 项",
            "due": [True, False],
        }
    )
    write_report(made, problems_frame([]), run(), tmp_path / "report.xlsx", advice=advice)
    shown = [row["更新方向"] for row in rows(openpyxl.load_workbook(tmp_path / "report.xlsx")["设备"])]
    assert shown == ["能效二级以上电机（第 8 项）", None]


VERDICTS = st.sampled_from([*labels("verdict"), "keep"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            VERDICTS, st.none() | st.integers(1, 99), st.none() | st.floats(0, 1e4), st.sampled_from(["在用", "已拆除"])
        ),
        max_size=12,
    )
)
def test_sums_by_verdict_add_up(lines: list[tuple[str, int | None, float | None, str]]) -> None:
    frame = devices_frame(
        [
            device(place, verdict, quantity=count, power_kw=power, use_state=state)
            for place, (verdict, count, power, state) in enumerate(lines)
        ]
    )
    counted = summary.counted(frame)
    total = summary.total(counted)
    table = summary.by_verdict(counted)
    assert table["quantity"].sum() == total["quantity"]
    assert table["lines"].sum() == total["lines"] == sum(state == "在用" for *_, state in lines)
    assert table["power"].sum() == pytest.approx(total["power"])
    kinds = summary.verdicts_by(counted, "kind")
    assert sum(kinds[verdict].sum() for verdict in labels("verdict")) == total["quantity"]


def test_quantity_scales_sums_only() -> None:
    one = summary.counted(devices_frame([device(1, "keep", quantity=1)]))
    ten = summary.counted(devices_frame([device(1, "keep", quantity=10)]))
    assert summary.total(ten)["power"] == 10 * summary.total(one)["power"]
    assert summary.total(ten)["lines"] == summary.total(one)["lines"]
