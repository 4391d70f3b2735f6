"""Cases that an officer can write: a device and a day in, verdict and findings out (``tests/cases/*.yaml``)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening import screen

FOLDER = Path(__file__).resolve().parents[1] / "cases"
KEYS = {"name", "as_of", "device", "verdict", "missing", "findings", "not"}


@dataclass(frozen=True)
class Case:
    """One device on one day, with what must and what must not be found."""

    file: str
    place: int
    content: dict[str, Any]

    @property
    def device_id(self) -> str:
        return f"{self.file}-{self.place}"

    @property
    def as_of(self) -> date:
        day = self.content["as_of"]
        return day if isinstance(day, date) else date.fromisoformat(day)

    def __str__(self) -> str:
        return f"{self.file}: {self.content['name']}"


@cache
def all_cases() -> tuple[Case, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for place, content in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            unknown = set(content) - KEYS
            assert not unknown, f"{path.name}, case {place}: unknown keys {sorted(unknown)}; known are {sorted(KEYS)}"
            found.append(Case(path.stem, place, content))
    return tuple(found)


@cache
def results() -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """All cases of a day judged in one frame: device id → (device, findings)."""
    days = defaultdict(list)
    for case in all_cases():
        days[case.as_of].append(case)
    judged = {}
    for day, cases in days.items():
        screening = screen(frame(cases), Reference.load(day), day)
        devices = {row["device_id"]: row for row in screening.devices.iter_rows(named=True)}
        findings = defaultdict(list)
        for finding in screening.findings.iter_rows(named=True):
            findings[finding["device_id"]].append(finding)
        judged |= {name: (device, findings[name]) for name, device in devices.items()}
    return judged


def frame(cases: list[Case]) -> pl.DataFrame:
    """The devices of cases as a ledger frame; a misspelt attribute is an error of the case."""
    dtypes = {"name": pl.String(), "model": pl.String(), **attribute_dtypes()}
    rows = []
    for case in cases:
        unknown = set(case.content["device"]) - set(dtypes)
        assert not unknown, f"{case}: unknown attributes {sorted(unknown)}"
        rows.append({"device_id": case.device_id, **case.content["device"]})
    names = [name for name in dtypes if name != "device_id" and any(name in row for row in rows)]
    schema = {"device_id": pl.String(), **{name: dtypes[name] for name in dict.fromkeys(["name", "model", *names])}}
    texts = {name for name, dtype in schema.items() if dtype == pl.String()}
    clean = [{n: str(v) if n in texts and v is not None else v for n, v in row.items()} for row in rows]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in clean], schema=schema)


def agrees(wanted: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Whether a finding has all the named values; texts in document and reasons need only occur."""
    for key, value in wanted.items():
        got = finding[key]
        if isinstance(value, float | int) and not isinstance(value, bool):
            if got is None or abs(got - value) > 1e-6 * max(1.0, abs(value)):
                return False
        elif key in ("document", "reason_zh", "reason_en", "missing") and value is not None:
            if got is None or str(value) not in got:
                return False
        elif isinstance(value, date):
            if got != value.isoformat():
                return False
        elif got != value:
            return False
    return True
