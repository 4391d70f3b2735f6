"""The list an enterprise gets: what to do, where to write it, when to send it back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
from tests.reports.build import device, finding, problem, problems_frame, run, screening

from jigai.reports.returns.slip import MAX_LISTED, Slip, write_slip
from jigai.reports.tables import device_table


def written(lines: list[dict], found: list[dict], problems: list[dict], folder: Path, marked: str | None = "a.xlsx"):
    made = screening(lines, found)
    facts = run()
    table = device_table(made.devices, made.findings, facts.as_of, facts.kinds)
    path = folder / "a.清单.xlsx"
    write_slip(Slip("a.xlsx", table, problems_frame(problems), marked, facts), path)
    return openpyxl.load_workbook(path).active


def texts(sheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_it_explains_the_colours_where_to_write_and_when_to_return(tmp_path: Path) -> None:
    said = "\n".join(texts(written([device(5, "must_replace")], [finding(5, "eliminate")], [], tmp_path)))
    for words in ("红：必须淘汰", "蓝：空白待填", "台账没有这一栏的", "月　　日前报", "回　执", "盖章"):
        assert words in said


def test_yes_or_no_is_asked_as_a_question(tmp_path: Path) -> None:
    line = device(5, "needs_data", kind="pump", missing="double_suction;speed_rpm")
    found = [finding(5, "undecided", check="efficiency", missing="double_suction;speed_rpm")]
    assert "补填：是否双吸、额定转速" in texts(written([line], found, [], tmp_path))


def test_rows_are_as_high_as_their_words_need_and_fit_one_page_width(tmp_path: Path) -> None:
    reason = "《高耗能落后机电设备（产品）淘汰目录（第三批）》列有此型号，" * 6
    sheet = written([device(5, "must_replace")], [finding(5, "eliminate", reason_zh=reason)], [], tmp_path)
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == reason)
    assert 9 * 15 <= sheet.row_dimensions[row].height <= 409
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    widths = sum(sheet.column_dimensions[letter].width for letter in "ABCDEFG")
    assert widths <= 125, "wider pages shrink below what can be read on A4"


def test_a_question_stands_with_its_cell_and_room_to_answer(tmp_path: Path) -> None:
    sheet = written([device(7, "keep")], [], [problem(7, "question", column="F"), problem(8, "note")], tmp_path)
    said = texts(sheet)
    assert "请核实的单元格（1处）" in said
    assert "台账 F7" in said
    assert "请贵单位答复" in said


def test_a_refused_file_gets_the_step_to_take_and_no_colours(tmp_path: Path) -> None:
    refused = problem(None, "refused", message_zh="文件不完整，请重新索取。")
    said = texts(written([], [], [refused], tmp_path, marked=None))
    assert "文件不完整，请重新索取。" in said
    assert not any("红：" in text for text in said)


def test_long_lists_end_with_where_the_rest_is(tmp_path: Path) -> None:
    count = MAX_LISTED + 7
    lines = [device(number, "must_replace") for number in range(5, 5 + count)]
    found = [finding(number, "eliminate") for number in range(5, 5 + count)]
    assert "其余7行见标记副本。" in texts(written(lines, found, [], tmp_path))


def test_nothing_a_ledger_says_becomes_a_formula(tmp_path: Path) -> None:
    line = device(5, "must_replace", name='=HYPERLINK("http://x")', model="+cmd|' /C calc'!A0")
    sheet = written([line], [finding(5, "eliminate")], [problem(5, "question", raw="@SUM(1)")], tmp_path)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert pl.Series(texts(sheet)).str.starts_with("=HYPERLINK").any()
