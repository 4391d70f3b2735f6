"""Values as people read them, in both languages; a number shown can be typed again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attributes.tables import green

from jigai.attributes import Attribute, shown
from jigai.attributes.words import header
from jigai.ledger.single import read_one

NUMBER = Attribute("x", "number", "", "数", "number", minimum=-1e9)
WHOLE = Attribute("x", "integer", "", "数", "number", minimum=-1e9)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("level", "city", "市级", "city"),
        ("level", "gone", "gone", "gone"),
        ("level", "", "", ""),
        ("digital", True, "是", "yes"),
        ("digital", False, "否", "no"),
        ("digital", None, "", ""),
        ("year", 2024.0, "2024", "2024"),
        ("capacity", 0, "0", "0"),
        ("capacity", 12000.50, "12,000.5", "12,000.5"),
        ("capacity", 0.1 + 0.2, "0.3", "0.3"),
        ("staff", 12000, "12,000", "12,000"),
    ],
)
def test_a_value_is_told_in_both_languages(tmp_path, name, value, zh, en):
    item = green(tmp_path).attribute(name)
    assert (shown(item, value), shown(item, value, "en"), shown(item, value, "en-gb")) == (zh, en, en)


@settings(deadline=None, max_examples=60)
@given(st.integers(-(10**8), 10**8))
def test_a_whole_number_shown_is_read_back(value):
    assert read_one(shown(WHOLE, value), WHOLE).value == value


@settings(deadline=None, max_examples=60)
@given(st.decimals(-(10**5), 10**5, places=4))
def test_a_number_shown_is_read_back(value):
    assert read_one(shown(NUMBER, float(value)), NUMBER).value == pytest.approx(float(value))


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (Attribute("x", "number", "kW", "额定功率", "power"), "额定功率(kW)"),
        (Attribute("x", "number", "吨", "产能（吨）", "capacity"), "产能（吨）"),
        (Attribute("x", "year", "年", "年度", "year"), "年度"),
        (Attribute("x", "flag", "", "双吸", "double"), "是否双吸"),
        (Attribute("x", "flag", "", "是否双吸", "double"), "是否双吸"),
    ],
)
def test_a_header_says_the_unit_once_and_a_flag_is_a_question(item, text):
    assert header(item) == text
