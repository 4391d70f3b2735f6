"""What a class, a code or a series implies is a suspicion; measured figures go first."""

from __future__ import annotations

import pytest
from tests.screening.efficiency.rig import finding, motor, transformer

PLATE = {"nameplate_fields": ";series;frame;poles;", "inferred_fields": ";class;"}


@pytest.mark.parametrize(
    ("name", "want"),
    [("IE5", "grade_1"), ("IE4", "grade_2"), ("IE3", "grade_3"), ("IE2", "below_limit"), ("IE1", "below_limit")],
)
def test_a_motor_class_implies_a_grade(name: str, want: str) -> None:
    found = finding(**motor(efficiency_pct=None, **{"class": name}, **PLATE))
    assert (found["outcome"], found["basis"], found["mandatory"]) == (want, "inferred", False)
    assert found["value"] is None
    assert "推断" in found["reason_zh"]


def test_a_measured_figure_goes_before_the_class() -> None:
    found = finding(**motor(efficiency_pct=93.6, **{"class": "IE3"}))
    assert (found["outcome"], found["basis"]) == ("below_limit", "ledger")


def test_a_class_the_figure_does_not_bear_out_is_told() -> None:
    found = finding(**motor(efficiency_pct=95.0, **{"class": "IE4"}))
    assert found["outcome"] == "grade_3"
    assert "IE4 级应为 2 级，与数值不一致" in found["reason_zh"]
    assert "与数值不一致" not in finding(**motor(efficiency_pct=95.0, **{"class": "IE3"}))["reason_zh"]


def test_a_class_says_nothing_outside_the_table() -> None:
    assert finding(**motor(efficiency_pct=None, power_kw=2000.0, **{"class": "IE3"}))["outcome"] == "out_of_scope"


@pytest.mark.parametrize(("code", "want"), [("NX1", "grade_1"), ("NX2", "grade_2"), ("NX3", "grade_3")])
def test_a_transformer_code_implies_its_grade(code: str, want: str) -> None:
    found = finding(**transformer(no_load_loss_w=None, load_loss_w=None, grade_code=code))
    assert (found["outcome"], found["basis"]) == (want, "inferred")


def test_a_code_and_a_series_that_contradict_settle_nothing() -> None:
    found = finding(**transformer(no_load_loss_w=None, load_loss_w=None, grade_code="NX2", series="S22"))
    assert found["outcome"] == "undecided"
    assert "不一致" in found["reason_zh"]


def test_old_series_are_below_the_limit_by_inference() -> None:
    found = finding(**transformer(no_load_loss_w=None, load_loss_w=None, series="S9", core=None))
    assert (found["outcome"], found["basis"]) == ("below_limit", "inferred")


def test_losses_inferred_from_the_series_decide_as_a_suspicion() -> None:
    likely = {"no_load_loss_w": 1700.0, "load_loss_w": 10300.0, "inferred_fields": ";no_load_loss_w;load_loss_w;"}
    found = finding(**transformer(**likely, core=None))
    assert (found["outcome"], found["basis"], found["value"]) == ("below_limit", "inferred", 1700.0)
    assert "推断空载损耗" in found["reason_zh"]


def test_motors_older_than_the_classes_are_below_the_limit() -> None:
    found = finding(**motor(series="JO2", voltage_kv=None, voltage="low", efficiency_pct=None))
    assert (found["outcome"], found["basis"], found["certainty"]) == ("below_limit", "inferred", "recalled")


def test_the_basis_is_the_weakest_origin_used() -> None:
    assert finding(**motor(nameplate_fields=";poles;", inferred_fields=";"))["basis"] == "nameplate"
    assert finding(**motor(nameplate_fields=";poles;", inferred_fields=";power_kw;"))["basis"] == "inferred"
    assert finding(**motor(nameplate_fields=";series;", inferred_fields=";class;"))["basis"] == "ledger"
    assert finding(**motor(voltage_kv=None, series="YE3"))["basis"] == "inferred"


def test_the_sentence_says_where_the_figure_came_from() -> None:
    assert "台账效率 95.4 %" in finding(**motor())["reason_zh"]
    assert "铭牌效率 95.4 %" in finding(**motor(nameplate_fields=";efficiency_pct;"))["reason_zh"]
