"""Every case of ``tests/cases/support`` comes out as its author computed it by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.appraisal.support.cases import amounts, ask, held, load, on_day, one

from jigai.appraisal.support.answers import Answer

ANSWERS, WINDOWS = load("answers"), load("windows")
DAYS = [(case, day, status) for case in WINDOWS for day, status in case["days"]]


def differences(answer: Answer, wanted: dict[str, Any]) -> list[str]:
    wrong = []
    for name in {"status", "against", "certainty", "private", "sample", "until"} & set(wanted):
        if getattr(answer, name) != wanted[name]:
            wrong.append(f"{name}: {getattr(answer, name)!r}, expected {wanted[name]!r}")
    for name in {"amounts", "draft"} & set(wanted):
        if getattr(answer, name) != amounts(wanted[name]):
            wrong.append(f"{name}: {getattr(answer, name)}, expected {wanted[name]}")
    for name in {"missing", "failed", "notes"} & set(wanted):
        told = [said.zh for said in getattr(answer, name)]
        wrong += [f"{name}: {words!r} not in {told}" for words in wanted[name] if not any(words in t for t in told)]
    if "fields" in wanted:
        found = sorted(check.field for check in answer.checks if check.says is not None and not check.firm)
        if found != sorted(wanted["fields"]):
            wrong.append(f"fields: {found}, expected {wanted['fields']}")
    if "no_amount" in wanted and wanted["no_amount"] not in (answer.no_amount.zh if answer.no_amount else ""):
        wrong.append(f"no_amount: {answer.no_amount}")
    if "together" in wanted and [" ".join(pair) for pair in answer.together] != wanted["together"]:
        wrong.append(f"together: {answer.together}")
    return wrong


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    answers = ask(case["case"], case["as_of"])
    for wanted in case["answers"]:
        answer = one(answers, wanted["instrument"], wanted.get("subject"))
        assert differences(answer, wanted) == [], wanted["instrument"]


@pytest.mark.parametrize(("case", "day", "status"), DAYS, ids=lambda value: str(value)[:40])
def test_window(case: dict[str, Any], day: date, status: str) -> None:
    found = one(ask(on_day(case["case"], day), case.get("as_of", day)), case["instrument"])
    assert (found.status, found.against) == (status.split()[0], status.endswith("against")), found.missing


def test_cases_name_their_source_and_say_only_what_is_looked_at() -> None:
    known = {
        "instrument",
        "subject",
        "status",
        "against",
        "certainty",
        "private",
        "sample",
        "until",
        "amounts",
        "draft",
    }
    known |= {"missing", "failed", "notes", "fields", "no_amount", "together"}
    assert [case["name"] for case in ANSWERS if not case.get("source")] == []
    assert [case["name"] for case in ANSWERS for wanted in case["answers"] if set(wanted) - known] == []
    names = [case["name"] for case in (*ANSWERS, *WINDOWS)]
    assert len(names) == len(set(names))


def test_every_instrument_has_a_case() -> None:
    asked = {wanted["instrument"] for case in ANSWERS for wanted in case["answers"]}
    assert set(held().instruments) - asked == set()
