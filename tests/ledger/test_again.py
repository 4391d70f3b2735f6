"""Which device a line of a later ledger is (D9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.ledger.again import LIKENESS, NUMBERS, find_again

CASES = yaml.safe_load(Path(__file__).with_name("again.yaml").read_text(encoding="utf-8"))
TEXTS = dict.fromkeys((*NUMBERS, *LIKENESS), pl.String())


def known(rows: list[dict[str, Any]]) -> pl.DataFrame:
    named = [{"device": place, "site": 1, "held": False, **row} for place, row in enumerate(rows, 1)]
    return pl.DataFrame(named, schema={"device": pl.Int64(), "site": pl.Int64(), "held": pl.Boolean(), **TEXTS})


def lines(rows: list[dict[str, Any]]) -> pl.DataFrame:
    named = [{"device_id": f"r{place}", "site": 1, **row} for place, row in enumerate(rows, 1)]
    return pl.DataFrame(named, schema={"device_id": pl.String(), "site": pl.Int64(), **TEXTS})


def places(rows: dict[str, int] | None) -> pl.DataFrame | None:
    schema = {"device_id": pl.String(), "device": pl.Int64()}
    return None if rows is None else pl.DataFrame(list(rows.items()), schema=schema, orient="row")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    told = find_again(known(case["known"]), lines(case["lines"]), places(case.get("places")))
    assert {f"{line}": (device, how) for line, device, how in told.found.rows()} == {
        line: tuple(pair) for line, pair in case.get("found", {}).items()
    }
    assert told.added["device_id"].to_list() == case.get("added", [])
    asked = {line: [why, *candidates] for line, why, candidates in told.asked.rows()}
    assert asked == case.get("asked", {})
    assert told.gone["device"].to_list() == case.get("gone", [])


few = st.one_of(st.none(), st.sampled_from(["A", "B"]))
device = st.fixed_dictionaries({**dict.fromkeys(LIKENESS, few), "code": st.one_of(st.none(), st.sampled_from("123"))})
held = st.booleans()


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(device, held), max_size=8), st.lists(device, max_size=8), st.booleans())
def test_every_line_and_every_device_is_accounted_for_once(then, now, copy):
    before = known([{**row, "held": hangs} for row, hangs in then])
    stood = {f"r{place}": place for place in range(1, min(len(then), len(now)) + 1)}
    told = find_again(before, lines(now), places(stood if copy else None))
    of_lines = [*told.found["device_id"], *told.added["device_id"], *told.asked["device_id"]]
    assert sorted(of_lines) == sorted(f"r{place}" for place in range(1, len(now) + 1))
    candidates = set(told.asked["candidates"].explode(empty_as_null=True).drop_nulls())
    settled = [*told.found["device"], *told.gone["device"]]
    assert len(settled) == len(set(settled))
    assert candidates.isdisjoint(settled)
    assert candidates | set(settled) == set(before["device"])


@settings(deadline=None, max_examples=100)
@given(st.lists(device, max_size=8))
def test_the_same_ledger_again_asks_nothing_and_changes_nothing_where_machines_can_be_told(rows):
    told = find_again(known([{**row, "held": True} for row in rows]), lines(rows))
    assert told.asked.is_empty()
    tellable = {f"r{place}" for place, row in enumerate(rows, 1) if row["model"]}
    assert tellable <= set(told.found["device_id"])
    for line, number in told.found.select("device_id", "device").rows():
        one, twin = rows[int(line[1:]) - 1], rows[number - 1]
        assert {name: one[name] for name in LIKENESS} == {name: twin[name] for name in LIKENESS}


@settings(deadline=None, max_examples=100)
@given(st.lists(device, max_size=8), st.lists(device, max_size=8))
def test_what_is_found_by_number_does_not_hang_on_the_order(then, now):
    told = find_again(known(then), lines(now))
    turned = find_again(known(then), lines(now)[::-1])
    by_number = pl.col("how").is_in(NUMBERS)
    assert sorted(told.found.filter(by_number).rows()) == sorted(turned.found.filter(by_number).rows())
