"""Frames of a diagnosis made directly, without screening: small, and every figure in the hand of the test."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from tests.diagnosis.cases import frame, reference

from jigai.diagnosis import Diagnoses, Inputs, diagnose
from jigai.diagnosis.inputs import ANSWER, ENTERPRISE, FACT, device_columns, line_columns
from jigai.screening.schema import FINDING

DAY = date(2026, 11, 23)
FINDINGS = {"device_id": pl.String(), **FINDING}
Row = dict[str, Any]


def finding(device_id: str, check: str, outcome: str, **more: Any) -> Row:
    """A finding as screening would say it: from the ledger, by a row that was transcribed, unless told otherwise."""
    said = {
        "mandatory": False,
        "basis": "ledger",
        "certainty": "transcribed",
        "rule_id": f"{check}-1",
        "document": "某文件",
    }
    return {"device_id": device_id, "check": check, "outcome": outcome, **said, **more}


def life(device_id: str, age: float | None, limit: float = 10) -> Row:
    """What the service life check says of an age [a]."""
    if age is None:
        return finding(device_id, "service_life", "undecided", limit=limit, missing="made_year", certainty="recalled")
    outcome = "over_age" if age > limit else "within"
    return finding(device_id, "service_life", outcome, value=age, limit=limit, certainty="recalled")


def motor(device_id: str, enterprise: str = "a", **more: Any) -> Row:
    return {
        "enterprise_id": enterprise,
        "device_id": device_id,
        "kind": "motor",
        "name": "电机",
        "power_kw": 11.0,
        **more,
    }


def made(
    devices: list[Row] = (),  # type: ignore[assignment]
    findings: list[Row] = (),  # type: ignore[assignment]
    enterprises: list[Row] = ({"enterprise_id": "a", "industry_code": "3484"},),  # type: ignore[assignment]
    lines: list[Row] = (),  # type: ignore[assignment]
    facts: list[Row] = (),  # type: ignore[assignment]
    answers: list[Row] = (),  # type: ignore[assignment]
) -> Inputs:
    return Inputs(
        frame(list(enterprises), ENTERPRISE),
        frame(list(devices), device_columns()),
        frame(list(findings), FINDINGS),
        frame(list(lines), line_columns()),
        frame(list(facts), FACT),
        frame(list(answers), ANSWER),
    )


def fact(name: str, number: float, year: int = 2025, enterprise: str = "a", site: str | None = None) -> Row:
    return {"enterprise_id": enterprise, "site": site, "year": year, "attribute": name, "number": number}


def run(inputs: Inputs, **options: Any) -> Diagnoses:
    return diagnose(inputs, reference(DAY), DAY, **options)
