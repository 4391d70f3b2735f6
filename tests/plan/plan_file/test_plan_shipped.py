"""The shipped plans: that of Panzhihua clause by clause, and an invented one that shares only the reader with it."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal

import pytest
from tests.ground.repository import ROOT
from tests.plan.plan_file.plans import PANZHIHUA, SHIPPED, TEXTILES

from jigai.plan.file import Plan, measures, questions, read_plan, said
from jigai.plan.file.faults import table

TARGETS = ROOT / "src/jigai/reference/data/regions/plan_targets.csv"
DIVISIONS = ROOT / "src/jigai/reference/data/regions/divisions.csv"


@pytest.fixture(scope="module", params=SHIPPED, ids=lambda folder: folder.name)
def plan(request) -> Plan:
    return read_plan(request.param)


@pytest.fixture(scope="module")
def city() -> Plan:
    return read_plan(PANZHIHUA)


@pytest.fixture(scope="module")
def textiles() -> Plan:
    return read_plan(TEXTILES)


def test_every_entry_leads_to_its_sentence(plan):
    for one in (*plan.objectives, *plan.all_tasks()):
        start, end = plan.text_at(one.id)
        assert 0 <= start < end <= len(plan.text.content)
        for quote in one.quotes:
            there = plan.text.content[quote.start : quote.end]
            assert "".join(there.split()) == "".join(quote.words.split())
            assert not there[0].isspace() and not there[-1].isspace()


def test_every_target_can_be_said(plan):
    for objective in plan.objectives:
        for target in objective.targets:
            chinese, english = said(target, plan), said(target, plan, "en")
            assert str(target.by) in chinese and str(target.by) in english
            assert target.value is None or f"{target.value:f}" in chinese
            assert plan.period.first <= target.deadline <= plan.period.last


def test_every_key_leads_somewhere(plan):
    bodies = {one.key for one in (*plan.departments, *plan.units)} | {"units"}
    for one in (*plan.objectives, *plan.all_tasks()):
        assert set(one.lead or ()) | set(one.support) <= bodies
        assert all(plan.parameter(key) for key in one.parameters)
    assert sum(item.weight for item in plan.scorecard.items) == 100
    assert {item.measure for item in plan.scorecard.items} <= set(measures())
    assert all(plan.objective(item.objective) for item in plan.scorecard.items)


def test_what_is_asked_says_why_and_whom(plan):
    for one in questions(plan):
        assert one.text.zh and one.text.en
        assert one.kind == "lead" or one.whom
    for parameter in plan.parameters:
        assert parameter.source
        assert not parameter.ask or (parameter.why and parameter.whom)


def test_units_of_measure_have_english_words(city):
    used = {target.unit for one in city.objectives for target in one.targets if target.unit}
    used |= {parameter.unit for parameter in city.parameters if parameter.unit}
    for unit in used - {"%"}:
        assert city.unit_called(unit, "en") != unit, unit
        assert city.unit_called(unit) == unit


def test_the_city_is_complete(city):
    assert [one.id for one in city.objectives] == [f"O{number}" for number in range(1, 16)]
    assert [one.id for one in city.tasks] == [f"K{number}" for number in range(1, 13)]
    assert [one.id for one in city.measures] == [f"M{number}" for number in range(1, 7)]
    assert sum(one.issuer for one in city.departments) == 7
    assert (city.issued, city.period.last) == (date(2024, 7, 29), date(2027, 12, 31))
    for one in (*city.objectives, *city.all_tasks(), *city.parts, *city.sectors, *city.units, *city.departments):
        words = one.name if hasattr(one, "name") else one.title
        assert words.en, words.zh


def test_every_sentence_of_tasks_and_measures_is_taken_up(city):
    left = [quote.words for quote in city.text.uncited(city.quotes())]
    # The covering note, the reasons, and the principle at the head of the objectives.
    assert len(left) == 3
    assert left[0].startswith("攀枝花市经济和信息化局等7部门关于印发")
    assert left[1].endswith("结合我市实际，制定本方案。")
    assert left[2].startswith("一、主要目标坚持“市场为主")


def test_every_clause_of_a_task_is_taken_up(city):
    """Not only a part of a sentence: what lies between the quotations is a joining phrase at most."""
    content = city.text.content
    start = content.index("二、重点任务")
    marks = [False] * len(content)
    for quote in city.quotes():
        marks[quote.start : quote.end] = [True] * (quote.end - quote.start)
    rest = "".join(" " if marks[at] else content[at] for at in range(start, len(content)))
    left = {words for words in re.split(r"[\s，。、；]+", rest) if len(words) > 3}
    assert left == {
        "重点任务",
        "保障措施",
        "围绕推进新型工业化",
        "因地制宜发展新质生产力",
        "聚焦“2+3”现代工业体系",
    }


def test_the_numbers_of_the_objectives(city):
    told = {one.id: [said(target, city) for target in one.targets] for one in city.objectives}
    assert told == {
        "O1": ["超过 200 亿元（到 2027）"],
        "O2": ["不低于 25%（到 2027）"],
        "O3": ["0 条（到 2027）"],
        "O4": ["超过 30%（到 2027）"],
        "O5": ["比基期上升（到 2027）"],
        "O6": ["100%（到 2027）"],
        "O7": ["超过 90%（到 2027）"],
        "O8": ["超过 75%（到 2027）"],
        "O9": ["不超过 2 方阵（到 2027）"],
        "O10": ["每年不低于 100 项（至 2027）"],
        "O11": ["不低于 20 家（到 2027）"],
        "O12": ["100%（到 2027）", "100%（到 2027）"],
        "O13": ["100%（到 2024-12-31）"],
        "O14": ["每年不低于 1 个（至 2027）"],
        "O15": ["比基期上升（到 2027）"],
    }


def test_the_numbers_agree_with_the_regions_dataset(city):
    held = {row["name"]: row for row in csv.DictReader(TARGETS.read_text(encoding="utf-8").splitlines())}
    pairs = {
        "新增工业设备投资累计 (to 2027)": "O1",
        "设备投资比2023年增长": "O2",
        "低于基准产能": "O3",
        "标杆产能占比": "O4",
        "数字化研发设计工具普及率": "O7",
        "关键工序数控化率": "O8",
        "年度项目": "O10",
        "绿色工厂": "O11",
    }
    assert set(held) == set(pairs) | {"化工园区 D级"}
    for name, id in pairs.items():
        target = city.objective(id).targets[0]
        assert target.value == Decimal(held[name]["value"])
        assert target.deadline == date.fromisoformat(held[name]["deadline"])
    assert city.objective("O13").targets[0].deadline == date.fromisoformat(held["化工园区 D级"]["deadline"])


def test_nothing_is_invented(city):
    """No baseline is known, no department leads where the text names none, and each is asked for."""
    for one in city.objectives:
        assert one.lead is None
        for target in one.targets:
            assert target.baseline is None or (target.baseline.value is None and target.baseline.missing)
            assert target.path == ()
    leading = {one.id: one.lead for one in city.all_tasks() if one.lead}
    assert {id for id, lead in leading.items() if lead == ("units",)} == {"M1.5", "M2.4", "M6.2", "M6.3", "M6.4"}
    assert set(leading) - {"M1.5", "M2.4", "M6.2", "M6.3", "M6.4"} == {"M6", "M6.1"}
    asked = {(one.kind, one.about) for one in questions(city)}
    assert {("number", "panzhihua-2024"), ("baseline", "O2"), ("baseline", "O5"), ("baseline", "O15")} <= asked
    assert {("scorecard", "panzhihua-2024"), ("lead", "O1"), ("lead", "K12"), ("lead", "M5")} <= asked
    assert ("lead", "K1.1") not in asked, "asked once, for the task"


def test_what_the_papers_ask_of_the_city_is_a_parameter(city):
    asked = {one.key for one in city.parameters if one.ask}
    assert asked == {
        "plan_from_year",
        "investment_from_year",
        "investment_tax",
        "key_divisions",
        "digital_level_least",
        "rd_exempt_leave",
        "two_integration_tiers",
        "project_threshold_yuan",
        "environmental_top_grades",
        "chemical_parks",
        "reportable_share",
        "counted_states",
    }
    assert city.parameter("two_integration_tiers").value is None
    assert city.parameter("own_city_code").value == city.region
    assert str(city.objective("O1").targets[0].since) == "2024"
    baseline = city.objective("O2").targets[0].baseline
    assert baseline is not None and baseline.year == city.parameter("base_year").value


def test_milestones_stand_where_the_text_has_a_date(city):
    dated = {one.id: [str(step.by) for step in one.milestones] for one in city.all_tasks() if one.milestones}
    assert dated == {
        "K1.3": ["2027"],
        "K7.3": ["2027"],
        "K7.4": ["2027"],
        "K7.5": ["2027"],
        "K10.3": ["2027"],
        "K10.4": ["2027"],
        "K11.4": ["2024-12-31"],
        "K12.2": ["2027"],
        "M1.4": ["2027"],
    }
    yearly = {one.id for one in city.all_tasks() for step in one.milestones if step.each_year}
    assert yearly == {"K1.3", "K12.2", "M1.4"}


def test_its_units_are_the_divisions_of_the_city_and_the_zone(city):
    rows = csv.DictReader(DIVISIONS.read_text(encoding="utf-8").splitlines())
    counties = {row["code"]: row["name"] for row in rows if row["level"] == "county" and row["parent"] == city.region}
    named = {one.code: one.name.zh for one in city.units}
    assert named == counties | {"PK-01": "攀枝花钒钛高新技术产业开发区"}


def test_the_invented_city_shares_nothing_but_the_reader(city, textiles):
    assert "虚构" in textiles.title.zh and "虚构" in textiles.text.content[:30]
    assert textiles.region[:2] not in {row["code"][:2] for row in csv.DictReader(DIVISIONS.open(encoding="utf-8"))}
    assert not {one.code for one in textiles.units} & {one.code for one in city.units}
    assert not {one.key for one in textiles.departments} & {one.key for one in city.departments}
    assert not {one.id for one in textiles.objectives} & {one.id for one in city.objectives}
    assert textiles.partition != city.partition
    shared = {one.targets[0].indicator for one in textiles.objectives}
    assert shared < {target.indicator for one in city.objectives for target in one.targets}


def test_the_invented_city_uses_what_the_other_has_no_use_for(textiles):
    first = textiles.objective("T1").targets[0]
    assert [(str(step.by), step.value) for step in first.path] == [("2026", Decimal(20)), ("2027", Decimal(42))]
    third = textiles.objective("T3").targets[0].baseline
    assert third is not None and (third.value, third.year) == (Decimal("38.5"), 2024) and third.origin
    assert textiles.objective("T4").targets[0].value == textiles.parameter("digital_target").value == 80
    assert textiles.objective("T4").parameters == ("digital_target",)
    assert textiles.objective("T1").lead == ("gongxin",) and textiles.objective("T1").support == ("shangwu", "units")
    assert textiles.task("R1.3").lead == ("loom_park",) and textiles.task("R1.1").lead == ("gongxin",)
    assert isinstance(textiles.number, str)
    assert {item.measure for item in textiles.scorecard.items} == {row["measure"] for row in table("measures")}


def test_the_folder_says_where_each_text_comes_from():
    words = (ROOT / "plans" / "README.md").read_text(encoding="utf-8")
    for folder in SHIPPED:
        assert folder.name in words
    assert {one.name for one in (ROOT / "plans").iterdir() if one.is_dir()} == {one.name for one in SHIPPED}
