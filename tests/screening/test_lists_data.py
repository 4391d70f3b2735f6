"""The lists as data: nothing of the sources was lost, and every rule can be tested."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.reference.condition import parse

DAY = date(2026, 11, 23)
COUNTS = {"elimination-1": 238, "elimination-2": 203, "elimination-3": 337, "elimination-4": 126}
LISTS = [*COUNTS, "guidance-2024", "mine-ban-coal-1", "mine-ban-coal-2", "mine-ban-metal-1", "steel-phase-out"]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


def test_every_row_of_the_four_batches_is_a_rule(reference):
    ids = {name: reference.table(name)["entry_id"].n_unique() for name in COUNTS}
    assert sum(ids.values()) == 911
    assert ids["elimination-3"] == 337
    assert ids["elimination-4"] == 126


def test_every_entry_of_the_directory_and_the_notices_is_a_rule():
    later, earlier = Reference.load(DAY), Reference.load(date(2023, 6, 1))
    held = set()
    for reference in (later, earlier):
        for dataset in reference.datasets.values():
            if "rules" in dataset.tables and "entry_id" in dataset.tables["rules"].columns:
                held |= set(dataset.tables["rules"]["entry_id"])
    held |= set(later.table("foundry-iron-2011", "criteria")["entry_id"])
    obsolete = {name for name in held if name.startswith("OB-")}
    assert len(obsolete) == 144
    assert len({name for name in held if name.startswith("IND2024-")}) == 13


@pytest.mark.parametrize("name", LISTS)
def test_every_rule_can_find_a_device(reference, name):
    rules = reference.table(name)
    aimless = rules.filter(
        pl.col("series").is_null()
        & pl.col("models").is_null()
        & pl.col("name_any").is_null()
        & pl.col("name_not").is_null()
        & pl.col("condition").is_null()
    )
    assert aimless["entry_id"].to_list() == []


@pytest.mark.parametrize("name", LISTS)
def test_every_kind_is_known_and_every_attribute_asked_exists(reference, name):
    kinds = set(reference.table("kinds", "kinds")["kind"])
    rules = reference.table(name)
    assert set(rules["kind"]) <= kinds
    assert set(rules["asks"].drop_nulls()) <= set(attribute_dtypes())
    assert set(rules["kind"]) <= set(reference.dataset(name).speaks_for) | set()


@pytest.mark.parametrize("name", LISTS)
def test_deadlines_are_days_or_at_once(reference, name):
    tables = [reference.table(name)]
    if "deadlines" in reference.dataset(name).tables:
        tables.append(reference.table(name, "deadlines"))
    for table in tables:
        for text in table["deadline"].drop_nulls().unique():
            assert text == "立即" or re.fullmatch(r"\d{4}-\d\d-\d\d", text)


def test_a_recalled_row_never_carries_a_certain_number(reference):
    for name in LISTS:
        dataset = reference.dataset(name)
        recalled = dataset.tables["rules"].filter(pl.col("certainty") == "recalled")
        if dataset.certainty == "transcribed":
            assert recalled.is_empty(), name


def test_the_year_decides_the_deadline_of_fans(reference):
    fans = reference.table("elimination-3", "deadlines")
    assert fans["entry_id"].n_unique() == 37
    assert set(fans["deadline"]) == {"立即", "2015-12-31"}


def test_s9_is_an_order_up_to_1997_and_advice_after(reference):
    s9 = reference.table("elimination-4").filter(pl.col("series").list.contains("S9"))
    for entry in s9.partition_by("entry_id"):
        split = dict(zip(entry["outcome"], entry["condition"], strict=True))
        assert set(split) == {"eliminate", "encouraged"}
        assert "built_year <= 1997" in split["eliminate"]
        assert "built_year > 1997" in split["encouraged"]


def test_conditions_are_the_d6_grammar_and_settle_at_their_boundary():
    condition = parse("capacity_kva >= 30; capacity_kva <= 1600; voltage_kv = 10", attribute_dtypes())
    frame = pl.DataFrame({"capacity_kva": [30.0, 1600.0, 1600.1, None], "voltage_kv": [10.0, 10.0, 10.0, 10.0]})
    assert frame.select(condition.expr()).to_series().to_list() == [True, True, False, None]


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2009, 12, 3), set()),
        (date(2009, 12, 4), {"elimination-1"}),
        (date(2012, 10, 1), {"elimination-1", "elimination-2"}),
        (date(2014, 3, 6), {"elimination-1", "elimination-2", "elimination-3"}),
        (date(2016, 3, 14), {"elimination-1", "elimination-2", "elimination-3", "elimination-4"}),
    ],
)
def test_each_batch_speaks_from_its_day(day, in_force):
    assert {dataset.id for dataset in Reference.load(day).by_check("elimination")} == in_force


def test_the_directory_takes_over_from_the_notice_without_a_day_between():
    before = {dataset.id for dataset in Reference.load(date(2024, 1, 31)).by_check("guidance")}
    after = {dataset.id for dataset in Reference.load(date(2024, 2, 1)).by_check("guidance")}
    assert "state-council-2010-7" in before - after
    assert "guidance-2024" in after - before


def test_the_draft_list_judges_nothing(reference):
    assert reference.dataset("mine-ban-coal-4-draft").check is None
