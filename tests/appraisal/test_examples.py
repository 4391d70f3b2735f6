"""Every case of ``tests/cases/appraisal``: published and hand-worked examples, each with its source and its working."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.appraisal.formulas import figures, formulas

from jigai.appraisal.dimensions import units_of
from jigai.appraisal.refusal import AppraisalError

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "appraisal"
OTHERS = ("jigai.appraisal.economics", "jigai.appraisal.support")
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
SOLVED = [case for case in CASES if "expect" in case]
REFUSED = [case for case in CASES if "refused" in case]


def formula_of(case: dict[str, Any]) -> Any:
    module, name = case["formula"].rsplit(".", 1)
    return getattr(importlib.import_module(f"jigai.appraisal.{module}"), name)


@pytest.mark.parametrize("case", SOLVED, ids=lambda case: case["name"])
def test_a_worked_example_comes_out(case):
    found = formula_of(case)(**case["given"])
    assert found == pytest.approx(case["expect"], rel=float(case.get("within", 1e-6)), abs=1e-9)
    assert case["source"] and case["working"], "a figure without source and working proves nothing"


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_less_service_and_impossible_figures_are_refused(case):
    with pytest.raises(AppraisalError) as refused:
        formula_of(case)(**case["given"])
    assert refused.value.code == case["refused"]
    assert refused.value.field == case["field"]
    zh, en = refused.value.say("zh"), refused.value.say("en")
    assert "请" in zh or "不" in zh
    assert zh != en and zh in str(refused.value)


@pytest.mark.parametrize(
    "case", [case for case in REFUSED if hasattr(formula_of(case), "quantities")], ids=lambda case: case["name"]
)
def test_in_a_column_the_place_of_the_first_refused_device_is_told(case):
    """The second of three devices is the refused one; the first and third are the figures of the dimension tests."""
    formula = formula_of(case)
    sound = figures(formula)
    given = {name: np.array([sound[name], case["given"][name], sound[name]], dtype=float) for name in sound}
    with pytest.raises(AppraisalError) as refused:
        formula(**given)
    assert refused.value.at == 1


def test_each_physical_formula_has_an_example():
    shown = {f"jigai.appraisal.{case['formula']}" for case in SOLVED}
    ours = {name for name in formulas() if name.startswith("jigai.appraisal.") and not name.startswith(OTHERS)}
    without = {name for name in ours - shown if not units_of(formulas()[name]).empirical}
    # sides of a comparison that is itself shown
    assert without <= {
        "jigai.appraisal.motor.replacement.consumption_after_kwh",
        "jigai.appraisal.process_line.consumption_kgce",
        "jigai.appraisal.transformer.consumption_kwh",
    }
