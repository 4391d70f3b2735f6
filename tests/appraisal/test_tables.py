"""The tables of sentences, units and facts hold together: nothing unused, nothing without its other language."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import jigai.appraisal
from jigai.appraisal import refusal
from jigai.appraisal.refusal import AppraisalError, ImpossibleFigureError, LessServiceError, refuse
from jigai.appraisal.tables import keyed, table
from jigai.appraisal.undecided import undecided

HOME = Path(jigai.appraisal.__path__[0])
# Economics and support have tables and sentences of their own.
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(HOME.rglob("*.py"))
    if "support" not in path.parts and not path.name.startswith("economics")
)
REFUSALS = refusal._texts()
UNDECIDED = keyed("undecided", "code")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_says_the_same_in_both_languages(code):
    row = REFUSALS[code]
    assert row["zh"] and row["en"] and row["field"]
    assert fields(row["zh"]) == fields(row["en"])
    assert re.search(r"[\u4e00-\u9fff]", row["zh"]) and not re.search(r"[\u4e00-\u9fff]", row["en"])


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_a_refusal_tells_how_to_mend_it(code):
    assert "请" in REFUSALS[code]["zh"] or "不算" in REFUSALS[code]["zh"]
    assert ";" in REFUSALS[code]["en"] or ":" in REFUSALS[code]["en"]


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_no_sentence_is_left_without_use(code):
    assert f'"{code}"' in SOURCES


@pytest.mark.parametrize("code", sorted(UNDECIDED))
def test_what_is_missing_is_said_in_both_languages_and_by_name(code):
    row = UNDECIDED[code]
    assert fields(row["zh"]) == fields(row["en"]) or code in {"equal_value"}
    assert f'"{code}"' in SOURCES
    values = {name: "某" for name in fields(row["zh"]) | fields(row["en"]) | fields(row["field"])}
    found = undecided(code, **values)
    assert found.field and "{" not in found.field + found.say("zh") + found.say("en")


def test_every_name_of_a_table_is_there_once():
    for name, key in (("facts", "key"), ("measures", "measure"), ("results", "column"), ("assumptions", "key")):
        rows = table(name)
        assert len(keyed(name, key)) == len(rows), name


def test_ranges_of_facts_are_ranges():
    for row in table("facts"):
        if row["least"] and row["most"]:
            assert float(row["least"]) < float(row["most"]), row["key"]


def test_the_first_refused_device_is_told_and_one_device_has_no_place():
    with pytest.raises(LessServiceError) as refused:
        refuse({"less_flow": [False, False, True]})
    assert refused.value.at == 2 and refused.value.field == "flow_after_m3h"
    with pytest.raises(LessServiceError) as refused:
        refuse({"less_flow": True})
    assert refused.value.at is None
    refuse({"less_flow": False, "less_head": [False, False]})


def test_the_first_rule_that_is_broken_speaks():
    with pytest.raises(LessServiceError) as refused:
        refuse({"less_flow": False, "less_head": True, "less_heat": True})
    assert refused.value.code == "less_head"


def test_both_kinds_of_refusal_are_appraisal_errors_and_values():
    assert issubclass(LessServiceError, AppraisalError) and issubclass(ImpossibleFigureError, AppraisalError)
    assert issubclass(AppraisalError, ValueError)
    error = ImpossibleFigureError("not_a_percentage", field="efficiency_pct", most=110.0)
    assert "110" in error.say("zh") and "110" in error.say("en") and "efficiency_pct" in str(error)


def test_no_figure_of_a_device_stands_in_the_code():
    """Defaults are rows of a table, never numbers in a signature."""
    defaults = re.findall(r"^    \w+: (?:Number|float) = ([\d.]+),", SOURCES, re.MULTILINE)
    assert defaults == []
