"""What a plan may leave open: defaults, what may be written, and errors that name everything at once."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from tests.ground.repository import ROOT

from jigai.plan.parameters import (
    TYPES,
    ParameterError,
    completed,
    exact,
    flag,
    parameters,
    whole,
    wholes,
    word,
    words,
)
from jigai.plan.registry import registry


def test_every_parameter_is_explained_and_has_a_default_of_its_type():
    for key, one in parameters().items():
        assert one.key == key and one.type in TYPES, key
        assert one.zh and one.en and one.why.endswith("。"), key
        assert one.read(one.default) == one.default or one.default == "", key


def test_every_parameter_but_the_share_is_used_by_an_indicator():
    used = {name for one in registry().values() for name in one.parameters}
    assert set(parameters()) - used == {"reportable_share"}


def test_what_is_given_takes_the_place_of_the_default():
    values = completed({"digital_level_least": "3", "key_divisions": ["06", "31"], "rd_exempt_leave": "是"})
    assert whole(values, "digital_level_least") == 3
    assert words(values, "key_divisions") == ["06", "31"]
    assert flag(values, "rd_exempt_leave") is True
    assert exact(values, "reportable_share") == Decimal("0.8")
    assert exact(values, "project_threshold_yuan") == 5_000_000
    assert word(values, "own_city_name") == ""
    assert wholes(values, "two_integration_tiers") == []
    assert set(values) == set(parameters())


def test_completing_twice_changes_nothing():
    once = completed({"two_integration_tiers": "3;7;10", "reportable_share": 0.9})
    assert completed(once) == once
    assert wholes(once, "two_integration_tiers") == [3, 7, 10]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"digital_level_least": 5}, "1..4"),
        ({"digital_level_least": 2.5}, "不是整数"),
        ({"digital_level_least": True}, "不是整数"),
        ({"reportable_share": "80%"}, "不是0 到 1 的数"),
        ({"reportable_share": 80}, "0..1"),
        ({"reportable_share": "NaN"}, "不是0 到 1 的数"),
        ({"rd_exempt_leave": "maybe"}, "不是是或否"),
        ({"park_level_wanted": "E"}, "A|B|C|D"),
        ({"environmental_top_grades": ["A", "S"]}, "A|B|C|D|leading"),
        ({"key_divisions": 31}, "不是列表"),
        ({"key_divisions": {"31": 1}}, "不是列表"),
        ({"two_integration_tiers": [3, "x"]}, "不是整数"),
        ({"project_threshold_yuan": -1}, "0.."),
        ({"project_threshold_yuan": [1]}, "不是数"),
        ({"own_city_name": None}, "不是文字"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_may_be_written(given, said):
    with pytest.raises(ParameterError) as error:
        completed(given)
    assert next(iter(given)) in str(error.value)
    assert said in str(error.value)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(ParameterError) as error:
        completed({"nothing": 1, "chemical_parks": "two", "base_year": 20230})
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert "没有参数“nothing”" in lines[0]
    assert "基期" in lines[1] and "化工园区" in lines[2]


def test_states_that_count_are_states_of_the_yearly_sheet():
    path = ROOT / "src/jigai/platform/enterprises/sheet_states.csv"
    known = {row["key"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    defaults = completed({})
    assert set(words(defaults, "counted_states")) <= known
    assert set(words(defaults, "verified_states")) <= set(words(defaults, "counted_states"))
