"""What was typed for a figure: read as people write it, refused with what to write."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jigai.platform.enterprises.attributes import attributes, feeds
from jigai.platform.enterprises.fact_values import read_value, shown


def read(name, typed):
    return read_value(attributes()[name], typed)


@pytest.mark.parametrize(
    ("name", "typed", "text", "number"),
    [
        ("electricity", "12,000.50", "12000.5", "12000.5"),
        ("electricity", "１２０００", "12000", "12000"),
        ("electricity", "12000 万千瓦时", "12000", "12000"),
        ("coal", "0", "0", "0"),
        ("employees", "640人", "640", "640"),
        ("rd_tools_used", "有", "是", "1"),
        ("rd_tools_used", "N", "否", "0"),
        ("digital_level", "二级", "二级", None),
        ("rd_tools", "CAE、CAD", "CAD;CAE", None),
        ("main_product", "  热轧带肋钢筋 ", "热轧带肋钢筋", None),
    ],
)
def test_read_as_people_write(name, typed, text, number):
    value = read(name, typed)
    assert value.text == text
    assert value.number == (Decimal(number) if number else None)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("electricity", "约一万", "只填数字，单位为万千瓦时"),
        ("electricity", "", "确实没有的填 0"),
        ("electricity", "-5", "不能小于 0"),
        ("electricity", "99999999999", "核对单位"),
        ("electricity", "NaN", "只填数字"),
        ("electricity", "1e9", "核对单位"),
        ("employees", "12.5", "只填整数"),
        ("rd_tools_used", "也许", "填“是”或“否”"),
        ("digital_level", "五级", "一级、二级"),
        ("rd_tools", "CAD;画图", "没有“画图”"),
        ("main_product", "长" * 201, "最多 200 字"),
    ],
)
def test_refused_with_the_remedy(name, typed, said):
    with pytest.raises(ValueError, match=said):
        read(name, typed)


def test_shown_with_separators():
    assert shown(attributes()["electricity"], "1234567.5") == "1,234,567.5"
    assert shown(attributes()["electricity"], "") == "—"
    assert shown(attributes()["rd_tools"], "CAD;CAE") == "CAD、CAE"


def test_the_table_of_figures_is_sound():
    for one in attributes().values():
        assert one.definition and one.source and feeds(one), one.name
        assert one.extra["subject"] in ("legal_person", "site", "line"), one.name
        assert one.zh and one.en, one.name
        assert bool(one.choices) == (one.type == "choice"), one.name
        assert not (one.numeric and one.minimum is None), one.name
    aliases = [alias for one in attributes().values() for alias in (one.zh, *one.aliases)]
    assert len(aliases) == len(set(aliases)), "an alias must lead to one figure"
