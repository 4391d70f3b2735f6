"""The file an enterprise writes: what it says is read, every mistake has its line and its remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from tests.diagnosis.cases import reference
from tests.diagnosis.made import DAY

from jigai.diagnosis.file import FactsError, Told, read_facts, template
from jigai.diagnosis.tables import keyed

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
DEVICES = pl.DataFrame(
    {"device_id": ["x1", "x2", "x3"], "code": ["P-1", "P-2", "P-2"], "sheet": ["台账"] * 3, "row": [2, 3, 4]}
)


def told(tmp_path: Path, text: str) -> Told:
    path = tmp_path / "甲.yaml"
    path.write_text(text, encoding="utf-8")
    return read_facts(path, reference(DAY))


@pytest.mark.parametrize("case", [one for one in CASES if one["say"]], ids=lambda one: one["name"])
def test_a_mistake_is_told_with_line_and_remedy(tmp_path: Path, case: dict[str, Any]) -> None:
    with pytest.raises(FactsError) as caught:
        told(tmp_path, case["file"])
    first = caught.value.faults[0]
    assert (first.file, first.line) == ("甲.yaml", case["line"])
    assert case["say"] in first.say("zh") and f"第{case['line']}行" in first.say("zh")
    assert f"line {case['line']}" in first.say("en") and "{" not in first.say("en").replace("{'", "")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as caught:
        told(tmp_path, "enterprise: {size: 巨型}\nrunning:\n  - {hours: -1}\nprices:\n  - {unit_yuan: 1, kw_yuan: 2}\n")
    assert [one.line for one in caught.value.faults] == [1, 1, 3, 5, 5]
    assert str(caught.value).count("line") == 5


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="没有这个文件"):
        read_facts(tmp_path / "无.yaml", reference(DAY))
    with pytest.raises(FactsError, match="打不开"):
        read_facts(tmp_path, reference(DAY))
    (tmp_path / "乱.yaml").write_bytes("名称: 甲".encode("gb18030"))
    with pytest.raises(FactsError, match="UTF-8"):
        read_facts(tmp_path / "乱.yaml", reference(DAY))


def test_the_blank_can_be_read_and_says_nothing(tmp_path: Path) -> None:
    blank = told(tmp_path, template())
    assert (blank.facts, dict(blank.answers), blank.lines, blank.running, blank.prices) == ((), {}, (), (), ())
    assert blank.rate is None and blank.place is None


def test_every_example_of_the_blank_is_right(tmp_path: Path) -> None:
    lines = [line for line in template().split("\n")]
    filled = "\n".join("  " + one[3:] if one.startswith("#  ") else one for one in lines)
    read = told(tmp_path, filled.replace("region:  ", 'region: "510411" #'))
    assert read.place == "四川" and len(read.running) == 6 and len(read.prices) == 2
    assert len(read.case.loans) == 1 and read.lines[0]["line"] == "1号线"
    assert {row["attribute"] for row in read.facts} <= set(keyed("facts.csv", "name"))


def test_machines_are_found_by_number_or_by_sheet_and_row(tmp_path: Path) -> None:
    text = "enterprise: {name: 甲}\nrunning:\n  - {device: P-1, hours: 5}\n  - {device: 台账!4, hours: 6}\n"
    known = told(tmp_path, text).known(DEVICES)
    assert known.running.select("device_id", "number").rows() == [("x1", 5.0), ("x3", 6.0)]


@pytest.mark.parametrize(("device", "words"), [("P-9", "没有编号为“P-9”"), ("P-2", "2 行的编号都是“P-2”")])
def test_a_machine_that_is_not_there_is_told_with_its_line(tmp_path: Path, device: str, words: str) -> None:
    read = told(tmp_path, f"enterprise: {{name: 甲}}\n\nprices:\n  - {{device: {device}, unit_yuan: 5}}\n")
    with pytest.raises(FactsError, match=words) as caught:
        read.known(DEVICES)
    assert caught.value.faults[0].line == 4


def test_hours_of_the_questionnaire_hold_where_nobody_told_more(tmp_path: Path) -> None:
    text = "enterprise: {name: 甲}\nanswers: {running_hours: 6000}\n"
    assert told(tmp_path, text).known(DEVICES).running.select("fact", "number").rows() == [("hours", 6000.0)]
    more = text + "running:\n  - {hours: {value: 5000, low: 4000, high: 6000, origin: invoice}}\n"
    (row,) = told(tmp_path, more).known(DEVICES).running.select("number", "low", "origin").rows()
    assert row == (5000.0, 4000.0, "invoice")


def test_each_fault_has_both_languages() -> None:
    for code, row in keyed("file_faults.csv", "code").items():
        assert row["zh"] and row["en"], code
