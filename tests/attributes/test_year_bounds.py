"""A year outside the bounds of its column is refused as a number is, in a form and in a file alike."""

from __future__ import annotations

import pytest
from tests.attributes.tables import GOOD, book, green

from jigai.ledger import read_table
from jigai.ledger.single import read_one

HEAD = ["统一社会信用代码", "企业名称", "级别", "认定年份"]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("1999", None, "out_of_range"),
        ("1999年12月", None, "out_of_range"),
        ("98年", None, "out_of_range"),
        ("36160", None, "out_of_range"),
        ("2000", 2000, ""),
        ("2000年", 2000, ""),
        ("2100", 2100, ""),
        ("2101", None, "out_of_range"),
        ("去年", None, "not_a_year"),
        ("2001-2003", None, "year_range"),
    ],
)
def test_a_typed_year_keeps_to_the_column(tmp_path, text, value, code):
    one = read_one(text, green(tmp_path).attribute("year"))
    assert (one.value, one.code) == (value, code)
    if code == "out_of_range":
        assert "2000" in one.zh
        assert "2000" in one.en


def test_a_year_in_a_file_is_told_with_its_cell_and_bounds(tmp_path):
    data = book([HEAD, [GOOD, "甲", "国家级", 1999], [GOOD, "甲", "省级", 2024]])
    found = read_table(data, green(tmp_path), source_file="名单.xlsx")
    assert found.rows["year"].to_list() == [None, 2024]
    (told,) = found.problems.filter(found.problems["code"] == "out_of_range").to_dicts()
    assert (told["column"], told["row"]) == ("D", 2)
    assert "2000" in told["message_zh"]
    assert "认定年份" in told["message_zh"]
