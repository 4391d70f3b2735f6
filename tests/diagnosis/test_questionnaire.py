"""The questionnaire: what is asked of whom, what each answer feeds, and what a wrong answer or question is told."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest
from tests.diagnosis.made import DAY, made, reference, run

from jigai.attributes import AttributeTableError
from jigai.diagnosis import Questionnaire
from jigai.diagnosis.tables import keyed, table

SHIPPED = Questionnaire.shipped()
HEADER = "name,type,unit,zh,en,min,max,choices,definition,source,sectors,industries,sizes,feeds,figure,stands_for"


def answers(*rows: tuple[str, str], industry: str | None = "3484", size: str | None = None) -> pl.DataFrame:
    """Wrong answers of one enterprise."""
    said = [{"enterprise_id": "a", "key": key, "value": value} for key, value in rows]
    who = [{"enterprise_id": "a", "industry_code": industry, "size": size}]
    return run(made(enterprises=who, answers=said)).wrong_answers


@pytest.mark.parametrize(
    ("key", "value", "code", "says"),
    [
        ("running_hours", "很多", "not_a_number", "应填数字（单位：小时），现为“很多”"),
        ("running_hours", "9000", "out_of_range", "应在 0 到 8784 之间，现为“9000”"),
        ("rd_tools_used", "大概", "not_a_flag", "应填“是”或“否”，现为“大概”"),
        ("sme_systems", "三种", "not_a_choice", "没有、一种、两种及以上、覆盖超过80%、全覆盖；现为“三种”"),
        ("beauty", "1", "unknown_question", "问卷里没有“beauty”这一题"),
        ("safety_interlocks", "有", "not_asked", "不问这家企业"),
    ],
)
def test_a_wrong_answer_is_kept_with_reason_and_remedy(key: str, value: str, code: str, says: str) -> None:
    wrong = answers((key, value)).to_dicts()
    assert [(one["enterprise_id"], one["key"], one["raw"], one["code"]) for one in wrong] == [("a", key, value, code)]
    assert says in wrong[0]["message_zh"]
    assert "{" not in wrong[0]["message_zh"] + wrong[0]["message_en"]


def test_an_answer_of_nobody_is_kept_apart_too() -> None:
    said = [{"enterprise_id": "zz", "key": "running_hours", "value": "1"}]
    wrong = run(made(answers=said)).wrong_answers
    assert wrong["code"].to_list() == ["unknown_enterprise"]
    assert "zz" in wrong["message_zh"][0]


def test_two_answers_to_one_question_settle_nothing() -> None:
    rows = [
        {"enterprise_id": "a", "key": key, "value": value}
        for key, value in (("key_processes", "10"), ("key_processes", "12"), ("key_processes_nc", "5"))
    ]
    said = run(made(answers=rows))
    assert said.wrong_answers["code"].unique().to_list() == ["given_twice"]
    assert said.of["a"].part("nc_rate").score is None
    same = [{"enterprise_id": "a", "key": "key_processes", "value": "10"}] * 2
    assert run(made(answers=same)).wrong_answers.is_empty()


def test_good_answers_count_beside_wrong_ones() -> None:
    rows = {"key_processes": "10", "key_processes_nc": "７", "equipment_total": "不知道"}
    said = run(made(answers=[{"enterprise_id": "a", "key": key, "value": value} for key, value in rows.items()]))
    assert said.of["a"].part("nc_rate").score == 70
    assert said.wrong_answers.is_empty() or set(said.wrong_answers["key"]) == {"equipment_total"}


def test_blank_is_no_answer() -> None:
    assert answers(("running_hours", ""), ("rd_tools_used", "  ")).is_empty()


def test_a_question_is_asked_by_sector_class_and_size(tmp_path: Path) -> None:
    place = tmp_path / "green.csv"
    rows = [
        HEADER,
        "by_sector,flag,,甲,a,,,,,,钢铁,,,newness,,",
        "by_class,flag,,乙,b,,,,,,,339,,newness,,",
        "by_size,flag,,丙,c,,,,,,,,大型,newness,,",
    ]
    place.write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = Questionnaire.read([place])
    who = pl.DataFrame(
        {
            "code": ["3110", "3391", "3391", None],
            "sectors": [["钢铁"], ["铸造"], ["铸造"], []],
            "size": ["小型", "大型", None, "小型"],
        }
    )
    said = who.select(one.asked_of().alias(one.key) for one in asked)
    assert said["by_sector"].to_list() == [True, False, False, False]
    assert said["by_class"].to_list() == [False, True, True, False]
    assert said["by_size"].to_list() == [False, True, True, False]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,number,,甲,a,,,,,,,,,beauty,,", "列“feeds”：“beauty”不行"),
        ("a,number,,甲,a,,,,,,,,巨型,newness,,", "列“sizes”：“巨型”不行"),
        ("a,number,,甲,a,,,,,,,,,newness,,profit", "列“stands_for”：“profit”不行"),
        ("a,colour,,甲,a,,,,,,,,,newness,,", "列“type”"),
        ("a,choice,,甲,a,,,,,,,,,newness,,", "写出选项"),
        ("a,number,,甲,a,9,1,,,,,,,newness,,", "最小值"),
    ],
)
def test_a_wrong_question_is_told_with_file_row_column_and_remedy(row: str, says: str, tmp_path: Path) -> None:
    place = tmp_path / "green.csv"
    place.write_text(f"{HEADER}\nfine,flag,,好,fine,,,,,,,,,newness,,\n{row}\n", encoding="utf-8")
    with pytest.raises(AttributeTableError) as refused:
        Questionnaire.read([place])
    assert "green.csv 第3行" in str(refused.value)
    assert says in str(refused.value)


def test_a_key_may_stand_once_in_all_files(tmp_path: Path) -> None:
    for name in ("green.csv", "safe.csv"):
        (tmp_path / name).write_text(f"{HEADER}\na,flag,,甲,a,,,,,,,,,newness,,\n", encoding="utf-8")
    with pytest.raises(AttributeTableError, match=r"safe.csv 第2行"):
        Questionnaire.read([tmp_path / "green.csv", tmp_path / "safe.csv"])


def test_every_question_feeds_something_and_can_be_answered() -> None:
    for one in SHIPPED:
        assert one.feeds, one.key
        assert one.attribute.zh and one.attribute.en and one.attribute.source
        assert one.group in keyed("dimensions.csv")
        if one.feeds != "measures":
            assert keyed("parts.csv", "part")[one.feeds]["dimension"] == one.group, one.key


def test_every_item_of_the_national_scheme_and_of_safety_has_its_question() -> None:
    facts = reference(DAY)
    rows = facts.table("digital-maturity", "indicators").filter(scheme="SME-2024")
    parents = rows["parent"].drop_nulls().to_list()
    leaves = rows.filter((pl.col("kind") == "weight") & ~pl.col("item").is_in(parents))["indicator_id"]
    asked = [one.figure for one in SHIPPED.feeding("maturity") if one.figure]
    assert sorted(asked) == sorted(leaves)
    scenes = rows.filter(kind="scene")
    by_figure = {one.figure: one.attribute.zh for one in SHIPPED.feeding("scenes")}
    assert by_figure == {row["indicator_id"]: f"场景：{row['item']}" for row in scenes.to_dicts()}
    items = facts.table("safety-equipment", "items")
    questions = {one.figure: one for one in SHIPPED.feeding("safety_equipment")}
    assert {key: one.attribute.zh for key, one in questions.items()} == dict(items.select("item_id", "zh").rows())
    for row in items.to_dicts():
        assert set(questions[row["item_id"]].sectors) == set(row["sectors"]), "asked of those whom the item means"


def test_words_that_carry_points_are_choices_of_their_question() -> None:
    for row in table("answer_points.csv"):
        assert row["answer"] in SHIPPED.question(row["question"]).attribute.choices
    for key in {row["question"] for row in table("answer_points.csv")}:
        held = {row["answer"] for row in table("answer_points.csv") if row["question"] == key}
        assert held == set(SHIPPED.question(key).attribute.choices)


def test_names_of_facts_are_those_people_report() -> None:
    """The annual figures of the site have the same names, units and words (``enterprises/facts.csv``)."""
    import csv

    place = Path(__file__).resolve().parents[2] / "src/jigai/platform/enterprises/facts.csv"
    reported = {row["name"]: row for row in csv.DictReader(place.read_text(encoding="utf-8").splitlines())}
    for row in table("facts.csv"):
        assert {name: reported[row["name"]][name] for name in row} == row
    for one in SHIPPED:
        if one.stands_for:
            assert one.stands_for == one.key
            assert one.attribute.unit == reported[one.stands_for]["unit"]


def test_the_reference_page_is_the_questionnaire() -> None:
    script = Path(__file__).resolve().parents[2] / "scripts/questionnaire.py"
    written = runpy.run_path(str(script))
    page = written["PAGE"].read_text(encoding="utf-8")
    assert page == written["page"](), "run make questionnaire"
    for one in SHIPPED:
        assert f"`{one.key}`" in page and one.attribute.zh in page, one.key


def test_an_unknown_question_is_named() -> None:
    with pytest.raises(KeyError, match="beauty"):
        SHIPPED.question("beauty")
