"""Targets, their paths, and figures judged against them: by hand in ``cases/judging.yaml``, and in general."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import PERIOD, decimal, target

from jigai.plan.judging import Measured, Tolerance, judge, say, target_words
from jigai.plan.paths import expected, moment, path
from jigai.plan.targets import Target, TargetError
from jigai.screening.sentences import templates

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "judging.yaml").read_text(encoding="utf-8"))


def investment(**own) -> Target:
    return target(**{"operator": ">", "value": 200, "unit": "亿元", "counting": "running", **own})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    measured = Measured(decimal(case["value"]), case["day"], decimal(case.get("coverage")))
    found = judge(target(**case["target"]), measured, forecast=decimal(case.get("forecast")))
    said = say(found)
    shown = f"{found.outcome} {found.reason} expected={found.expected} gap={found.gap}: {said.zh} / {said.en}"
    assert (found.outcome, found.reason) == (case["outcome"], case["reason"]), shown
    for name in ("expected", "gap"):
        if name in case:
            assert getattr(found, name) == decimal(case[name]), shown
    for language in ("zh", "en"):
        if language in case:
            assert getattr(said, language) == case[language]


def test_every_reason_has_its_case():
    written = templates("jigai.plan", "data/judgement_sentences.csv")
    assert {case["reason"] for case in CASES} == set(written)
    outcomes = templates("jigai.plan", "data/outcomes.csv")
    assert {row["outcome"] for row in written.values()} == set(outcomes)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_tolerance_and_coverage_are_parameters():
    found = judge(investment(), Measured(Decimal(80), date(2025, 12, 31)), Tolerance(behind=Decimal("0.2")))
    assert found.outcome == "at_risk"
    strict = Tolerance(coverage=Decimal("0.9"))
    found = judge(investment(), Measured(Decimal(80), date(2025, 12, 31), Decimal("0.85")), strict)
    assert say(found).zh == "填报覆盖率 85%，不到 90%，不作判断。"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"operator": "≥"}, "no operator"),
        ({"since": date(2028, 1, 1)}, "after it is due"),
        ({"operator": "up"}, "has no value"),
        ({"counting": "level", "baseline": 1, "baseline_on": date(2027, 12, 31)}, "is not before it is due"),
    ],
)
def test_what_is_no_target_is_refused(own, said):
    with pytest.raises(TargetError, match=said):
        investment(**own)


def test_without_a_value_there_is_nothing_to_compare_with():
    open_ = target(operator=">=", unit="名")
    assert open_.gap(Decimal(3)) is None
    assert path(open_) == []
    assert target(operator="=", unit="名").direction == 0
    for ask in (lambda: open_.met(Decimal(3)), lambda: target_words(open_)):
        with pytest.raises(TargetError, match="nothing to compare"):
            ask()


def test_a_target_in_words():
    assert target_words(investment()) == ("超过 200 亿元", "more than 20 billion yuan")
    assert target_words(target(operator="down", unit="%", baseline="20.50")) == (
        "低于基期 20.5%",
        "below the baseline of 20.5%",
    )


def test_the_path_shows_corners_and_the_end_of_each_year():
    points = path(investment(since=date(2024, 7, 1), due=date(2026, 12, 31), value=75, steps={date(2025, 9, 30): 30}))
    assert [(point.on, point.given) for point in points] == [
        (date(2024, 6, 30), True),
        (date(2024, 12, 31), False),
        (date(2025, 9, 30), True),
        (date(2025, 12, 31), False),
        (date(2026, 12, 31), True),
    ]
    assert points[0].value == 0
    assert points[1].value.quantize(Decimal("0.1")) == Decimal("12.1")
    assert points[-1].value == 75


def test_a_baseline_of_another_day_starts_the_path_there():
    late = target(operator=">=", value=40, unit="%", baseline=20, baseline_on=date(2025, 12, 31))
    assert expected(late, date(2025, 6, 30)) is None
    assert expected(late, date(2026, 12, 31)) == 30
    assert expected(late, date(2030, 1, 1)) == 40


def test_every_year_is_as_long_as_any_other():
    assert moment(date(2024, 12, 31)) == 2025
    assert moment(date(2025, 12, 31)) - moment(date(2024, 12, 31)) == 1
    # The 182nd of 366 days, and the 181st of 365.
    assert moment(date(2024, 6, 30)) == 2024 + Decimal(182) / 366
    assert moment(date(2025, 6, 30)) == 2025 + Decimal(181) / 365


def test_each_year_stands_for_itself():
    yearly = investment(each_year=True, value=100)
    assert yearly.of_year(2025).since == date(2025, 1, 1)
    assert yearly.of_year(2025).due == date(2025, 12, 31)
    assert investment().of_year(2025) == investment()
    part = investment(each_year=True, since=date(2024, 7, 29)).of_year(2024)
    assert (part.since, part.start_on) == (date(2024, 7, 29), date(2024, 7, 28))


DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
NUMBERS = st.decimals(-1000, 1000, places=3)


@settings(deadline=None)
@given(NUMBERS, NUMBERS.filter(lambda number: number > 0), DAYS, st.sampled_from([">", ">=", "<", "<=", "="]))
def test_the_line_never_leaves_baseline_and_target(baseline, way, day, operator):
    made = target(operator=operator, value=baseline + way, unit="%", baseline=baseline)
    line = expected(made, day)
    assert line is None or baseline <= line <= baseline + way
    tomorrow = expected(made, day + timedelta(days=1))
    assert line is None or line <= tomorrow


COUNTINGS = st.sampled_from(["level", "running", "whole"])


@settings(deadline=None)
@given(NUMBERS, NUMBERS, DAYS, st.sampled_from([">", ">=", "<", "<=", "=", "up", "down"]), COUNTINGS, st.booleans())
def test_a_gap_and_a_met_target_never_contradict(value, goal, day, operator, counting, each_year):
    made = target(
        operator=operator, unit="%", baseline=goal if operator in ("up", "down") else 0,
        value=None if operator in ("up", "down") else goal, counting=counting, each_year=each_year,
    )  # fmt: skip
    gap = made.gap(value)
    assert not (made.met(value) and gap > 0)
    assert made.met(value) or gap >= 0 or operator == "="
    found = judge(made, Measured(value, day))
    assert (found.outcome == "reached") <= made.met(value)
    assert found.outcome != "behind" or not made.met(value)
    assert say(found).zh.endswith("。")


@settings(deadline=None)
@given(st.decimals(0, 300, places=2), st.decimals(0, 300, places=2), DAYS.filter(lambda day: day >= PERIOD["since"]))
def test_more_is_never_judged_worse(one, other, day):
    order = {key: int(row["order"]) for key, row in templates("jigai.plan", "data/outcomes.csv").items()}
    less, more = sorted((one, other))
    found = [order[judge(investment(), Measured(value, day)).outcome] for value in (less, more)]
    assert found[1] <= found[0]
