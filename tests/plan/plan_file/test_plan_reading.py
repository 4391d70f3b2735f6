"""What the reader makes of a sound plan: values, times, words, quotations with their places."""

from __future__ import annotations

import csv
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from tests.plan.plan_file.plans import SOUND, TEXT, read

from jigai.plan.file import (
    Baseline,
    Moment,
    Plan,
    StoredText,
    Unknown,
    Words,
    known_indicators,
    model,
    operators,
    questions,
    read_plan,
    said,
)
from jigai.plan.file.faults import table
from jigai.plan.file.reader import Reader
from jigai.plan.file.scalars import SCALARS
from jigai.plan.file.schema import schema, wanted


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read()


def test_the_head(plan):
    assert (plan.id, plan.region, plan.partition) == ("small", "510400", "manager")
    assert plan.title == Words("小城方案", "plan of a small city")
    assert plan.title.say() == "小城方案" and plan.title.say("en") == "plan of a small city"
    assert plan.number == Unknown(Words("没有载文号"), Words("市办"))
    assert plan.issued == date(2024, 7, 29)
    assert (plan.period.first, plan.period.last) == (date(2024, 1, 1), date(2027, 12, 31))
    assert [one.issuer for one in plan.departments] == [True, False]
    assert plan.departments[0].name.say("en") == "市经信局", "Chinese where there is no English"
    assert plan.units[0].code == "510402"
    assert plan.parts == () and plan.unit_words == ()


def test_a_target(plan):
    target = plan.objective("O1").targets[0]
    assert (target.indicator, target.operator, target.value, target.unit) == ("investment", ">", Decimal(200), "亿元")
    assert (str(target.by), target.deadline) == ("2027", date(2027, 12, 31))
    assert target.since == Moment(2024, 1) and not target.each_year and target.group is None
    assert [(str(step.by), step.value) for step in target.path] == [("2025", Decimal(80))]
    assert plan.objective("O1").parameters == ("start",), "the one its value comes from"


def test_a_missing_baseline_is_declared(plan):
    target = plan.objective("O2").targets[0]
    assert (target.operator, target.value, target.unit) == ("up", None, None)
    assert target.baseline == Baseline(None, None, 2023, None, Words("正文没有写"), Words("市统计局"))


def test_a_known_baseline_says_where_it_comes_from():
    old = "          missing: 正文没有写\n          whom: 市统计局\n"
    new = "          value: 0.61\n          unit: 比例\n          origin: 2023 年报\n"
    baseline = read(SOUND.replace(old, new)).objective("O2").targets[0].baseline
    assert baseline == Baseline(Decimal("0.61"), "比例", 2023, "2023 年报", None, None)


@pytest.mark.parametrize("row", table("operators"), ids=lambda row: row["operator"])
def test_an_operator_may_be_written_as_a_word(row):
    words = row["written"] if row["value"] else f"{row['written']}\n        baseline: {{missing: 无, whom: 市办}}"
    plan = SOUND.replace('operator: ">"', f"operator: {words}")
    if not row["value"]:
        plan = plan.replace("        value: 200\n        unit: 亿元\n", "")
    target = read(plan).objective("O1").targets[0]
    assert target.operator == row["operator"] == operators()[row["written"]]["operator"]
    assert target.indicator == "investment"


def test_a_value_the_city_has_not_told_leaves_the_target_open():
    plan = SOUND.replace("value: 200\n", "value: {parameter: goal}\n").replace(
        "parameters:\n",
        "parameters:\n  - {key: goal, title: 数, value: , ask: true, why: 无, whom: 市办, source: 一}\n",
    )
    made = read(plan)
    target = made.objective("O1").targets[0]
    assert (target.operator, target.value, target.unit) == (">", None, "亿元")
    assert said(target, made) == "目标值待定（到 2027）"
    assert made.objective("O1").parameters == ("goal", "start")
    told = read(plan.replace("value: , ask", "value: 150, unit: 亿元, ask"))
    assert said(told.objective("O1").targets[0], told) == "超过 150 亿元（到 2027）"


def test_parameters_keep_what_is_written(plan):
    assert plan.parameter("divisions").value == ("06", "31"), "a code is no number"
    assert plan.parameter("start").value == "2024-01"
    assert plan.parameter("start").ask and not plan.parameter("divisions").ask
    with pytest.raises(KeyError, match="nothing"):
        plan.parameter("nothing")
    assert plan.values({"divisions", "other"}) == {"divisions": ("06", "31")}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", Decimal(3)),
        ("-0.25", Decimal("-0.25")),
        ("true", True),
        ("no", False),
        ("06", "06"),
        ('"31"', "31"),
        ("1e3", "1e3"),
        ("2024-01-01", "2024-01-01"),
        ("12:30", "12:30"),
        ("[a, 06, 2.5]", ("a", "06", "2.5")),
        ("[]", ()),
    ],
)
def test_the_value_of_a_parameter(written, value):
    plan = SOUND.replace("value: [06, 31]", f"value: {written}\n    unit: 个")
    found = read(plan).parameter("divisions").value
    assert found == value and type(found) is type(value)


def test_a_sub_task_is_led_like_its_task_unless_the_file_says_otherwise(plan):
    first, second = plan.tasks[0].subtasks
    assert first.lead == ("jing",) and second.lead is None
    assert plan.task("K1.2").milestones[0].by.last == date(2024, 12, 31)
    assert [one.id for one in plan.all_tasks()] == ["K1", "K1.1", "K1.2"]
    with pytest.raises(KeyError):
        plan.task("O1")
    with pytest.raises(KeyError):
        plan.objective("K1")


def test_a_quotation_is_found_across_blanks_and_line_breaks(plan):
    start, end = plan.text_at("O1")
    assert plan.text.content[start:end] == "投资超 200 亿元"
    start, end = plan.text_at("O2")
    assert plan.text.content[start:end] == "设备新度明\n显提升"
    assert plan.text.content[slice(*plan.text_at("K1.1"))] == "建立清单"
    with pytest.raises(KeyError):
        plan.text_at("start")


def test_what_nothing_refers_to_is_told(plan):
    assert [quote.words for quote in plan.text.uncited(plan.quotes())] == ["有问题，再摸排。", "再摸排。"]
    for quote in plan.text.uncited(()):
        assert "".join(plan.text.content[quote.start : quote.end].split()) == quote.words


def test_kinds_of_line_ends_and_marks_change_nothing(plan):
    other = read(SOUND.replace("\n", "\r\n"), b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert other == plan
    assert other.content_hash == plan.content_hash
    assert plan.text.sha256 == sha256(TEXT.encode()).hexdigest()


def test_a_change_of_plan_or_text_is_another_version(plan):
    assert read(SOUND + "# remark\n").content_hash != plan.content_hash
    assert read(SOUND, TEXT + "附：").content_hash != plan.content_hash


def test_a_folder_and_its_file_are_the_same_plan(tmp_path, plan):
    (tmp_path / "plan.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    known = ["investment", "newness"]
    assert read_plan(tmp_path, known) == read_plan(tmp_path / "plan.yaml", known) == plan


def test_the_text_may_have_another_name():
    plan = SOUND.replace("file: text.txt", "file: 正文 一.txt")
    assert read(plan, "", **{"正文 一.txt": TEXT.encode()}).text.file == "正文 一.txt"


def test_what_is_asked_of_the_city(plan):
    asked = questions(plan)
    assert [(one.kind, one.about) for one in asked] == [
        ("number", "small"),
        ("parameter", "start"),
        ("baseline", "O2"),
        ("lead", "O1"),
        ("lead", "K1.2"),
    ]
    assert asked[1].text.zh == "起始月：现用“2024-01”。正文没有写"
    assert asked[1].text.en == "起始月: “2024-01” in use; 正文没有写"
    assert asked[2].whom == Words("市统计局") and asked[3].whom is None


def test_a_scorecard_may_be_asked_about():
    plan = SOUND.replace("scorecard:\n", "scorecard:\n  ask: true\n  why: 没有规定\n  whom: 市办\n")
    assert questions(read(plan))[-1].text.zh == "评分表的权重：没有规定"


def test_every_field_of_the_schema_is_one_of_its_class():
    names = {"period": "Span"}
    for record, own in schema().items():
        if record == "text":
            continue
        kind = getattr(model, names.get(record, record.capitalize()))
        assert is_dataclass(kind)
        extra = {"content_hash"} if record == "plan" else set()
        assert {one.name for one in fields(kind)} - extra == set(own), record


def test_every_type_can_be_read_and_says_what_it_wants():
    types = {one.type for own in schema().values() for one in own.values()}
    assert types == {row["type"] for row in table("types")}
    for name in types:
        assert name in SCALARS or hasattr(Reader, f"_read_{name}"), name
        assert wanted(name)["zh"] and wanted(name)["en"]


def test_what_a_field_needs_or_holds_is_in_the_schema():
    for record, own in schema().items():
        for one in own.values():
            assert set(one.needs) <= set(own), (record, one.name)
            assert not one.instead or own[one.instead].instead == one.name
            assert one.type not in ("record", "records") or one.of[0] in schema()
            assert one.meaning("zh") != one.meaning("en")


def test_indicators_are_those_of_the_table_where_there_is_one(tmp_path, monkeypatch):
    known = known_indicators()
    assert known is None or "nc_rate" in known
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("jigai.plan.file.load.files", lambda _package: tmp_path)
    assert known_indicators.__wrapped__() is None
    with (tmp_path / "data" / "indicators.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "display_unit"], ["nc_rate", "%"], ["newness", ""]])
    assert known_indicators.__wrapped__() == {"nc_rate": "%", "newness": ""}


def test_the_sentence_close_to_a_wrong_one_is_found():
    text = StoredText("t", "甲乙丙丁，戊。甲乙丙己庚辛。")
    assert text.near("甲乙丙己庚 辛，壬") == "甲乙丙己庚辛。"
    assert text.near("壬癸") == ""
    assert text.find("") == []
