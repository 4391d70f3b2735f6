"""Points out of weights and levels out of conditions: what is missing is said, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.attributes.scoring import Step, Weight, first_step, level, score
from jigai.reference import Reference

RATIO = (
    Step("ratio_pct <= 10", 0),
    Step("ratio_pct > 10; ratio_pct <= 50", 50),
    Step("ratio_pct > 50", 100),
)
SCHEME = (
    Weight("g1", "基础", "", 60),
    Weight("a", "设备", "基础", 40, RATIO),
    Weight("b", "网络", "基础", 20),
    Weight("c", "成效", "", 40),
)
LEVELS = (Step("score < 50", 1, "一级"), Step("score >= 50; score < 80", 2, "二级"), Step("score >= 80", 3, "三级"))


def test_points_add_up_and_open_to_their_parts():
    found = score(SCHEME, {"a": 30.0, "b": 100.0, "c": 50.0})
    assert [(part.weight.key, part.share, part.points, part.group) for part in found.parts] == [
        ("a", 50.0, 20.0, "基础"),
        ("b", 100.0, 20.0, "基础"),
        ("c", 50.0, 20.0, "成效"),
    ]
    assert found.least == found.most == 60
    assert found.complete
    assert found.groups == {"基础": (40.0, 60), "成效": (20.0, 40)}
    assert level(LEVELS, found).label == "二级"


def test_what_is_missing_leaves_a_span_and_no_level_where_it_matters():
    found = score(SCHEME, {"a": 30.0, "b": 100.0})
    assert (found.least, found.most, found.missing) == (40, 80, ("成效",))
    assert level(LEVELS, found) is None
    assert level(LEVELS, score(SCHEME, {"b": 0.0, "c": 0.0})).label == "一级", "at most 40 points either way"


@pytest.mark.parametrize(("ratio", "share"), [(0, 0), (10, 0), (10.01, 50), (50, 50), (50.1, 100), (250, 100)])
def test_a_ratio_takes_the_step_it_lies_in(ratio, share):
    assert score(SCHEME, {"a": ratio}).parts[0].share == share


def test_a_plain_value_has_a_level_and_unknown_has_none():
    assert level(LEVELS, None, 79.99).result == 2
    assert level(LEVELS, None, None) is None
    assert first_step((), "score", 5) is None


def test_a_circle_of_parents_ends():
    found = score((Weight("x", "甲", "乙", 1), Weight("y", "乙", "甲", 1), Weight("z", "丙", "甲", 5)), {"z": 100})
    assert [part.weight.key for part in found.parts] == ["z"]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=3))
def test_a_score_lies_between_nothing_and_everything(entered):
    found = score(SCHEME, entered)
    assert 0 <= found.least <= found.most <= 100
    assert found.complete == all(entered.get(key) is not None for key in "abc")


def test_the_shipped_scheme_is_a_hundred_points():
    facts = Reference.load(date(2026, 11, 23))
    rows = facts.table("digital-maturity", "indicators").to_dicts()
    weights = [
        Weight(row["indicator_id"], row["item"], row["parent"] or "", row["value"])
        for row in rows
        if row["scheme"] == "SME-2024" and row["kind"] == "weight"
    ]
    found = score(weights, {weight.key: 100.0 for weight in weights})
    assert found.most == 100
    assert {name: possible for name, (_, possible) in found.groups.items()} == {
        "数字化基础": 50,
        "数字化管理": 30,
        "数字化成效": 20,
    }
