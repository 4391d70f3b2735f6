"""Periods, guesses, figures in words and steps offered, case by case (``cases/*.yaml``)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from tests.platform.reporting.figures import NAMES

from jigai.platform.reporting.data import FLOW
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.suggesting import suggested
from jigai.platform.reporting.wording import written


def cases(name):
    return yaml.safe_load((Path(__file__).parent / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases("periods"), ids=lambda case: f"{case['every']} {case['day']}")
def test_the_period_that_is_over(case):
    found = Reported.over(case["every"], case["day"])
    assert (found.key, found.words, found.before.key) == (case["key"], case["words"], case["before"])
    assert found.due(case["due_day"]) == case["due"]
    assert Reported.read(found.key) == found


@pytest.mark.parametrize(
    "text", ["", "2026-", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "26-01", "2026-1", "1989", "2101"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="no period"):
        Reported.read(text)


@pytest.mark.parametrize("case", cases("suggestions"), ids=lambda case: case["words"] or "nothing")
def test_what_a_cell_is_likely_to_want(case):
    found = suggested(case["words"], NAMES)
    assert {key: found.get(key) for key in case if key != "words"} == {
        key: value for key, value in case.items() if key != "words"
    }
    assert found["label"] == case["words"]


@pytest.mark.parametrize("case", cases("formats"), ids=lambda case: f"{case['number']} {case['format']}")
def test_how_a_figure_is_written(case):
    assert written(Decimal(case["number"]), case["format"]) == case["text"]


@pytest.mark.django_db
@pytest.mark.sqlite
def test_each_role_is_offered_its_steps_and_no_others(city):
    offered = {
        (case["state"], case["role"]): [one.key for one in FLOW.steps_from(city.actor(case["role"]), case["state"])]
        for case in cases("offers")
    }
    assert offered == {(case["state"], case["role"]): case["offers"] for case in cases("offers")}


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["enterprise_head", "supplier", "bank", "expert", "system_admin", "standards_officer"])
def test_others_are_offered_nothing(city, role):
    actor = city.actor(role)
    assert not actor.may("report.view")
    assert not [one for state in ("filled", "confirming", "review", "sign") for one in FLOW.steps_from(actor, state)]
