"""The shipped datasets: all load on any day, nothing was lost on the way, facts are as transcribed."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from jigai.reference import Reference
from jigai.reference.loader import read_all
from jigai.reference.manifest import CERTAINTIES

DATA = Path(str(files("jigai.reference"))) / "data"
FACTS = list(csv.DictReader((Path(__file__).parent / "facts.csv").read_text(encoding="utf-8").splitlines()))
ROWS = {
    "gb4754-2017": {"classes": 667},
    "energy-factors": {"factors": 67},
    "sector-benchmarks-2023": {"benchmarks": 69, "rules": 8, "stand_ins": 24},
    "energy-quota-limits": {"limits": 173, "corrections": 10},
    "known-gaps": {"gaps": 29},
    "tax-and-finance": {"instruments": 21},
    "support-instruments": {"instruments": 18, "parameters": 88, "fields": 49, "tests": 43, "stacking": 11},
    "digital-maturity": {"indicators": 68, "bands": 5},
    "environment-safety": {"rules": 85, "graded": 31},
    "sector-guide": {"directions": 41, "triggers": 5},
    "safety-equipment": {"items": 9},
    "regions": {"divisions": 55, "parks": 5, "macro": 17, "plan_targets": 9},
}


def test_every_folder_is_a_dataset() -> None:
    folders = {path.name for path in DATA.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == set(read_all())


@pytest.mark.parametrize(("dataset", "tables"), ROWS.items())
def test_no_row_was_lost(dataset: str, tables: dict[str, int]) -> None:
    assert {name: table.height for name, table in read_all()[dataset].tables.items()} == tables


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['dataset']}-{fact['where']}-{fact['column']}")
def test_fact(fact: dict[str, str]) -> None:
    table = read_all()[fact["dataset"]].tables[fact["table"]]
    for part in fact["where"].split(";"):
        column, value = part.split("=", 1)
        dtype = table.schema[column]
        table = table.filter(pl.col(column) == pl.lit(value).cast(dtype))
    assert table.height == 1, "the fact must name exactly one row"
    assert str(table[fact["column"]][0]) == fact["value"]


def test_each_dataset_has_at_least_three_facts_checked() -> None:
    counted = pl.DataFrame(FACTS).group_by("dataset").len()
    assert set(counted["dataset"]) == set(ROWS)
    assert counted["len"].min() >= 3  # type: ignore[operator]


def test_loads_on_any_day() -> None:
    day, seen = date(2010, 1, 1), set()
    while day <= date(2027, 12, 31):
        reference = Reference.load(day)
        assert list(reference.datasets) == sorted(reference.datasets)
        assert all(dataset.in_force(day) for dataset in reference.datasets.values())
        seen.add(reference.content_hash)
        day += timedelta(days=37)
    assert len(seen) > 5


def test_certainty_of_rows_is_one_of_the_four() -> None:
    for dataset in read_all().values():
        for name, table in dataset.tables.items():
            if "certainty" in table.columns:
                found = set(table["certainty"].drop_nulls())
                assert found <= set(CERTAINTIES), f"{dataset.id} {name}"


def test_gaps_name_kinds_that_exist() -> None:
    every = read_all()
    kinds = set(every["kinds"].tables["kinds"]["kind"])
    subkinds = set(every["kinds"].tables["subkinds"]["subkind"])
    gaps = every["known-gaps"].tables["gaps"]
    assert set(gaps["equipment_kinds"].explode().drop_nulls()) <= kinds
    assert set(gaps["subkinds"].explode().drop_nulls()) <= subkinds
    for dataset in every.values():
        named = set(dataset.speaks_for).union(*(gap.equipment_kinds for gap in dataset.gaps))
        assert named <= kinds, dataset.id


def test_superseded_editions_that_are_not_held_are_known_gaps() -> None:
    every = read_all()
    held_as_gap = set(every["known-gaps"].tables["gaps"]["document"])
    for dataset in every.values():
        absent = {name for name in dataset.supersedes if name not in every}
        assert absent <= held_as_gap, dataset.id


@pytest.mark.parametrize(
    ("day", "document", "there"),
    [
        (date(2024, 8, 1), "GB 20052-2020", True),
        (date(2025, 2, 1), "GB 20052-2020", False),
        (date(2027, 3, 31), "GB 28381-2026", False),
        (date(2027, 4, 1), "GB 28381-2026", True),
        (date(2012, 8, 31), "GB 18613-2006", True),
        (date(2012, 9, 1), "GB 18613-2006", False),
        (date(2024, 1, 31), "产业结构调整指导目录（2019年本）", True),
        (date(2024, 2, 1), "产业结构调整指导目录（2019年本）", False),
    ],
)
def test_edition_gaps_follow_the_day(day: date, document: str, there: bool) -> None:
    assert (document in {gap.document for gap in Reference.load(day).gaps}) is there


def test_an_edition_gap_never_overlaps_the_edition_that_follows_it() -> None:
    every = read_all()
    editions = {dataset.number: dataset for dataset in every.values() if dataset.check == "efficiency"}
    gaps = every["known-gaps"].tables["gaps"].filter(kind="edition", check="efficiency")
    for gap in gaps.iter_rows(named=True):
        base = gap["document"].rsplit("-", 1)[0]
        for number, dataset in editions.items():
            if number and number.rsplit("-", 1)[0] == base:
                start, end = gap["in_force_from"], gap["in_force_to"] or date.max
                assert end < (dataset.in_force_from or date.min) or start > (dataset.in_force_to or date.max), number


def test_group_and_division_codes_are_the_beginning_of_the_class_code() -> None:
    classes = read_all()["gb4754-2017"].tables["classes"]
    assert classes["code"].str.len_chars().unique().to_list() == [4]
    wrong = classes.filter(
        (pl.col("code").str.slice(0, 3) != pl.col("group_code"))
        | (pl.col("code").str.slice(0, 2) != pl.col("division_code"))
    )
    assert wrong.height == 0


def test_regions_lie_in_regions_that_exist() -> None:
    tables = read_all()["regions"].tables
    codes = set(tables["divisions"]["code"])
    lower = tables["divisions"].filter(pl.col("level") != "city")
    assert set(lower["parent"]) <= codes
    assert set(tables["parks"]["parent"]) <= codes


def test_benchmarks_are_stricter_than_baselines() -> None:
    table = read_all()["sector-benchmarks-2023"].tables["benchmarks"]
    held = table.filter(value_status="value")
    assert held["benchmark"].null_count() == 0
    assert held.filter(pl.col("benchmark") > pl.col("baseline")).height == 0
    assert table.filter(value_status="missing")["benchmark"].drop_nulls().len() == 0


def test_stand_ins_are_of_the_standard_the_benchmark_names() -> None:
    benchmarks = read_all()["sector-benchmarks-2023"].tables
    limits = read_all()["energy-quota-limits"].tables
    links = benchmarks["stand_ins"].drop("note").join(benchmarks["benchmarks"].drop("note"), on="benchmark_id")
    links = links.join(limits["limits"].drop("note"), on="limit_id")
    assert links.height == benchmarks["stand_ins"].height
    assert links.filter(pl.col("proxy_standard") != pl.col("standard")).height == 0
    assert links.filter(pl.col("unit") != pl.col("unit_right")).height == 0
    awaiting = benchmarks["benchmarks"].filter(pl.col("proxy_standard").is_not_null(), value_status="missing")
    assert set(awaiting["benchmark_id"]) <= set(links["benchmark_id"]), (
        "a field whose standard is held has its stand-in"
    )


def test_corrections_are_of_rows_held_and_of_their_standard() -> None:
    tables = read_all()["energy-quota-limits"].tables
    joined = tables["corrections"].join(tables["limits"], on="limit_id")
    assert joined.height == tables["corrections"].height
    assert joined.filter(~pl.col("source").str.starts_with(pl.col("standard"))).height == 0


def test_editions_are_the_year_in_the_number() -> None:
    limits = read_all()["energy-quota-limits"].tables["limits"]
    assert limits.filter(~pl.col("standard").str.ends_with(pl.col("edition").cast(pl.String))).height == 0


def test_graded_trades_are_classes_and_rows_that_exist() -> None:
    every = read_all()
    graded = every["environment-safety"].tables["graded"]
    rules = every["environment-safety"].tables["rules"].filter(scheme="emission_grading", grade="A/B/C/D")
    assert set(graded["code"]) <= set(every["gb4754-2017"].tables["classes"]["code"])
    assert set(graded["rule_id"]) <= set(rules["rule_id"])


def test_safety_equipment_and_guide_name_sectors_and_classes_that_exist() -> None:
    every = read_all()
    classes = every["gb4754-2017"].tables["classes"]
    sectors = set(classes["plan_sectors"].explode().drop_nulls())
    for dataset, table in (("safety-equipment", "items"), ("sector-guide", "directions")):
        rows = every[dataset].tables[table]
        assert set(rows["sectors"].explode().drop_nulls()) <= sectors, dataset
        assert set(rows["industries"].explode().drop_nulls()) <= set(classes["code"]), dataset
