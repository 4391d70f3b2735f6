"""A form reads what is typed as a column of a workbook is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attributes.tables import GOOD, green

from jigai.ledger.problems import wordings
from jigai.ledger.single import read_one


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("level", "国家", "national"),
        ("level", " 国家级 ", "national"),
        ("level", "", None),
        ("level", "不详", None),
        ("year", "2023年", 2023),
        ("valid_to", "2026.5.1", date(2026, 5, 1)),
        ("valid_to", "46143", date(2026, 5, 1)),
        ("capacity", "12,000 吨", 1.2),
        ("staff", "三十", None),
        ("staff", "30人", 30),
        ("digital", "是", True),
        ("digital", "无", False),
        ("credit_code", GOOD.lower(), GOOD),
        ("enterprise_name", "  甲  公司 ", "甲 公司"),
    ],
)
def test_a_typed_text_has_its_value(tmp_path, name, text, value):
    assert read_one(text, green(tmp_path).attribute(name)).value == value


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("level", "县级", "国家级、省级、市级"),
        ("year", "去年", "四位年份"),
        ("valid_to", "2026-02-30", "年-月-日"),
        ("capacity", "-5", "0 至 100000 万吨"),
        ("capacity", "100kW", "万吨"),
        ("credit_code", GOOD[:-1], "18 位"),
    ],
)
def test_what_cannot_be_used_is_said_with_the_remedy(tmp_path, name, text, word):
    one = read_one(text, green(tmp_path).attribute(name))
    assert one.value is None
    assert word in one.zh
    assert one.en


@settings(deadline=None)
@given(
    st.text(max_size=20), st.sampled_from(["level", "year", "valid_to", "capacity", "staff", "digital", "credit_code"])
)
def test_no_text_upsets_a_form(tmp_path_factory, text, name):
    one = read_one(text, green(tmp_path_factory.mktemp("x")).attribute(name))
    assert one.code in {"", *wordings()}
    assert not (one.code and one.value is not None)
