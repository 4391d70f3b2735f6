"""Conditions and values in words: every operator, both languages, every kind of value."""

from __future__ import annotations

import polars as pl
import pytest

from jigai.ledger.columns import attribute_dtypes
from jigai.reference.condition import parse
from jigai.screening.lists.wording import condition_in_words, fact, facts, word


def condition(text: str):
    return parse(text, attribute_dtypes())


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("capacity_kva <= 1600", "额定容量不超过 1600 kVA", "rated capacity ≤ 1600 kVA"),
        ("capacity_kva < 25000", "额定容量小于 25000 kVA", "rated capacity < 25000 kVA"),
        ("capacity_kva >= 30", "额定容量不低于 30 kVA", "rated capacity ≥ 30 kVA"),
        ("volume_m3 > 400", "容积大于 400 m³", "volume > 400 m³"),
        ("voltage_kv = 6", "额定电压为 6 kV", "rated voltage = 6 kV"),
        ("voltage_kv in 0.38|0.66", "额定电压为 0.38、0.66 kV", "rated voltage = 0.38 / 0.66 kV"),
        ("voltage_kv != 6", "额定电压不为 6 kV", "rated voltage ≠ 6 kV"),
        ("made_year <= 2003", "出厂年份在 2003 年及以前", "year made ≤ 2003"),
        ("made_year > 2005", "出厂年份在 2005 年以后", "year made > 2005"),
        ("built_year > 1997", "出厂（投用）年份在 1997 年以后", "year made or put into service > 1997"),
        ("fuel = coal", "燃料为煤", "fuel = coal"),
        ("upgraded_after_2000 = false", "2000年后改进升级为否", None),
        ("workplace = 井工煤矿", "使用场所为井工煤矿", "workplace = underground coal mine"),
    ],
)
def test_a_test_reads_as_an_inspector_would_say_it(text, zh, en):
    assert condition_in_words(condition(text), "zh") == zh
    if en:
        assert condition_in_words(condition(text), "en") == en


def test_several_tests_are_joined():
    both = condition("capacity_kva >= 30; capacity_kva <= 1600")
    assert condition_in_words(both, "zh") == "额定容量不低于 30 kVA，额定容量不超过 1600 kVA"
    assert condition_in_words(both, "en") == "rated capacity ≥ 30 kVA, rated capacity ≤ 1600 kVA"


def test_no_condition_is_no_words():
    assert condition_in_words(condition(""), "zh") == ""


FRAME = pl.DataFrame(
    {
        "capacity_kva": [1000.0, None, 12.5],
        "made_year": [1996, None, 2001],
        "in_service_year": [1997, 2005, None],
        "fuel": ["coal", None, "gas"],
        "sealed": [True, False, None],
        "nameplate_fields": [";capacity_kva;", None, ";"],
        "inferred_fields": [";", None, ";capacity_kva;"],
    },
    schema_overrides={"made_year": pl.Int32, "in_service_year": pl.Int32},
)


@pytest.mark.parametrize(
    ("name", "language", "wanted"),
    [
        ("capacity_kva", "zh", ["额定容量 1000 kVA（铭牌型号）", None, "额定容量 12.5 kVA（推断）"]),
        (
            "capacity_kva",
            "en",
            ["rated capacity 1000 kVA (model designation)", None, "rated capacity 12.5 kVA (inferred)"],
        ),
        ("made_year", "zh", ["出厂年份 1996（台账）", None, "出厂年份 2001（台账）"]),
        ("fuel", "zh", ["燃料 煤（台账）", None, "燃料 燃气（台账）"]),
        ("sealed", "zh", ["全密封 是（台账）", "全密封 否（台账）", None]),
    ],
)
def test_a_value_is_shown_with_unit_and_origin(name, language, wanted):
    assert FRAME.select(fact(name, FRAME.schema[name], language)).to_series().to_list() == wanted


def test_facts_tell_only_what_is_known():
    told = FRAME.select(facts(condition("built_year <= 1997; capacity_kva = 1000"), FRAME, "zh")).to_series().to_list()
    assert told[0] == "出厂年份 1996（台账）、投用年份 1997（台账）、额定容量 1000 kVA（铭牌型号）"
    assert told[1] == "投用年份 2005（台账）"
    assert told[2] == "出厂年份 2001（台账）、额定容量 12.5 kVA（推断）"


def test_nothing_tested_is_nothing_told():
    assert FRAME.select(facts(condition(""), FRAME, "zh")).to_series().to_list()[0] == ""


@pytest.mark.parametrize(("value", "zh"), [(True, "是"), (False, "否"), ("coal", "煤"), ("别的", "别的"), (4.0, "4")])
def test_words_of_closed_lists_and_others_as_they_are(value, zh):
    assert word("fuel", value, "zh") == zh
