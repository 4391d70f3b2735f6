"""A new plan file: every blank named, nothing else wrong, and sound once it is filled in."""

from __future__ import annotations

import pytest
import yaml
from tests.plan.plan_file.plans import TEXT

from jigai.plan.file import PlanError, new_plan, questions, read_contents
from jigai.plan.file.schema import schema

FILLED = (
    ("number:  ", "number: 某经信〔2026〕1号  "),
    ("issued:  ", "issued: 2026-01-05  "),
    ("start:  ", "start: 2026  "),
    ("end:  ", "end: 2028  "),
    ("name: , short: ", "name: 某市经信局, short: 经信局"),
    ("name: , code: ", "name: 东区, code: 330102"),
    ("title: {zh: , en: }", "title: {zh: 一项, en: }"),
    ("clause:  ", "clause: 一  "),
    ("      -\n    targets", "      - 投资超 200 亿元\n    targets"),
    ("      -\n    lead", "      - 全面摸排老旧设备\n    lead"),
    ("          -\n", "          - 建立清单\n"),
    ("indicator:  ", "indicator: investment  "),
    ("value:\n        unit:\n        by:  ", "value: 200\n        unit: 亿元\n        by: 2028  "),
)


def test_only_blanks_are_told():
    plan = new_plan("some-city", "330100", "某市设备更新方案")
    with pytest.raises(PlanError) as caught:
        read_contents(plan.encode(), {"text.txt": b""})
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"blank", "text_blank"}
    lines = plan.splitlines()
    for fault in caught.value.faults:
        said = lines[(fault.line or 0) - 1].split("#")[0].rstrip()
        assert said.endswith((":", "-", "}", "text.txt")), said


def test_filled_in_it_is_a_plan():
    plan = new_plan("some-city", "330100", "某市设备更新方案")
    for blank, words in FILLED:
        assert blank in plan, blank
        plan = plan.replace(blank, words)
    made = read_contents(plan.encode(), {"text.txt": TEXT.encode()}, indicators=["investment"])
    assert (made.id, made.region, made.title.zh) == ("some-city", "330100", "某市设备更新方案")
    assert [one.id for one in made.all_tasks()] == ["K1", "K1.1", "M1"]
    assert {one.kind for one in questions(made)} == {"parameter", "lead", "scorecard"}
    assert made.parameter("investment_from_year").value is None


def test_it_shows_every_part_of_a_plan_an_officer_must_write():
    tree = yaml.safe_load(new_plan("some-city", "330100", "x"))
    assert set(tree) == {name for name in schema()["plan"] if name not in ("parts", "sectors", "unit_words")}


@pytest.mark.parametrize(
    ("id", "region", "title", "wrong"),
    [
        ("小城", "330100", "x", "id"),
        ("a b", "330100", "x", "id"),
        ("a", "3301", "x", "region"),
        ("a", "33010x", "x", "region"),
        ("a", "330100", " ", "title"),
        ("a", "330100", "一\n二", "title"),
        ("a", "330100", "字" * 201, "title"),
    ],
)
def test_what_cannot_stand_in_a_plan_is_named(id, region, title, wrong):
    with pytest.raises(ValueError, match=f"^{wrong}$"):
        new_plan(id, region, title)
