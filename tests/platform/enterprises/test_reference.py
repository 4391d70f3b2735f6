"""Industry classes and products are found as people look for them."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.platform.enterprises import reference

DAY = date(2026, 11, 23)


def codes(words):
    return [one.code for one in reference.find_classes(words, DAY)]


def test_found_by_code_from_the_left():
    assert codes("3130") == ["3130"]
    assert codes("313")[0] == "3130"
    assert codes("3130 钢压延加工") == ["3130"]


def test_found_by_name_and_by_initials_best_first():
    assert codes("炼钢")[0] == "3120"
    assert "3130" in codes("钢压延")
    assert codes("gyyjg")[0] == "3130"
    assert codes("水泥制造")[0] == "3011"


def test_nothing_found_is_an_empty_list():
    assert codes("") == []
    assert codes("完全没有的行业") == []
    assert codes("9999") == []


def test_what_was_typed_is_settled():
    assert reference.settle_class("3130", DAY) == "3130"
    assert reference.settle_class("3130 钢压延加工", DAY) == "3130"
    assert reference.settle_class("炼钢", DAY) == "3120"
    with pytest.raises(ValueError, match="从列表中选一项"):
        reference.settle_class("钢", DAY)


def test_products_of_the_sector_benchmarks_carry_process_and_unit():
    found = reference.find_products("焦炭", DAY)
    assert {one.process for one in found} >= {"顶装焦炉", "捣固焦炉"}
    assert all(one.unit == "kgce/t" for one in found)
    assert reference.find_products("jt", DAY)
    assert reference.find_products("没有的产品", DAY) == []


def test_divisions_group_the_classes():
    assert reference.divisions(DAY)["31"].startswith("黑色金属冶炼")
    assert reference.class_name("3130", DAY) == "3130 钢压延加工"
    assert reference.class_name("0000", DAY) == "0000"
