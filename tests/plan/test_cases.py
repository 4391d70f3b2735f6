"""Every case of ``tests/cases/plan`` comes out as its author computed it by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from tests.plan.cases import Case, all_cases, day, read

from jigai.plan.figures import Figure, figure, figures
from jigai.plan.registry import registry

CASES = all_cases()


def same(wanted: Any, found: Any) -> bool:
    if wanted is None or found is None:
        return wanted is None and found is None
    if isinstance(found, bool):
        return bool(wanted) is found
    if isinstance(found, int | float | Decimal):
        return abs(float(str(wanted)) - float(found)) < 1e-8 * max(1.0, abs(float(found)))
    return str(wanted).replace("·", " ") == str(found)


def of_figure(found: Figure, name: str) -> Any:
    held = getattr(found, name)
    return held.key if name == "reason" and held else held


def differences(wanted: str, found: pl.DataFrame, by: tuple[str, ...]) -> list[str]:
    """What a table of expected rows and the rows found do not share; only the columns written are compared."""
    rows = {tuple(str(row[name]) for name in by): row for row in found.to_dicts()}
    asked = read(wanted)
    wrong = [f"{key}: not expected" for key in rows if key not in {tuple(str(r[n]) for n in by) for r in asked}]
    for row in asked:
        key = tuple(str(row[name]) for name in by)
        if key not in rows:
            wrong.append(f"{key}: absent; there are {sorted(rows)}")
            continue
        wrong += [
            f"{key} {name}: {rows[key][name]!r}, expected {value!r}"
            for name, value in row.items()
            if name not in by and not same(value, rows[key][name])
        ]
    return wrong


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    for step in case.steps:
        contributions = case.compute(day(step))
        shown = f"{case} on {day(step)}\n{contributions.to_dicts()}"
        found = figure(case.indicator, contributions)
        for name, value in step.get("figure", {}).items():
            held = of_figure(found, name)
            agree = value == dict(held) if name == "standings" else same(value, held)
            assert agree, f"{name}: {held!r}, expected {value!r}\n{shown}"
        if "rows" in step:
            by = ("key", "group") if "group" in read(step["rows"])[0] else ("key",)
            assert differences(step["rows"], contributions, by) == [], shown
        for columns, wanted in step.get("by", {}).items():
            by = tuple(columns.split("+"))
            assert differences(wanted, figures(case.indicator, contributions, by), by) == [], shown


def test_every_indicator_has_a_case() -> None:
    assert set(registry()) - {case.content["indicator"] for case in CASES} == set()


def test_no_two_cases_share_a_name() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)


def test_cases_say_only_what_is_looked_at() -> None:
    known = {"name", "indicator", "period", "known_on", "parameters", "owners", "sources", "absent"}
    known |= {"figure", "rows", "by", "later"}
    assert [str(case) for case in CASES if set(case.content) - known] == []
    assert [str(case) for case in CASES if not {"figure", "rows", "by"} & set(case.content)] == []
