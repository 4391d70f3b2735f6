"""Every case of cells.yaml, and what must hold for any text in any cell."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.ledger.cells import KEPT, parse
from jigai.ledger.columns import attribute, attributes
from jigai.ledger.problems import wordings

AS_OF = date(2026, 11, 23)
TABLE = yaml.safe_load((Path(__file__).parent / "cells.yaml").read_text(encoding="utf-8"))
CASES = [(key, *case) for key, cases in TABLE.items() for case in cases]
READ = [item for item in attributes() if item.role not in {"provenance", "derived"}]


def read_one(name: str, cell: str | None, unit: str = "") -> tuple[Any, str | None]:
    found = parse(pl.Series([cell], dtype=pl.String), attribute(name), unit, AS_OF)
    return found["value"][0], found["code"][0]


def test_there_are_cases_for_every_type() -> None:
    assert len(CASES) >= 120
    assert {attribute(key.split(" @ ")[0]).type for key, *_ in CASES} >= {
        "text",
        "number",
        "integer",
        "year",
        "choice",
        "flag",
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[1]}")
def test_cell(case: tuple[Any, ...]) -> None:
    key, cell, expected, *code = case
    name, _, unit = key.partition(" @ ")
    value, found = read_one(name, cell, unit)
    assert found == (code[0] if code else None)
    if isinstance(expected, float):
        assert value == pytest.approx(expected, rel=1e-9)
    else:
        assert value == expected


def test_two_voltages_go_to_two_attributes() -> None:
    raw = pl.Series(["10/0.4kV", "380/660V", "380V"])
    found = parse(raw, attribute("voltage_kv"))
    assert found["lv_kv"].to_list() == [0.4, None, None]
    assert found["voltage2_kv"].to_list() == [None, 0.66, None]


def test_without_a_day_nothing_before_2100_is_the_future() -> None:
    found = parse(pl.Series(["2099", "2101"]), attribute("made_year"))
    assert found["value"].to_list() == [2099, None]
    assert found["code"].to_list() == [None, "out_of_range"]


def test_every_code_has_words() -> None:
    codes = {code for _, _, _, *rest in CASES for code in rest}
    assert codes - {"not_a_choice"} <= set(wordings())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=24)), min_size=1, max_size=12))
def test_no_text_raises(cells: list[str | None]) -> None:
    raw = pl.Series(cells, dtype=pl.String)
    for name in ("power_kw", "voltage_kv", "made_year", "quantity", "use_state", "networked", "model", "lift_t"):
        found = parse(raw, attribute(name), "", AS_OF)
        assert found.height == len(cells)
        used = found.filter(pl.col("value").is_not_null())
        assert used["code"].drop_nulls().is_in(list(KEPT)).all()


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet="0123456789.,-~/+×%kKwWvVaA年月〇一二七八十約约 （）()eE", max_size=14))
def test_numbers_and_years_stay_in_range(cell: str) -> None:
    raw = pl.Series([cell], dtype=pl.String)
    for item in READ:
        value = parse(raw, item, "", AS_OF)["value"][0]
        if item.type in {"number", "integer"} and value is not None:
            assert math.isfinite(value)
            assert item.minimum is None or value >= item.minimum
            assert item.maximum is None or value <= item.maximum
        if item.type == "year" and value is not None:
            assert 1900 <= value <= AS_OF.year


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value="0.001", max_value=99999, places=3))
def test_clean_numbers_read_as_they_are_and_again(number: Any) -> None:
    value, code = read_one("power_kw", str(number))
    assert code is None
    assert value == pytest.approx(float(number), rel=1e-11)
    assert read_one("power_kw", f"{value!r}kW") == (value, None)


@settings(max_examples=100, deadline=None)
@given(st.integers(1900, 2026), st.integers(1, 12))
def test_clean_years_read_the_same_in_every_notation(year: int, month: int) -> None:
    both = [f"{year}.{month}", f"{year}年{month}月", f"{year}-{month:02}-01", f"{year}/{month}/1"]
    notations = [f"{year}", f"{year}年", *both]
    found = parse(pl.Series(notations), attribute("made_year"), "", AS_OF)
    assert found["value"].to_list() == [year] * len(notations)
    assert found["code"].null_count() == len(notations)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 1.5))
def test_a_fraction_never_becomes_a_percentage(fraction: float) -> None:
    assert read_one("efficiency_pct", f"{fraction:.4f}") in {(None, "fraction_in_percent")}
