"""What indicators ask for is what the site keeps: annual figures, registers and their choices, by name."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.ground.repository import ROOT

from jigai.plan.figures import figure
from jigai.plan.parameters import parameters
from jigai.plan.period import Period
from jigai.plan.registry import registry
from jigai.plan.sources import REGISTER, Sources, described
from jigai.plan.standings import scale

SITE = ROOT / "src/jigai/platform"
REGISTERS = SITE / "registers/data"
TYPES = {"integer": pl.Int64(), "number": pl.Float64(), "year": pl.Int32(), "date": pl.Date(), "flag": pl.Boolean()}
VALUES: dict[str, Any] = {"integer": 3, "number": 50.0, "year": 2025, "date": date(2025, 6, 1), "flag": True}
KNOWN_ON = date(2026, 6, 30)
YEARLY = [one for one in registry().values() if set(one.sources) == {"listed", "facts"}]
KEPT = [one for one in registry().values() if one.sources[0].startswith(REGISTER)]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def frame(source: str, rows: list[dict[str, Any]], own: dict[str, pl.DataType] | None = None) -> pl.DataFrame:
    schema = {**(own or {}), **described()[source]}
    held = {name: pl.String() if isinstance(dtype, pl.Decimal) else dtype for name, dtype in schema.items()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=held)


def whole_sheet() -> list[dict[str, Any]]:
    """Every annual figure there is, of one enterprise with one site."""
    said = {"flag": ("1", "1"), "choice": (None, "二级"), "text": (None, "有")}
    made = []
    for row in rows_of(SITE / "enterprises/facts.csv"):
        number, value = said.get(row["type"], ("10", "10"))
        owner = {"legal_person": 1, "site": 11 if row["subject"] == "site" else None, "state": "confirmed"}
        made.append(owner | {"year": 2025, "attribute": row["name"], "number": number, "value": value})
    return made


@pytest.mark.parametrize("one", YEARLY, ids=lambda one: one.id)
def test_an_enterprise_that_fills_its_whole_sheet_counts_everywhere(one):
    owner = {"legal_person": 1, "name": "全厂", "year": 2025}
    listed = [owner | {"level": "legal_person"}, owner | {"site": 11, "level": "site"}]
    loaders = {"listed": lambda: frame("listed", listed), "facts": lambda: frame("facts", whole_sheet())}
    found = figure(one, one.compute(Sources(KNOWN_ON, loaders), Period(2025)))
    assert (found.should, found.reported, dict(found.standings)) == (1, 1, {"counted": 1})
    assert found.value is not None


def columns_of(key: str) -> dict[str, str]:
    """The columns of a register and of those it is about, with their types."""
    subject = next(
        line.split(":")[1].strip()
        for line in (REGISTERS / key / "register.yaml").read_text(encoding="utf-8").splitlines()
        if line.startswith("subject:")
    )
    rows = [*rows_of(REGISTERS / "_subjects" / f"{subject}.csv"), *rows_of(REGISTERS / key / "columns.csv")]
    return {row["name"]: row["type"] for row in rows}


@pytest.mark.parametrize("one", KEPT, ids=lambda one: one.id)
@pytest.mark.parametrize("written", ["typed", "as text", "empty"])
def test_an_indicator_of_a_register_finds_its_columns(one, written):
    key = one.sources[0].removeprefix(REGISTER)
    types = columns_of(key)
    own = {name: TYPES.get(kind, pl.String()) for name, kind in types.items()}
    if written == "as text":  # days as a register keeps them
        own = {name: pl.String() if dtype == pl.Date() else dtype for name, dtype in own.items()}
    entry: dict[str, Any] = {"entry": 1, "title": "一条", "legal_person": 1, "manager_code": "DQ"}
    for name, kind in types.items():
        value = VALUES.get(kind, "甲")
        text = written == "as text" and kind == "date" and name not in described()["register"]
        entry[name] = value.isoformat() if text else value
    rows = [] if written == "empty" else [entry]
    loaders = {one.sources[0]: lambda: frame("register", rows, own)}
    given = {"own_city_name": "甲市"}
    found = one.compute(Sources(KNOWN_ON, loaders), Period(2025), given)
    assert written == "empty" or found.height == 1


def choices(path: str, attribute: str) -> list[str]:
    return [row["choice"] for row in rows_of(REGISTERS / path / "choices.csv") if row["attribute"] == attribute]


@pytest.mark.parametrize(
    ("name", "register", "attribute"),
    [
        ("green_level", "green-factories", "level"),
        ("park_level", "park-risk", "level"),
        ("tier", "two-integration", "tier"),
    ],
)
def test_scales_are_the_choices_of_the_registers(name, register, attribute):
    assert set(scale(name)) == set(choices(register, attribute))


def test_states_and_grades_that_are_asked_for_are_choices():
    assert {"removed", "upgraded", "watch", "kept"} == set(choices("green-factories", "state"))
    assert "cancelled" in choices("guidance-visits", "state")
    allowed = parameters()["environmental_top_grades"].allowed.split("|")
    assert set(allowed) == set(choices("environmental-grades", "grade"))


def test_levels_of_digital_maturity_are_those_of_the_sheet():
    row = next(row for row in rows_of(SITE / "enterprises/facts.csv") if row["name"] == "digital_level")
    assert set(row["choices"].split("|")) == set(scale("digital_level")) - {"未诊断"}


def test_directions_and_grounds_are_those_the_sources_name():
    text = (ROOT / "src/jigai/plan/data/sources.csv").read_text(encoding="utf-8")
    assert f"primary direction: {' '.join(scale('direction'))}" in text
    assert "confirmed proxy or empty (not judged)" in text
