"""Enterprises, lines and annual figures come in from workbooks as people keep them."""

from __future__ import annotations

import pytest
from tests.platform.imports.test_imports import hand_in, inside, take_in_rows

from jigai.attributes.credit_code import check_sign
from jigai.platform.enterprises.facts import facts_of
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.enterprises.services import create_line
from jigai.platform.imports import previews, services

pytestmark = pytest.mark.django_db(transaction=True)


def code(body):
    return body + check_sign(body)


NEW = code("91510400MA6600018")


def matched(actor, upload):
    with inside(actor):
        _upload, found = services.get_upload(actor, upload.pk)
        return services.matches(actor, upload, found, services.good_rows(upload, found))


def test_a_list_of_enterprises_makes_and_changes_them(city):
    actor = city.actor("city_officer")
    head = ["序号", "单位详细名称", "统一社会信用代码", "县（区）", "行业代码", "详细地址", "厂区名称"]
    rows = [
        head,
        [1, "新立钛业有限公司", NEW, "东区", "3130 钢压延加工", "一号路1号", "主厂区"],
        [2, "新立钛业有限公司", NEW, "西区", "3130", "二号路2号", "二厂"],
        [3, "无此县公司", code("91510400MA6600099"), "北区", "3130", "", "主厂区"],
        [4, "坏码公司", NEW[:-1] + "!", "东区", "3130", "", "主厂区"],
        [5, "行业错公司", code("91510400MA6600077"), "东区", "9999", "", "主厂区"],
    ]
    upload = hand_in(actor, rows, key="enterprises")
    assert upload.summary["held"] == 1, "a wrong code is held with its row"
    result = take_in_rows(actor, upload)
    assert (result["new"], result["refused"]) == (2, 2)
    whys = " ".join(one["why"] for one in result["reasons"])
    assert "北区" in whys
    assert "9999" in whys
    with inside(actor):
        person = LegalPerson.objects.get(credit_code=NEW)
        assert (person.industry_code, person.manager_code, person.org.name) == ("3130", "510402", person.name)
        assert sorted(Site.objects.filter(legal_person=person).values_list("name", "manager_code")) == [
            ("主厂区", "510402"),
            ("二厂", "510403"),
        ]
    moved = hand_in(actor, [head, [*rows[1][:5], "一号路9号", "主厂区"]], key="enterprises")
    (one,) = matched(actor, moved)
    assert one.changes == (("地址", "一号路1号", "一号路9号"),)
    assert take_in_rows(actor, moved)["changed"] == 1


def test_the_site_may_be_said_for_the_whole_file(city):
    actor = city.actor("city_officer")
    rows = [["企业名称", "信用代码", "管理主体"], ["单厂公司", NEW, "510402"]]
    assert hand_in(actor, rows, key="enterprises").summary["good"] == 0
    upload = hand_in(actor, rows, key="enterprises", site_name="主厂区")
    assert take_in_rows(actor, upload)["new"] == 1


def test_a_county_does_not_make_enterprises_of_another(city):
    actor = city.actor("county_officer")
    rows = [["企业名称", "信用代码", "管理主体"], ["单厂公司", NEW, "西区"]]
    (one,) = matched(actor, hand_in(actor, rows, key="enterprises", site_name="主厂区"))
    assert (one.state, "不归您管" in one.why) == ("refused", True)


def test_lines_are_found_again_by_name(city):
    actor = city.actor("county_officer")
    head = ["企业名称", "生产线名称", "产品名称", "年产能", "产能单位", "环保等级", "投产时间"]
    rows = [
        head,
        ["东风轧钢有限公司", "1号轧线", "热轧卷板", "120", "万吨", "A级", "2009年5月"],
        ["东风轧钢有限公司", "2号轧线", "热轧卷板", "80", "", "B级", 2012],
        ["西山水泥有限公司", "1号窑", "熟料", "", "", "", ""],
    ]
    upload = hand_in(actor, rows, key="lines")
    assert previews.change_counts(matched(actor, upload)) == {"new": 2, "changed": 0, "same": 0, "refused": 1}
    result = take_in_rows(actor, upload)
    assert (result["new"], result["refused"]) == (1, 2), "a capacity without a unit is refused by the rules of lines"
    with inside(actor):
        line = Line.objects.get()
        assert (line.name, float(line.capacity), line.environmental_grade, line.commissioned) == (
            "1号轧线", 120.0, "A", 2009,
        )  # fmt: skip
    rows[1][3] = "130"
    assert take_in_rows(actor, hand_in(actor, rows[:2], key="lines"))["changed"] == 1
    assert take_in_rows(actor, hand_in(actor, rows[:2], key="lines"))["same"] == 1


def test_annual_figures_become_rows_that_are_never_changed(city):
    actor = city.actor("county_officer")
    head = ["企业名称", "工业总产值(亿元)", "年末从业人员", "综合能耗（吨标准煤）", "是否完成数字化诊断"]
    upload = hand_in(actor, [head, ["东风轧钢有限公司", "2.5", 310, "12,000", "是"]], key="facts", year=2025)
    (one,) = matched(actor, upload)
    assert [change[2] for change in one.changes] == ["25000", "310", "12000", "是"]
    result = take_in_rows(actor, upload)
    assert result["new"] == 1, result
    with inside(actor):
        held = facts_of(actor, city.east_enterprise, 2025)
        assert {name: fact.value for (_site, _line, name), fact in held.items()} == {
            "output_value": "25000", "employees": "310", "energy_total": "12000", "digital_diagnosis": "是",
        }  # fmt: skip
        assert held[city.east_site.pk, None, "energy_total"].status == "imported"
    upload = hand_in(actor, [head, ["东风轧钢有限公司", "2.6", "", "", ""]], key="facts", year=2025)
    assert take_in_rows(actor, upload)["changed"] == 1
    with inside(actor):
        assert Fact.objects.filter(attribute="output_value").count() == 2


def test_what_one_may_not_see_is_not_taken_in(city):
    actor = city.actor("enterprise_equipment")
    head = ["企业名称", "年度", "年末从业人员", "工业总产值"]
    upload = hand_in(actor, [head, ["东风轧钢有限公司", 2025, 310, 5000]], key="facts")
    result = take_in_rows(actor, upload)
    assert result["new"] == 1
    assert "没有权限" in result["reasons"][0]["why"]
    with inside(city.actor("city_officer")):
        assert [fact.attribute for fact in Fact.objects.all()] == ["employees"]


def test_figures_of_lines_come_in_by_the_name_of_the_line(city):
    actor = city.actor("county_officer")
    with inside(actor):
        furnace = {"name": "1号高炉", "product": "铁水", "process": "高炉工序", "unit_energy_unit": "kgce/t"}
        line = create_line(actor, city.east_site, furnace | {"capacity": 100, "capacity_unit": "万吨"})
    head = [
        "企业名称",
        "产线名称",
        "年度",
        "产线产量",
        "产线综合能耗（吨标准煤）",
        "单位产品能耗",
        "数据完整月数",
        "钒钛矿配比",
    ]
    rows = [
        head,
        ["东风轧钢有限公司", "1号高炉", 2025, 90, 370000, 400, 12, "65%"],
        ["东风轧钢有限公司", "9号高炉", 2025, 90, 370000, 400, 12, ""],
    ]
    upload = hand_in(actor, rows, key="line_facts")
    first, second = matched(actor, upload)
    assert (first.state, [change[2] for change in first.changes]) == ("new", ["90", "370000", "400", "12", "65"])
    assert (second.state, "没有叫“9号高炉”的产线" in second.why) == ("refused", True)
    result = take_in_rows(actor, upload)
    assert (result["new"], result["refused"]) == (1, 1)
    with inside(actor):
        assert {(fact.attribute, fact.value, fact.status) for fact in Fact.objects.filter(line=line)} == {
            ("line_output", "90", "imported"),
            ("line_energy", "370000", "imported"),
            ("line_unit_energy", "400", "imported"),
            ("line_months", "12", "imported"),
            ("vanadium_titanium_pct", "65", "imported"),
        }
    assert take_in_rows(actor, hand_in(actor, rows[:2], key="line_facts"))["same"] == 1
