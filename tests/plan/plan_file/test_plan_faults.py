"""Every way a plan file can be wrong: all faults at once, each with line, field and remedy in two languages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.plan.plan_file.plans import KNOWN, SOUND, TEXT, faults, read

from jigai.plan.file import PlanError, read_contents, read_plan
from jigai.plan.file.faults import MOST, table
from jigai.plan.file.reader import MOST_TEXT
from jigai.plan.file.tree import MOST_BYTES

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text(encoding="utf-8"))


def changed(case: dict[str, Any]) -> str:
    plan = SOUND
    for old, new in case["change"].items():
        assert plan.count(old) == 1, old
        plan = plan.replace(old, new)
    return plan


def test_the_sound_plan_is_sound():
    assert faults() == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fault_is_named_with_line_field_and_remedy(case):
    plan = changed(case)
    found = faults(plan)
    told = sorted((fault.code, fault.path) for fault in found)
    wanted = sorted((code, path) for code, path, _ in case["faults"])
    if case.get("only"):
        assert set(wanted) <= set(told)
    else:
        assert told == wanted
    lines = plan.split("\n")
    for code, path, words in case["faults"] if "lines" not in case else ():
        line = next(fault.line for fault in found if (fault.code, fault.path) == (code, path))
        assert line is not None
        assert words.rstrip("\n") in lines[line - 1], (code, lines[line - 1])
    assert any(case["says"] in fault.say("zh") for fault in found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fault_is_said_in_both_languages(case):
    for fault in faults(changed(case)):
        chinese, english = fault.say("zh"), fault.say("en")
        assert f"第{fault.line}行" in chinese and f"line {fault.line}" in english
        assert chinese.startswith("plan.yaml ")
        assert len(fault.text("en")) > 15 and fault.text("en") != fault.text("zh")


def test_every_code_is_tried_or_told_below():
    elsewhere = {"not_found", "unreadable", "too_long", "too_many", "encoding", "empty"}
    elsewhere |= {"text_blank", "text_long", "text_encoding"}
    tried = {code for case in CASES for code, _, _ in case["faults"]}
    assert {row["code"] for row in table("faults")} == tried | elsewhere


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    plan = SOUND.replace("partition: manager", "partition: x").replace("[steel]", "[coal]").replace("60", "61")
    plan = plan.replace("设备新度明显提升", "没有这句").replace("by: 2025", "by: 2035")
    found = faults(plan)
    assert [fault.code for fault in found] == [
        "one_of",
        "outside_period",
        "quote_missing",
        "ref_unknown",
        "weights_sum",
    ]
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)
    with pytest.raises(PlanError) as caught:
        read(plan)
    assert len(str(caught.value).splitlines()) == 2 * len(found)


def test_so_many_faults_that_the_rest_would_not_help():
    many = "".join(f"x{number}: 1\n" for number in range(MOST + 50))
    found = faults(SOUND + many)
    assert len(found) == MOST + 1
    assert found[-1].code == "too_many" and str(MOST) in found[-1].say()


@pytest.mark.parametrize(
    ("plan", "code", "line"),
    [
        (b"", "empty", 1),
        (b"# only a remark\n", "empty", 1),
        (b"id: a\ntitle: \xff\xfe", "encoding", 2),
        ("id: a\ntitle: 方案".encode("gb18030"), "encoding", 2),
        (b"id: a\n\ntitle: \x00", "unprintable", 3),
        (b"#" * (MOST_BYTES + 1), "too_long", 1),
        (b"just a text", "type_wrong", 1),
        (b"- id: a", "type_wrong", 1),
        (b"? [a, b]\n: c", "field_unknown", 1),
    ],
)
def test_what_is_no_plan_file_at_all(plan, code, line):
    with pytest.raises(PlanError) as caught:
        read_contents(plan, {}, "x/plan.yaml")
    assert (caught.value.faults[0].code, caught.value.faults[0].line) == (code, line)
    assert caught.value.faults[0].file == "x/plan.yaml"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "text_blank"),
        (b" \r\n ", "text_blank"),
        ("正文".encode("gb18030"), "text_encoding"),
        (b"x" * (MOST_TEXT + 1), "text_long"),
    ],
)
def test_a_text_that_cannot_be_quoted_is_told_once_and_not_for_every_quote(text, code):
    assert [(fault.code, fault.path) for fault in faults(text=text)] == [(code, "text.file")]


def test_a_place_without_a_plan_is_named(tmp_path):
    with pytest.raises(PlanError) as caught:
        read_plan(tmp_path)
    fault = caught.value.faults[0]
    assert (fault.code, fault.line) == ("not_found", None)
    assert f"{tmp_path.as_posix()}/plan.yaml：没有这个文件" in fault.say("zh")
    assert fault.say("en").startswith(f"{tmp_path.as_posix()}/plan.yaml: ")


def test_a_plan_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "plan.yaml").write_text(SOUND, encoding="utf-8")

    def refused(*_args, **_kwargs):
        raise PermissionError("locked")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(PlanError) as caught:
        read_plan(tmp_path)
    assert "locked" in caught.value.faults[0].say()


def test_a_bomb_of_aliases_costs_nothing():
    bomb = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise("abcdefghi"))
    assert [fault.code for fault in faults(bomb)] == ["yaml_alias"]
    many = f"a: &a x\nb: [{', '.join(['*a'] * 101)}]\n"
    assert [fault.code for fault in faults(many)] == ["yaml_alias"]


def test_a_name_that_does_not_multiply_may_be_used():
    plan = SOUND.replace("whom: 市统计局\n    lead", "whom: &bureau 市统计局\n    lead")
    plan = plan.replace("whom: 市统计局\n    source", "whom: *bureau\n    source")
    whom = read(plan).parameter("start").whom
    assert whom is not None and whom.zh == "市统计局"


def test_indicators_may_be_given_without_their_units():
    plan = SOUND.replace("unit: 亿元", "unit: 万元")
    given = {"text.txt": TEXT.encode()}
    assert read_contents(plan.encode(), given, indicators=set(KNOWN)).objective("O1").targets[0].unit == "万元"
    with pytest.raises(PlanError, match="investment"):
        read_contents(plan.encode(), given, indicators={"newness"})


def test_an_error_needs_a_fault():
    with pytest.raises(ValueError, match="at least one"):
        PlanError([])


@pytest.mark.parametrize("name", ["schema", "types", "operators", "measures", "faults", "questions", "phrases"])
def test_every_row_of_a_table_is_whole_and_in_both_languages(name):
    for row in table(name):
        assert None not in row and None not in row.values(), row
        assert row["zh"] and row["en"], row
