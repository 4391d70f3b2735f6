"""Every forecast of ``cases/forecast.yaml`` comes out as worked out by hand, and is said so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.plan.building import commitments, decimal, series, target

from jigai.plan.forecast import Asked, Forecast, Settings, forecast
from jigai.plan.forecast_words import reasons, say
from jigai.plan.monthly import Monthly

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "forecast.yaml").read_text(encoding="utf-8"))
FIGURES = ("value", "low", "high", "so_far", "committed", "points")


def monthly(content) -> Monthly | None:
    if content is None:
        return None
    year, month = map(int, content["from"].split("-"))
    whole = series([value for count, value in content["added"] for _ in range(count)], (year, month))
    gone = {tuple(map(int, one.split("-"))) for one in content.get("without", ())}
    return Monthly(tuple(figure for figure in whole.figures if figure[0] not in gone))


def found(case) -> Forecast:
    asked = case["asked"] | {"so_far": decimal(case["asked"].get("so_far"))}
    projects = None
    if "schedule" in case:
        projects = commitments(case["schedule"], case["finished"], case.get("spent", ()))
    return forecast(Asked(**asked), monthly(case.get("monthly")), projects, Settings(**case.get("settings", {})))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    made = found(case)
    assert made.method == case["method"], made
    assert list(made.reasons) == case["reasons"]
    for name in FIGURES:
        if name in case:
            assert getattr(made, name) == decimal(case[name]), (name, made)
    if made.method in ("history_short", "committed_only", "yearly"):
        assert made.value is made.low is made.high is None
        assert made.track == ()
    goal = None
    if "target" in case:
        since = date(made.asked.first, 1, 1)
        own = {"unit": made.asked.unit, "counting": "running", "since": since, "due": date(made.asked.last, 12, 31)}
        goal = target(**own | case["target"])
    said = say(made, goal)
    for language in ("zh", "en"):
        if language in case:
            assert getattr(said, language) == case[language]
    assert all(one.zh.endswith("。") and one.en.endswith(".") for one in reasons(made))


def test_cases_have_names_of_their_own():
    assert len({case["name"] for case in CASES}) == len(CASES)
