"""Every case of ``cases/*.yaml`` holds; all cases of a day are one city, and each alone says the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.diagnosis.cases import Case, all_cases, diagnosed, diagnosis, inputs, reference

from jigai.diagnosis import Diagnosis, Measure, Part, diagnose, from_json, to_json

PART_KEYS = {"state", "score", "value", "low", "high", "label", "certainty", "asks", "grounds", "coverage", "stand_in"}
MEASURE_KEYS = {"rule", "standing", "kind", "devices", "machines", "deadline", "certainty", "missing", "items", "lines"}
MEASURE_KEYS |= {"directions", "law", "fit", "power_kw", "because", "also"}


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_parts(case: Case) -> None:
    said = diagnosis(case)
    for key, wanted in case.content.get("parts", {}).items():
        assert set(wanted) <= PART_KEYS, f"{case}: unknown keys {set(wanted) - PART_KEYS}"
        part = said.part(key)
        for name, value in wanted.items():
            got = of_part(part, name)
            if isinstance(value, list):
                assert set(value) <= set(got), f"{key}: {name} are {got}"
            elif isinstance(value, float | int):
                assert got == pytest.approx(value, abs=1e-4), f"{key}: {name}"
            else:
                assert (got or "unknown") == value, f"{key}: {name} of {part}"


def of_part(part: Part, name: str) -> Any:
    if name == "asks":
        return [ask.key for ask in part.asks]
    if name == "grounds":
        return [ground.source for ground in part.grounds]
    return {"label": part.label_zh}.get(name, getattr(part, name, None))


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_measures(case: Case) -> None:
    said = diagnosis(case)
    shown = "\n".join(f"  {m.rule} {m.standing} {m.device_kind} {m.devices} {m.deadline}" for m in said.measures)
    for wanted in case.content.get("measures", ()):
        assert set(wanted) <= MEASURE_KEYS, f"{case}: unknown keys {set(wanted) - MEASURE_KEYS}"
        assert any(agrees(case, wanted, measure) for measure in said.measures), f"not there: {wanted}\n{shown}"
    for rule in case.content.get("no_measures", ()):
        assert rule not in [measure.rule for measure in said.measures], f"{rule} must not be there\n{shown}"


def agrees(case: Case, wanted: dict[str, Any], measure: Measure) -> bool:
    got = {
        "kind": measure.device_kind,
        "devices": [int(one.rsplit("-", 1)[1]) for one in measure.devices],
        "lines": [int(one.rsplit("-L", 1)[1]) for one in measure.lines],
        "missing": [ask.key for ask in measure.missing],
        "items": list(measure.items),
        "directions": list(measure.directions),
        "fit": measure.fit_zh is not None,
        "because": sorted({reason.check for reason in measure.why if not reason.also}),
        "also": sorted({reason.check for reason in measure.why if reason.also}),
    }
    for key, value in wanted.items():
        mine = got.get(key, getattr(measure, key, None))
        if key in {"missing", "directions"} and value:
            if not set(value) <= set(mine):
                return False
        elif (mine if mine is not None else "none") != (str(value) if key == "deadline" else value):
            return False
    return True


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_the_first_is_the_most_pressing(case: Case) -> None:
    ranks = [{"order": 0, "confirm": 1}.get(one.standing, 2) if one.law else 3 for one in diagnosis(case).measures]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("case", all_cases()[::3], ids=str)
def test_alone_as_in_the_city(case: Case) -> None:
    alone = diagnose(inputs([case], case.day), reference(case.day), case.day, peers=diagnosed(case.day).peers)
    assert to_json(alone.of[case.key]) == to_json(diagnosis(case))


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_what_is_said_holds_together(case: Case) -> None:
    said = diagnosis(case)
    assert from_json(to_json(said)) == said
    assert [one.key for one in said.dimensions] == ["advanced", "digital", "green", "safe"]
    for dimension in said.dimensions:
        assert dimension.score is None, "no score without weights"
        for part in dimension.parts:
            whole(part)
    assert_measures(said)


def whole(part: Part) -> None:
    """A part is known, or says what to ask; a score has its range around it."""
    assert part.formula_zh and part.formula_en and part.source and part.certainty
    if part.score is None:
        assert part.state in {"unknown", "not_applicable"}
        assert part.asks or part.state == "not_applicable", part.key
    else:
        assert part.low is not None and part.high is not None
        assert 0 <= part.low <= part.score <= part.high <= 100
        assert part.grounds, part.key
    if part.state == "partial":
        assert part.asks or part.stand_in, part.key


def assert_measures(said: Diagnosis) -> None:
    ids = [measure.id for measure in said.measures]
    assert len(set(ids)) == len(ids)
    owners: dict[str, str] = {}
    for measure in said.measures:
        assert measure.why, measure.id
        assert measure.appraisal is None
        assert measure.zh and measure.en and "{" not in measure.zh + measure.en
        if measure.standing == "order":
            own = [reason for reason in measure.why if not reason.also]
            assert {reason.certainty for reason in own} == {"transcribed"}
            assert {reason.basis for reason in own} <= {"ledger", "nameplate", "confirmed"}
        if measure.rule != "vsd":
            assert not set(measure.devices) & set(owners), f"{measure.id}: a machine belongs to one measure"
            owners |= dict.fromkeys(measure.devices, measure.id)


def test_there_are_cases_of_every_sort() -> None:
    names = [case.content["name"] for case in all_cases()]
    assert len(names) == len(set(names)) >= 20
    assert all({"parts", "measures", "no_measures"} & set(case.content) for case in all_cases())
