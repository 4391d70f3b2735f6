"""Every case of texts.yaml, in a remark and in a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger import books

from jigai.ledger import read_ledger
from jigai.ledger.columns import attribute_dtypes
from jigai.ledger.remarks import SOURCES, patterns

CASES = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def taken(device: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a line that were read out of its texts."""
    fields = [name for name in device["text_fields"].split(";") if name]
    return {name: device[name] for name in fields}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_remark(case: list[Any]) -> None:
    text, expected = case
    ledger = read_ledger(books.xlsx([["设备名称", "规格型号", "备注"], ["设备", "甲", text]]))
    device = books.line(ledger, 2)
    assert taken(device) == expected
    assert device["remark"] == text
    for name in expected:
        assert f"{name}=C2" in device["cells"].split(";")
    assert books.codes(ledger).count("read_from_text") == len(expected)


@pytest.mark.parametrize("case", [case for case in CASES if case[1]], ids=lambda case: case[0])
def test_name(case: list[Any]) -> None:
    text, expected = case
    device = books.line(read_ledger(books.xlsx([["设备名称", "规格型号"], [text, "甲"]])), 2)
    assert taken(device) == expected
    assert device["name"] == text


def test_all_texts_at_once_read_as_each_alone() -> None:
    rows = [["设备名称", "规格型号", "备注"], *[["设备", "甲", text] for text, _ in CASES]]
    ledger = read_ledger(books.xlsx(rows))
    assert [taken(device) for device in ledger.devices.to_dicts()] == [expected for _, expected in CASES]


def test_patterns_name_attributes_that_exist() -> None:
    assert set(patterns()) <= set(attribute_dtypes())
    assert set(SOURCES) <= set(attribute_dtypes())


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30))
def test_no_remark_raises_or_touches_the_cells(text: str) -> None:
    rows = [["设备名称", "规格型号", "功率(kW)", "备注"], ["泵", "IS80", 7.5, f"注{text}"]]
    device = books.line(read_ledger(books.xlsx(rows)), 2)
    assert (device["name"], device["model"], device["power_kw"]) == ("泵", "IS80", 7.5)
