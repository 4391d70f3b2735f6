"""Cases an officer can write (``cases/*.yaml``): what is known of an enterprise, and what its diagnosis says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from jigai.diagnosis import Diagnoses, Diagnosis, Inputs, diagnose
from jigai.diagnosis.inputs import ANSWER, ENTERPRISE, FACT, line_columns
from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening import screen

FOLDER = Path(__file__).with_name("cases")
KEYS = {"name", "as_of", "enterprise", "devices", "lines", "facts", "answers", "parts", "measures", "no_measures"}
ENTERPRISE_KEYS = {"industry", "size", "region"}


@dataclass(frozen=True)
class Case:
    """One enterprise on one day; its key is the file and its place there."""

    file: str
    place: int
    content: dict[str, Any]

    @property
    def key(self) -> str:
        return f"{self.file}-{self.place}"

    @property
    def day(self) -> date:
        return date.fromisoformat(str(self.content["as_of"]))

    def __str__(self) -> str:
        return f"{self.file}: {self.content['name']}"


@cache
def all_cases() -> tuple[Case, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for place, content in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            unknown = set(content) - KEYS | set(content["enterprise"]) - ENTERPRISE_KEYS
            assert not unknown, f"{path.name}, case {place}: unknown keys {sorted(unknown)}"
            found.append(Case(path.stem, place, content))
    return tuple(found)


@cache
def reference(day: date) -> Reference:
    return Reference.load(day)


def frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Rows as a frame; a misspelt column is an error of the case."""
    unknown = {name for row in rows for name in row} - set(schema)
    assert not unknown, f"unknown columns {sorted(unknown)}"
    texts = {name for name, dtype in schema.items() if dtype == pl.String()}
    clean = [{n: str(v) if n in texts and v is not None else v for n, v in row.items()} for row in rows]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in clean], schema=schema, strict=False)


def devices(cases: list[Case]) -> pl.DataFrame:
    """The ledger lines of cases: a device is named by its place, ``of`` says how many lines are alike."""
    rows = []
    for case in cases:
        for place, device in enumerate(case.content.get("devices", ()), 1):
            rows.append({"device_id": f"{case.key}-{place}", **device})
    dtypes = {"device_id": pl.String(), "name": pl.String(), "model": pl.String(), **attribute_dtypes()}
    used = {name for row in rows for name in row} | {"device_id", "name", "model"}
    return frame(rows, {name: dtype for name, dtype in dtypes.items() if name in used})


def inputs(cases: list[Case], day: date) -> Inputs:
    """All cases as one city: screened once."""
    screened = screen(devices(cases), reference(day), day)
    owner = [
        (f"{case.key}-{place}", case.key)
        for case in cases
        for place in range(1, len(case.content.get("devices", ())) + 1)
    ]
    owners = pl.DataFrame(owner, schema={"device_id": pl.String, "enterprise_id": pl.String}, orient="row")
    return Inputs(
        enterprises=frame([_enterprise(case) for case in cases], ENTERPRISE),
        devices=screened.devices.join(owners, on="device_id", maintain_order="left"),
        findings=screened.findings,
        lines=frame([row for case in cases for row in _lines(case)], line_columns()),
        facts=frame([row for case in cases for row in _facts(case)], FACT),
        answers=frame(
            [
                {"enterprise_id": case.key, "key": key, "value": value}
                for case in cases
                for key, value in case.content.get("answers", {}).items()
            ],
            ANSWER,
        ),
    )


def _enterprise(case: Case) -> dict[str, Any]:
    said = case.content["enterprise"]
    values = {"industry_code": said.get("industry"), "size": said.get("size"), "region": said.get("region")}
    return {"enterprise_id": case.key, "name": case.content["name"], **values}


def _lines(case: Case) -> list[dict[str, Any]]:
    lines = enumerate(case.content.get("lines", ()), 1)
    return [{"enterprise_id": case.key, "line": f"{case.key}-L{place}", **line} for place, line in lines]


def _facts(case: Case) -> list[dict[str, Any]]:
    rows = []
    for year, values in case.content.get("facts", {}).items():
        for name, value in values.items():
            row = {"enterprise_id": case.key, "year": year, "attribute": name, "text": str(value)}
            rows.append(row | ({} if isinstance(value, str) else {"number": float(value)}))
    return rows


@cache
def diagnosed(day: date) -> Diagnoses:
    """All cases of a day, diagnosed at once."""
    cases = [case for case in all_cases() if case.day == day]
    return diagnose(inputs(cases, day), reference(day), day)


def diagnosis(case: Case) -> Diagnosis:
    return diagnosed(case.day).of[case.key]
