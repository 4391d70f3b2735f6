"""Any workbook becomes rows of any subject; what cannot be used is named with sheet, row and column."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attributes.tables import GOOD, OTHER, book, green

from jigai.ledger import Mapping, read_table
from jigai.ledger.cells import parse
from jigai.ledger.choices import parse_codes
from jigai.ledger.corrections import is_reference
from jigai.ledger.dates import parse_dates
from jigai.reports.template import write_subject_template
from jigai.reports.template.subject import write_rows

HEAD = ["序号", "企业名称", "统一社会信用代码", "级别", "认定年份", "有效期至", "年产能(吨)", "备注"]


@pytest.fixture
def table(tmp_path):
    return green(tmp_path)


def said(reading, code):
    return reading.problems.filter(pl.col("code") == code).select("sheet", "row", "column", "raw").rows()


def test_a_messy_list_becomes_rows(table):
    reading = read_table(
        book(
            [
                ["2025年绿色工厂名单"],
                ["填报单位：市经济和信息化局"],
                HEAD,
                [1, "甲公司", f" {GOOD.lower()}", "国家", "2023年", "2026/3/1", "120000", "好"],
                [2, "乙公司", OTHER, "省级", "2023", 46082, "1.5万吨", ""],
                ["合计", "", "", "", "", "", 135000, ""],
                ["填表人：张三"],
            ]
        ),
        table,
        source_file="名单.xlsx",
    )
    assert not reading.refused
    rows = reading.rows.select("enterprise_name", "credit_code", "level", "year", "valid_to", "capacity", "held").rows()
    assert rows == [
        ("甲公司", GOOD, "national", 2023, date(2026, 3, 1), 12.0, ""),
        ("乙公司", OTHER, "provincial", 2023, date(2026, 3, 1), 1.5, ""),
    ]
    assert said(reading, "subtotal_skipped")[0][1] == 6
    assert said(reading, "date_serial") == [("名单", 5, "F", "46082")]
    assert reading.sheets[0].header_rows == (3,)
    assert [column.attribute for column in reading.sheets[0].columns][-1] is None, "备注 is kept aside"


def test_bad_cells_are_named_and_the_rest_of_the_row_is_kept(table):
    reading = read_table(
        book(
            [
                HEAD,
                [1, "甲公司", GOOD, "国家级", 2023, "二〇二六年十二月三十一日", "约百吨", ""],
                [2, "乙公司", OTHER[:-1] + "0", "省级", 2023, "2026-02-30", 10, ""],
                [3, "丙公司", "", "县级", 2023, "2026年5月", 10, ""],
                [4, "丁公司", GOOD, "国家级", 2024, "", 10, ""],
            ]
        ),
        table,
    )
    held = dict(reading.rows.select("row", "held").rows())
    assert held == {2: "", 3: "credit_code", 4: "credit_code;level", 5: "credit_code"}
    assert reading.rows.row(0, named=True)["valid_to"] == date(2026, 12, 31)
    assert reading.rows.row(0, named=True)["capacity"] is None
    assert said(reading, "not_a_number") == [("名单", 2, "G", "约百吨")]
    assert said(reading, "credit_code_wrong")[0][:3] == ("名单", 3, "C")
    assert said(reading, "not_a_date") == [("名单", 3, "F", "2026-02-30")]
    assert said(reading, "date_partial") == [("名单", 4, "F", "2026年5月")]
    assert said(reading, "not_a_choice") == [("名单", 4, "D", "县级")]
    assert said(reading, "key_repeated") == [("名单", 5, "C", "")]
    text = reading.problems.filter(pl.col("code") == "not_a_choice")["message_zh"][0]
    assert "国家级、省级、市级" in text


def test_a_required_column_that_is_missing_holds_all_rows(table):
    reading = read_table(book([HEAD[:3], [1, "甲公司", GOOD]]), table)
    assert reading.rows["held"].to_list() == ["level;year"]
    assert len(said(reading, "required_missing")) == 2


def test_a_mapping_settles_headers_of_ones_own(table):
    cells = book([["厂名", "代码", "档次", "何年"], ["甲公司", GOOD, "国家级", 2023]])
    assert read_table(cells, table).refused
    mapping = Mapping(columns={"厂名": "enterprise_name", "代码": "credit_code", "档次": "level", "何年": "year"})
    reading = read_table(cells, table, mapping=mapping)
    assert reading.rows.select("enterprise_name", "level", "year", "held").rows() == [("甲公司", "national", 2023, "")]
    assert all(column.given for column in reading.sheets[0].columns)


def test_cells_put_right_take_the_place_of_what_the_file_says(table):
    cells = book([HEAD, [1, "甲公司", GOOD, "国家级", "202X", "", "", ""]])
    assert read_table(cells, table).rows["held"].to_list() == ["year"]
    reading = read_table(cells, table, corrections={"名单": {"E2": "2023", "Z99": "1", "nonsense": "1"}})
    assert reading.rows["held"].to_list() == [""]
    assert reading.rows["year"].to_list() == [2023]
    assert said(reading, "corrected") == [("名单", 2, "E", "2023")]
    assert is_reference("AB12")
    assert not is_reference("12AB")


def test_merged_cells_and_ditto_are_filled_down(table):
    reading = read_table(
        book(
            [
                HEAD,
                [1, "甲公司", GOOD, None, 2023, None, None, None],
                [2, "乙公司", OTHER, None, "同上", None, None, None],
            ],
            merges=((1, 3, 2, 3, "国家级"),),
        ),
        table,
    )
    assert reading.rows.select("level", "year").rows() == [("national", 2023)] * 2
    assert "year=E2" in reading.rows["inherited"][1]


def test_a_form_with_labels_beside_values_is_read(table):
    reading = read_table(
        book([["绿色工厂申报表"], ["企业名称", "甲公司", "统一社会信用代码", GOOD], ["级别", "市", "认定年份", 2025]]),
        table,
    )
    assert reading.sheets[0].card
    assert reading.rows.select("enterprise_name", "level", "year", "held").rows() == [("甲公司", "city", 2025, "")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.xlsx", b"PK\x03\x04 broken", "truncated"),
        ("a.pdf", b"%PDF-1.7 ...", "pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "picture"),
        ("a.csv", "什么,都,没有\n1,2,3\n".encode(), "no_table"),
        ("a.csv", "企业名称,信用代码,级别,认定年份\n".encode(), "no_records"),
    ],
)
def test_hostile_or_empty_files_are_refused_in_plain_words(table, name, content, code):
    reading = read_table(content, table, source_file=name)
    assert reading.refused
    assert reading.rows.is_empty()
    assert reading.problems["code"][0] == code
    assert reading.problems["message_zh"][0]


def test_an_empty_workbook_and_a_csv_in_gbk(table):
    assert read_table(book([[]]), table).problems["code"][0] == "no_table"
    text = f"企业名称,信用代码,级别,认定年份\n甲公司,{GOOD},国家级,2023\n"
    reading = read_table(text.encode("gb18030"), table, source_file="名单.csv")
    assert reading.rows["enterprise_name"].to_list() == ["甲公司"]


def test_the_template_is_read_back_and_so_is_an_export(table, tmp_path):
    target = io.BytesIO()
    write_subject_template(table, target, ["每户一行。"])
    assert read_table(target.getvalue(), table).problems["code"][0] == "no_records"
    rows = [
        {"credit_code": GOOD, "enterprise_name": "甲", "level": "city", "year": 2024, "valid_to": date(2027, 1, 1),
         "capacity": 1234.5, "staff": 1200, "digital": True},
        {"credit_code": OTHER, "enterprise_name": "=1+1", "level": "national", "year": 2020, "digital": False},
    ]  # fmt: skip
    path = Path(tmp_path) / "export.xlsx"
    assert write_rows(table, rows, path, about=[("数据截至", "2026-11-23")]) == 2
    reading = read_table(path, table)
    assert reading.rows["held"].to_list() == ["", ""]
    first = reading.rows.row(0, named=True)
    assert {name: first[name] for name in rows[0]} == rows[0]
    assert reading.rows["enterprise_name"].to_list() == ["甲", "=1+1"]


def test_a_card_of_a_repeated_key_is_held(table):
    rows = [HEAD, *[[place, "甲公司", GOOD, "国家级", 2023, "", "", ""] for place in range(3)]]
    reading = read_table(book(rows), table)
    assert reading.rows["held"].to_list() == ["", "credit_code", "credit_code"]


FORMS = (
    "{y}-{m}-{d}",
    "{y}/{m:02}/{d:02}",
    "{y}.{m}.{d}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    " {y} 年 {m} 月 {d} 日 ",
    "{y}-{m:02}-{d:02} 00:00:00",
)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(FORMS))
def test_every_day_is_read_however_it_is_written(day, form):
    text = form.format(y=day.year, m=day.month, d=day.day)
    assert parse_dates(pl.Series([text])).rows() == [(day, None)]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=5))
def test_no_text_upsets_the_parsers(texts):
    raw = pl.Series("raw", texts, dtype=pl.String)
    for found in (parse_dates(raw), parse_codes(raw)):
        assert found.height == len(texts)
        both = found.filter(pl.col("value").is_not_null() & pl.col("code").is_not_null())
        assert set(both["code"].to_list()) <= {"date_serial"}


@settings(deadline=None)
@given(st.text(max_size=20))
def test_a_choice_is_a_key_or_a_question(text):
    item = green_level()
    value, code = parse(pl.Series([text]), item).row(0)
    assert value in (None, *item.choices)
    assert value is None or code is None


def green_level():
    from jigai.attributes import Attribute, Choice

    answers = (Choice("national", "国家级", "national", ("国家",)), Choice("city", "市级", "city"))
    return Attribute("level", "choice", "", "级别", "level", choices=("national", "city"), answers=answers)
