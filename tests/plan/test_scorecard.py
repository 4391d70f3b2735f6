"""Scorecards: by hand in ``cases/scorecard.yaml``, and what holds of every one of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.building import decimal

from jigai.plan.frozen import FORM, FrozenError, digest, freeze, thaw
from jigai.plan.scorecard import ROWS, TOTALS, Item, Scorecard, ScorecardError, scorecard
from jigai.plan.scoring import MEASURES, Cell
from jigai.screening.sentences import templates

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "scorecard.yaml").read_text(encoding="utf-8"))
NAMES = {"zh": "reason_zh", "en": "reason_en"}
WORDS = ("unit", "item", "objective", "measure", "operator", "not_applicable", "drill")


def numbers(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in WORDS else decimal(value) for name, value in content.items()}


def built(case) -> Scorecard:
    cells = [numbers(cell) for cell in case["cells"]]
    for cell in cells:
        if "not_applicable" in cell:
            cell["not_applicable"] = tuple(cell["not_applicable"])
    items = [Item(**numbers(item) | {"unit": item.get("unit", "")}) for item in case["items"]]
    return scorecard(items, case["units"], [Cell(**cell) for cell in cells])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    made = built(case)
    rows = {(row["unit"], row["item"]): row for row in made.rows.iter_rows(named=True)}
    for wanted in case.get("rows", ()):
        row = rows[wanted["unit"], wanted["item"]]
        for name, value in wanted.items():
            said = row[NAMES.get(name, name)]
            same = value if name in ("unit", "item", "state", "zh", "en") else decimal(value)
            assert said == same, (name, row)
    totals = {row["unit"]: row for row in made.totals.iter_rows(named=True)}
    for wanted in case.get("totals", ()):
        row = totals[wanted["unit"]]
        assert {name: row[name] for name in wanted} == {
            name: value if name in ("unit", "tied") else decimal(value) for name, value in wanted.items()
        }
    if "totals" in case:
        assert made.totals["unit"].to_list() == [wanted["unit"] for wanted in case["totals"]]


def test_every_measure_and_sentence_has_its_case():
    assert set(templates("jigai.plan", "data/score_measures.csv")) == set(MEASURES)
    assert {item["measure"] for case in CASES for item in case["items"]} == set(MEASURES)
    said = " ".join(text for case in CASES for text in built(case).rows["reason_zh"])
    for row in templates("jigai.plan", "data/score_sentences.csv").values():
        longest = max(row["zh"].replace("{", "}").split("}")[::2], key=len)
        assert longest in said, row["key"]


FIGURE = st.none() | st.decimals(-50, 200, places=2)
SHARE = st.none() | st.decimals(0, 1, places=3)
WEIGHT = st.decimals("0.01", 60, places=2)


OPERATORS = (">", ">=", "<", "<=", "=", "up", "down")


@st.composite
def cards(draw):
    """Items, units and cells of any kind, also such as no plan would have."""
    items = [
        Item(f"O{number}", draw(WEIGHT), draw(st.sampled_from(MEASURES)),
             draw(st.sampled_from(OPERATORS)), draw(st.sampled_from(["亿元", "%", "家"])),
             draw(st.sampled_from([Decimal(1), Decimal("1.2")])))
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    units = [f"u{number}" for number in range(draw(st.integers(1, 5)))]
    cells = [
        Cell(unit, item.objective, draw(FIGURE), draw(FIGURE), draw(FIGURE), draw(FIGURE), draw(SHARE), draw(FIGURE),
             draw(st.none() | st.decimals(0, 90, places=0)), ("无", "none") if draw(st.integers(0, 4)) == 0 else None)
        for unit in units for item in items if draw(st.integers(0, 5))
    ]  # fmt: skip
    return items, units, cells


@settings(deadline=None, max_examples=60)
@given(cards(), st.randoms())
def test_of_every_scorecard(card, random):
    items, units, cells = card
    made = scorecard(items, units, cells)
    assert (made.rows.schema, made.totals.schema) == (ROWS, TOTALS)
    assert made.rows.height == len(units) * len(items)
    total = sum(item.weight for item in items)
    for unit in made.totals.iter_rows(named=True):
        own = made.rows.filter(unit=unit["unit"])
        assert unit["points"] == own["points"].sum()
        assert unit["max"] == own["max"].sum()
        applies = (own["state"] != "not_applicable").any()
        # Whatever does not apply, the weights of a unit sum to the same.
        assert own["weight"].sum() == (total if applies else 0)
        assert (unit["rank"] is None) == (not applies)
        better = made.totals.filter(pl.col("rank").is_not_null() & (pl.col("points") > unit["points"])).height
        assert unit["rank"] in (None, better + 1)
    for row in made.rows.iter_rows(named=True):
        assert 0 <= row["points"] <= row["max"]
        assert row["reason_zh"] and row["reason_en"] and "{" not in row["reason_zh"] + row["reason_en"]
        assert row["points"] == 0 or row["state"] in ("counted", "grey")
        assert (row["score"] is None) == (row["state"] in ("missing", "not_applicable"))
    shuffled = scorecard(items, random.sample(units, len(units)), random.sample(cells, len(cells)))
    assert shuffled.totals.equals(made.totals)
    assert shuffled.rows.sort("unit", "item").equals(made.rows.sort("unit", "item"))
    kept = freeze(made, {"plan": "p"})
    assert freeze(shuffled, {"plan": "p"}) == kept
    back, about = thaw(kept, digest(kept))
    assert about == {"plan": "p"}
    assert back.items == made.items
    assert back.totals.equals(made.totals)
    assert freeze(back, about) == kept


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: case["name"])
def test_any_change_changes_the_hash(case):
    kept = freeze(built(case), {"period": "2026"})
    assert kept.endswith(b"\n") and FORM.encode() in kept
    assert digest(kept) != digest(freeze(built(case), {"period": "2025"}))
    changed = [*case["cells"][1:], case["cells"][0] | {"value": 1.5}]
    assert digest(kept) != digest(freeze(built(case | {"cells": changed}), {"period": "2026"}))
    with pytest.raises(FrozenError, match="hash differs"):
        thaw(kept.replace(b"2026", b"2025"), digest(kept))
    other = kept.replace(FORM.encode(), b"jigai-scorecard-0")
    with pytest.raises(FrozenError, match="jigai-scorecard-0"):
        thaw(other, digest(other))


def test_what_opens_the_figure_is_kept():
    item = Item("O1", Decimal(100), "target", ">", "亿元")
    made = scorecard([item], ["a"], [Cell("a", "O1", Decimal(1), Decimal(2), drill="equipment?unit=a&year=2026")])
    assert made.rows["drill"].item() == "equipment?unit=a&year=2026"


ONE = Item("O1", Decimal(50), "target", ">", "亿元")


@pytest.mark.parametrize(
    ("items", "units", "cells", "said"),
    [
        ([ONE, ONE], ["a"], [], "item there twice: O1"),
        ([ONE], ["a", "a"], [], "unit there twice: a"),
        ([ONE], ["a"], [Cell("b", "O1")], "no unit 'b' with an item 'O1'"),
        ([ONE], ["a"], [Cell("a", "O2")], "no unit 'a' with an item 'O2'"),
        ([ONE], ["a"], [Cell("a", "O1"), Cell("a", "O1")], "a, O1: there twice"),
    ],
)
def test_what_is_no_scorecard_is_refused(items, units, cells, said):
    with pytest.raises(ScorecardError, match=said):
        scorecard(items, units, cells)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"measure": "luck"}, "no measure 'luck'"),
        ({"weight": Decimal(0)}, "weight 0"),
        ({"weight": Decimal("33.333")}, "two decimals at most"),
        ({"floor": Decimal(2)}, "leave nothing between"),
        ({"cap": Decimal(0)}, "leave nothing between"),
    ],
)
def test_what_is_no_item_is_refused(own, said):
    with pytest.raises(ScorecardError, match=said):
        Item(**{"objective": "O1", "weight": Decimal(50), "measure": "target", **own})


def test_only_scorecards_are_kept():
    made = scorecard([ONE], ["a"], [])
    with pytest.raises(TypeError, match="cannot be kept"):
        freeze(made, {"plan": object()})
