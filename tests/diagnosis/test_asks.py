"""What is missing is asked in words a filler understands, by whom it is asked, and of which machines."""

from __future__ import annotations

import pytest
from tests.diagnosis.made import fact, finding, life, made, motor, run

from jigai.diagnosis import Questionnaire
from jigai.diagnosis.tables import keyed, table
from jigai.diagnosis.wording import ask

SHIPPED = Questionnaire.shipped()


@pytest.mark.parametrize(
    ("source", "key", "part", "zh", "as_source"),
    [
        ("asked", "ledger", "age", "交一份设备台账", "asked"),
        ("need", "load", "", "负载率或实测输入功率", "need"),
        ("fact", "machinery_net", "newness", "年度数据：机器设备净值（万元）", "fact"),
        ("fact", "rd_tools_used", "design_tools", "年度数据：是否应用数字化研发设计工具", "fact"),
        ("attribute", "made_year", "age", "台账补填：出厂年份", "attribute"),
        ("line", "unit_energy", "energy_level", "产线补填：单位产品能耗", "line"),
        ("figure", "SME24-08", "maturity", "问卷：网络建设", "answer"),
        ("figure", "SME24-34", "scenes", "问卷：场景：能耗管理", "answer"),
        ("item", "SE-11-1", "safety_equipment", "问卷：气体泄漏在线检测", "answer"),
        ("item", "SE-99", "safety_equipment", "SE-99", "item"),
    ],
)
def test_every_source_has_its_words(source: str, key: str, part: str, zh: str, as_source: str) -> None:
    said = ask(source, key, part, SHIPPED)
    assert said.zh.startswith(zh)
    assert said.en
    assert said.source == as_source


def test_all_words_of_the_tables_are_there() -> None:
    for name in ("asks.csv", "needs.csv"):
        for row in table(name):
            assert row["key"] and row["zh"] and row["en"], row
    assert {row["key"] for row in table("standings.csv")} == {"order", "confirm", "advise"}


def test_a_missing_attribute_names_its_machines() -> None:
    devices = [motor("x"), motor("y"), motor("z")]
    said = run(made(devices, [life("x", None), life("y", 3), life("z", None)])).of["a"]
    (one,) = said.part("over_age").asks
    assert (one.source, one.key, one.of) == ("attribute", "made_year", ("x", "z"))


def test_several_missing_attributes_are_asked_one_by_one() -> None:
    findings = [finding("x", "efficiency", "undecided", missing="efficiency_pct;speed_rpm")]
    said = run(made([motor("x")], findings)).of["a"]
    assert [one.key for one in said.part("grade_2_machines").asks] == ["efficiency_pct", "speed_rpm"]


def test_an_edition_that_is_not_held_is_not_asked_of_the_enterprise() -> None:
    findings = [finding("x", "efficiency", "undecided", missing="GB 20052-2020")]
    said = run(made([motor("x")], findings)).of["a"]
    (one,) = said.part("grade_2_machines").asks
    assert (one.source, one.key) == ("asked", "reference")


def test_a_check_that_says_nothing_of_what_it_lacks_sends_someone_to_look() -> None:
    said = run(made([motor("x")], [finding("x", "efficiency", "undecided")])).of["a"]
    assert [one.key for one in said.part("grade_2_machines").asks] == ["plate"]


def test_power_is_asked_where_it_is_what_lacks() -> None:
    said = run(made([motor("x", power_kw=None)], [finding("x", "efficiency", "grade_2")])).of["a"]
    assert [one.key for one in said.part("grade_2_power").asks] == ["power_kw"]
    assert said.part("grade_2_machines").score == 100


def test_nothing_is_asked_of_what_is_known() -> None:
    facts = [fact("machinery_net", 1), fact("machinery_original", 2)]
    said = run(made([motor("x")], [life("x", 3)], facts=facts)).of["a"]
    assert said.part("newness").asks == ()
    assert said.part("over_age").asks == ()


def test_every_safety_item_of_the_sector_is_asked_once() -> None:
    said = run(made(enterprises=[{"enterprise_id": "a", "industry_code": "0610"}])).of["a"]
    asked = [one.key for one in said.part("safety_equipment").asks]
    wanted = [one.key for one in SHIPPED.feeding("safety_equipment") if "煤炭" in one.sectors]
    assert sorted(asked) == sorted(wanted)
    assert all(one.of == () for one in said.part("safety_equipment").asks)


def test_units_of_parts_are_said_with_their_value() -> None:
    assert keyed("parts.csv", "part")["maturity"]["unit"] == "分"
    facts = [fact("machinery_net", 1), fact("machinery_original", 3)]
    assert run(made(facts=facts)).of["a"].part("newness").label_zh == "33.3%"
