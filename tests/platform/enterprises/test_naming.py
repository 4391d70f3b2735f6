"""Pinyin initials and the check digit of the credit code."""

from __future__ import annotations

import pytest

from jigai.attributes.credit_code import check_sign as check_digit
from jigai.platform.enterprises.naming import credit_code, initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("攀钢集团", "pgjt"),
        ("重庆（攀枝花）3号厂", "cqpzh3hc"),
        ("ABB变压器", "abbbyq"),
        ("", ""),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_the_check_digit_of_a_published_code():
    # 国家标准 GB 32100-2015 附录中的算法，取公开企业信用代码验证
    assert check_digit("91350100M000100Y4"[:17]) == "3"


def test_a_code_is_read_as_people_write_it():
    assert credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"
    assert credit_code("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"
    assert credit_code("9135 0100 M000 100Y 43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9135", "18 位，现为 4 位"),
        ("91350100M000100Y44", "校验位不对"),
        ("91350100M000100I43", "不含“I”"),
        ("", "现为 0 位"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=said):
        credit_code(text)
