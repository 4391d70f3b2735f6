"""Pinyin initials of names."""

from __future__ import annotations

import pytest

from jigai.platform.enterprises.naming import initials


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
