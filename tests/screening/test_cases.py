"""Every case of ``tests/cases`` holds."""

from __future__ import annotations

import pytest
from tests.screening.cases import Case, agrees, all_cases, results


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_case(case: Case):
    device, findings = results()[case.device_id]
    told = "\n".join(
        f"  {f['check']} {f['outcome']} {f['rule_id']} {f['basis']} {f['certainty']} "
        f"limit={f['limit']} value={f['value']} missing={f['missing']} deadline={f['deadline']}: {f['reason_zh']}"
        for f in findings
    )
    shown = f"{case}\nkind {device['kind']} ({device['kind_reason']}), verdict {device['verdict']}\n{told}"
    if "verdict" in case.content:
        assert device["verdict"] == case.content["verdict"], shown
    if "missing" in case.content:
        assert case.content["missing"] in (device["missing"] or ""), shown
    for wanted in case.content.get("findings", ()):
        assert any(agrees(wanted, finding) for finding in findings), f"not found: {wanted}\n{shown}"
    for unwanted in case.content.get("not", ()):
        assert not any(agrees(unwanted, finding) for finding in findings), f"must not be: {unwanted}\n{shown}"


def test_there_are_enough_cases():
    assert len(all_cases()) >= 200
    assert len({case.content["name"] for case in all_cases()}) == len(all_cases()), "two cases share a name"


def test_every_case_asks_for_something():
    assert [str(c) for c in all_cases() if not {"verdict", "missing", "findings", "not"} & set(c.content)] == []
