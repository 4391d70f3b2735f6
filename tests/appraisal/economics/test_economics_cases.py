"""Every case of ``tests/cases/economics`` comes out as its author computed it by hand."""

from __future__ import annotations

from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
import yaml

from jigai.appraisal.economics.outcome import Reason
from jigai.appraisal.economics.summary import Economics, Investment, appraise

FILE = Path(__file__).parents[2] / "cases" / "economics" / "investments.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ASKED = {one.name for one in fields(Investment)}
TOLD = {one.name for one in fields(Economics)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = appraise(Investment(**{name: case[name] for name in ASKED if name in case}))
    for name in TOLD & set(case):
        value, wanted = getattr(found, name), case[name]
        if isinstance(wanted, str):
            assert isinstance(value, Reason) and value.key == wanted, f"{name}: {value}"
        else:
            assert value == pytest.approx(wanted, rel=1e-5, abs=6e-3), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_figure_is_a_number_or_a_reason_in_both_languages(case: dict[str, Any]) -> None:
    found = appraise(Investment(**{name: case[name] for name in ASKED if name in case}))
    for name in TOLD:
        value = getattr(found, name)
        if isinstance(value, Reason):
            assert value.zh.endswith("。") and value.en.endswith((".", ":")) and "{" not in value.zh + value.en
        else:
            assert isfinite(value), name


def test_cases_name_their_source_and_say_only_what_is_looked_at() -> None:
    assert [case["name"] for case in CASES if not case.get("source")] == []
    assert [case["name"] for case in CASES if set(case) - ASKED - TOLD - {"name", "source"}] == []
    assert {name for case in CASES for name in case} >= TOLD
