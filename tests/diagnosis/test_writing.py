"""A diagnosis is written as canonical JSON and read back the same."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace

import pytest
from tests.diagnosis.cases import all_cases, diagnosis
from tests.diagnosis.made import fact, life, made, motor, run

from jigai.diagnosis import Diagnosis, from_json, to_json
from jigai.diagnosis.tables import keyed, table


@pytest.fixture
def said() -> Diagnosis:
    return run(made([motor("x")], [life("x", 3)], facts=[fact("machinery_net", 1), fact("machinery_original", 3)])).of[
        "a"
    ]


def test_unknown_is_a_word_and_never_a_number(said: Diagnosis) -> None:
    parts = [part for one in json.loads(to_json(said))["dimensions"] for part in one["parts"]]
    written = {part["key"]: part["score"] for part in parts}
    assert written["newness"] == 33.333333
    assert written["nc_rate"] == "unknown"
    for part in parts:
        assert (part["score"] == "unknown") == (part["state"] in {"unknown", "not_applicable"})


def test_the_same_diagnosis_is_the_same_bytes(said: Diagnosis) -> None:
    text = to_json(said)
    assert to_json(from_json(text)) == text
    assert from_json(text) == said
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert '"as_of":"2026-11-23"' in text and '"format":1' in text


def test_whatever_a_case_says_comes_back(said: Diagnosis) -> None:
    for case in all_cases()[::5]:
        assert from_json(to_json(diagnosis(case))) == diagnosis(case)


@pytest.mark.parametrize("text", ["[]", "{}", '{"format":2}'])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="format 1"):
        from_json(text)


def test_what_was_said_cannot_be_changed(said: Diagnosis) -> None:
    with pytest.raises(FrozenInstanceError):
        said.name = "other"  # type: ignore[misc]
    assert replace(said, name="other") != said


def test_an_unknown_part_is_named(said: Diagnosis) -> None:
    with pytest.raises(KeyError, match="beauty"):
        said.part("beauty")


def test_every_part_has_its_words_and_its_place() -> None:
    dimensions = [row["key"] for row in table("dimensions.csv")]
    assert [row["dimension"] for row in table("parts.csv")] == sorted(
        (row["dimension"] for row in table("parts.csv")), key=dimensions.index
    )
    for row in table("parts.csv"):
        assert all(row[name] for name in row if name != "unit"), row["part"]
    assert {row["part"] for row in table("scales.csv")} <= set(keyed("parts.csv", "part"))
