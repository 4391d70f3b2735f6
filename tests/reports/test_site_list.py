"""The site list prints on A4 with a header on every page, and gives room to write."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest
import python_calamine

from jigai.reports.site_list import Line, SiteList, write_site_list

FACTS = SiteList(
    title="设备现场核对表",
    enterprise="东风轧钢有限公司",
    site="主厂区",
    as_of=date(2026, 11, 25),
    run="筛查",
    city="示范市",
    at=datetime(2026, 11, 25, 9),
    sample=True,
)
LOOK = "铭牌型号属 JO3、JO2 系列 → 淘汰；铭牌为其他型号 → 不属本条"


def line(number, **more):
    given = dict.fromkeys(("workshop", "location", "device", "code", "ledger", "known", "asks", "found"), f"值{number}")
    return Line(**{**given, "number": number, "why": "必须淘汰，待确认", "tone": "stop", "look": LOOK, **more})


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "list.xlsx"
    write_site_list(path, FACTS, [line(1, device="=1+1"), line(2)])
    return path


def test_every_device_is_a_row_with_empty_cells_for_the_reading(book):
    rows = python_calamine.load_workbook(str(book)).get_sheet_by_name("现场核对表").to_python()
    assert rows[0][0] == "东风轧钢有限公司　设备现场核对表"
    assert "按 2026-11-25 有效的目录和标准" in rows[1][0]
    head = rows[2]
    assert head[8:11] == ["铭牌应显示什么", "铭牌型号（现场填）", "读数（现场填）"]
    assert [row[0] for row in rows[3:5]] == [1, 2]
    assert rows[3][3] == "=1+1"  # a text, not a sum
    assert LOOK in rows[3][8]
    assert rows[3][9:11] == ["", ""]
    assert rows[3][11] == "值1"
    assert "签字" in rows[5][0]


def test_it_prints_across_with_the_header_on_every_page(book):
    with zipfile.ZipFile(book) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        names = package.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "<autoFilter" in sheet
    assert 'state="frozen"' in sheet
    assert "$3:$3" in names  # print titles


def test_a_sheet_says_how_to_fill_it_in_and_that_a_sample_is_one(book):
    rows = python_calamine.load_workbook(str(book)).get_sheet_by_name("说明").to_python()
    said = " ".join(str(cell) for row in rows for cell in row)
    assert "看不清" in said
    assert "均为虚构" in said
