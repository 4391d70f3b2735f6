"""Templates and exports of any subject: what a person sees in Excel is what the columns say."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from tests.attributes.tables import COLUMNS, GOOD, folder, green

from jigai.attributes import read_folder
from jigai.ledger import read_table
from jigai.reports.template import write_subject_template
from jigai.reports.template.subject import ABOUT_SHEET, NOTES_SHEET, definition, sheet_name, write_rows


@pytest.fixture
def table(tmp_path):
    return green(tmp_path)


def opened(write):
    target = io.BytesIO()
    write(target)
    return openpyxl.load_workbook(io.BytesIO(target.getvalue()))


def test_the_sheet_to_fill_in_has_a_header_with_duty_and_unit(table):
    book = opened(lambda target: write_subject_template(table, target))
    assert book.sheetnames == ["绿色工厂", NOTES_SHEET]
    sheet = book["绿色工厂"]
    heads = [cell.value for cell in sheet[3]]
    assert heads == [
        "统一社会信用代码*",
        "企业名称*",
        "级别*",
        "认定年份*",
        "有效期至",
        "产能(万吨)",
        "职工人数",
        "是否已联网",
    ]
    assert sheet.freeze_panes == "C4"
    assert "国家级、省级、市级" in sheet["C3"].comment.text
    assert "单位万吨" in sheet["F3"].comment.text


def test_what_is_typed_is_checked_by_excel(table):
    sheet = opened(lambda target: write_subject_template(table, target))["绿色工厂"]
    rules = {str(rule.sqref).split(":")[0][0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["C"].formula1 == '"国家级,省级,市级"'
    assert rules["H"].formula1 == '"是,否"'
    assert (rules["D"].type, float(rules["D"].formula1), float(rules["D"].formula2)) == ("whole", 2000, 2100)
    assert (rules["F"].type, float(rules["F"].formula2)) == ("decimal", 100000)
    assert rules["E"].type == "date"
    assert (rules["G"].type, rules["G"].operator, float(rules["G"].formula1)) == ("whole", "greaterThanOrEqual", 1)
    assert "A" not in rules, "a text is free"
    assert str(rules["C"].sqref) == "C4:C2003"


def test_a_list_of_choices_too_long_for_excel_is_left_free(tmp_path):
    words = "|".join(f"choice_{number}" for number in range(40))
    names = "\n".join(f"level,choice_{number},很长很长的选项名称{number},c," for number in range(40))
    place = folder(
        tmp_path,
        COLUMNS.replace("national|provincial|city", words),
        f"attribute,choice,zh,en,aliases\n{names}\n",
    )
    table = read_folder(place, "x", "绿色工厂", "x")
    sheet = opened(lambda target: write_subject_template(table, target))["绿色工厂"]
    assert "C" not in {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation}


def test_the_notes_explain_every_column_and_what_the_key_does(table):
    book = opened(lambda target: write_subject_template(table, target, ["每户每级一行。"]))
    texts = [str(cell.value) for row in book[NOTES_SHEET].iter_rows() for cell in row if cell.value]
    assert "每户每级一行。" in texts
    assert any("“统一社会信用代码、级别”都相同的视为同一条" in text for text in texts)
    for item in table.asked:
        assert any(item.zh in text for text in texts), item.name
    assert texts.count("必填") == 1 + sum(item.required for item in table)


def test_the_file_knows_what_it_is_for(table):
    target = io.BytesIO()
    write_subject_template(table, target)
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    assert book.custom_doc_props["jigai_subject"].value == "green"


def test_equal_tables_give_equal_files(table):
    first, second = io.BytesIO(), io.BytesIO()
    write_subject_template(table, first)
    write_subject_template(table, second)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("level", "从下拉框中选：国家级、省级、市级。"),
        ("year", "四位年份"),
        ("valid_to", "2026-05-01"),
        ("capacity", "0至100000之间的数字，单位万吨"),
        ("staff", "不小于1的整数"),
        ("digital", "是、否"),
        ("enterprise_name", "照实填写"),
    ],
)
def test_a_definition_says_what_may_be_written(table, name, words):
    assert words in definition(table.attribute(name))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("绿色工厂", "绿色工厂"), ("5G/千兆", "5G_千兆"), ("a" * 40, "a" * 31), ("", "表"), ("[x]:*?\\", "_x_____")],
)
def test_names_of_sheets_are_made_fit_for_excel(name, shown):
    assert sheet_name(name) == shown


def test_an_export_shows_words_numbers_and_what_it_is(table):
    rows = [
        {"credit_code": GOOD, "enterprise_name": "甲", "level": "city", "year": 2024, "capacity": 1.5, "digital": True},
        {"credit_code": "@x", "enterprise_name": "=HYPERLINK(1)", "level": "gone", "valid_to": date(2026, 1, 2)},
    ]
    book = opened(lambda target: write_rows(table, rows, target, about=[("数据截至", "2026-11-23"), ("级别", "全部")]))
    assert book.sheetnames == ["绿色工厂", ABOUT_SHEET]
    sheet = book["绿色工厂"]
    assert [cell.value for cell in sheet[4]] == [GOOD, "甲", "市级", 2024, None, 1.5, None, "是"]
    assert sheet["B5"].value == "=HYPERLINK(1)"
    assert sheet["B5"].data_type == "s", "a text is never a formula"
    assert sheet["C5"].value == "gone", "a choice that is no more is shown as it was kept"
    assert sheet["E5"].value == "2026-01-02"
    assert sheet.auto_filter.ref == "A3:H5"
    about = [[cell.value for cell in row[:2]] for row in book[ABOUT_SHEET].iter_rows(min_row=2)]
    assert about == [["数据截至", "2026-11-23"], ["级别", "全部"], ["条数", "2"]]


def test_an_export_without_rows_is_a_table_too(table):
    target = io.BytesIO()
    assert write_rows(table, [], target) == 0
    assert read_table(target.getvalue(), table).problems["code"][0] == "no_records"
