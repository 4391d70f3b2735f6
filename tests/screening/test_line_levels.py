"""Levels of production lines: worked cases, and what must hold of any line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.reference import Reference
from jigai.screening.lines import LEVELS, asks, described, fields, judge_lines
from jigai.screening.lines.schema import SAID
from jigai.screening.lines.wording import level_names
from jigai.screening.sentences import templates

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("line_levels.yaml").read_text("utf-8"))
DAY = date(2026, 12, 31)
RANK = {"below_baseline": 0, "between": 1, "at_benchmark": 2}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


def judged(reference: Reference, as_of: date, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    schema = {"line": pl.Int64, **fields()}
    rows = [dict.fromkeys(schema) | {"line": number} | line for number, line in enumerate(lines)]
    return judge_lines(pl.DataFrame(rows, schema=schema, strict=False), reference, as_of).to_dicts()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], reference: Reference) -> None:
    said = judged(reference, case["as_of"], case["line"])[0]
    assert {name: said[name] for name in case["says"]} == case["says"], said["reason_zh"]


def test_all_at_once_says_what_each_alone_says(reference: Reference) -> None:
    days = {case["as_of"] for case in CASES}
    for day in days:
        mine = [case["line"] for case in CASES if case["as_of"] == day]
        alone = [judged(reference, day, line)[0] | {"line": number} for number, line in enumerate(mine)]
        assert judged(reference, day, *mine) == alone


def test_the_frame_has_its_columns_whatever_comes_in(reference: Reference) -> None:
    none = judge_lines(pl.DataFrame(schema={"line": pl.Int64}), reference, DAY)
    assert dict(none.schema) == {"line": pl.Int64(), **SAID}
    bare = judge_lines(pl.DataFrame({"line": ["a", "b"]}), reference, DAY)
    assert bare["line"].to_list() == ["a", "b"]
    assert set(bare["level"]) == {"not_judged"}


def test_not_a_number_is_unknown(reference: Reference) -> None:
    line = {"product": "铁水", "process": "高炉工序", "unit_energy": float("nan"), "unit_energy_unit": "kgce/t"}
    said = judged(reference, DAY, line)[0]
    assert (said["level"], said["missing"]) == ("not_judged", "unit_energy")


def test_brackets_spaces_and_case_are_no_other_process(reference: Reference) -> None:
    line = {"product": "烧碱", "process": "液碱 (质量分数≥30%)", "unit_energy": 315, "unit_energy_unit": "kgce/t"}
    assert judged(reference, DAY, line)[0]["rule_id"] == "BK-09"


def test_a_set_of_facts_without_standards_still_judges_by_the_table(reference: Reference) -> None:
    held = {name: one for name, one in reference.all_datasets.items() if name != "energy-quota-limits"}
    alone = Reference(DAY, held, held)
    lines = (
        {"product": "铁水", "process": "高炉工序", "unit_energy": 450, "unit_energy_unit": "kgce/t"},
        {"product": "钛白粉", "process": "氯化法", "unit_energy": 450, "unit_energy_unit": "kgce/t"},
        {"product": "海绵钛", "process": "全流程", "unit_energy": 450, "unit_energy_unit": "kgce/t"},
    )
    assert [said["level"] for said in judged(alone, DAY, *lines)] == ["below_baseline", "not_judged", "not_judged"]


def test_what_a_product_is_asked_for(reference: Reference) -> None:
    asked = asks(reference, date(2024, 12, 31))
    names = {(row[0], row[1], row[2]) for row in asked.rows()}
    assert ("铁水", "高炉工序", "vanadium_titanium_pct") in names
    assert ("铁水", "高炉工序", "charge_grade_pct") in names
    assert ("粗钢", "电弧炉冶炼", "capacity_t") in names
    assert ("陶瓷砖", None, "water_absorption_pct") in names
    assert not [name for product, _process, name in names if product == "水泥熟料"]
    assert {name for _product, _process, name in names} <= set(described())
    assert "rare_earth_pct" not in {name for _product, _process, name in names}, "counted when given, asked of nobody"


def test_every_sentence_is_said_by_a_case(reference: Reference) -> None:
    """Words that no case brings up would be words nobody has read."""
    told = {said["reason_zh"] for case in CASES for said in judged(reference, case["as_of"], case["line"])}
    assert None not in told
    table = templates("jigai.screening.lines")
    unsaid = [
        key
        for key, row in table.items()
        if not any(max(_fixed(row["zh"]), key=len) in reason for reason in told if reason)
    ]
    assert unsaid == ["several"], "no two rows held fit alike"
    assert list(level_names("zh")) == list(LEVELS)


def _fixed(template: str) -> list[str]:
    import re

    return re.split(r"\{\w+\}", template)


def test_two_rows_that_fit_alike_are_said_to(reference: Reference) -> None:
    table = reference.all_datasets["sector-benchmarks-2023"]
    rows = table.tables["benchmarks"]
    twin = rows.filter(benchmark_id="BK-30").with_columns(benchmark_id=pl.lit("BK-30b"))
    from dataclasses import replace

    tables = {**table.tables, "benchmarks": pl.concat([rows, twin])}
    held = {**reference.all_datasets, table.id: replace(table, tables=tables)}
    line = {"product": "水泥熟料", "unit_energy": 100, "unit_energy_unit": "kgce/t"}
    said = judged(Reference(DAY, held, held), DAY, line)[0]
    assert (said["level"], said["reason_zh"]) == (
        "not_judged",
        "“水泥熟料”有几行同样符合，不能判定该用哪一行。",
    )


def test_more_is_better_where_the_row_says_so(reference: Reference) -> None:
    from dataclasses import replace

    table = reference.all_datasets["sector-benchmarks-2023"]
    turned = table.tables["benchmarks"].with_columns(
        direction=pl.lit("higher_is_better"), benchmark=pl.lit(90.0), baseline=pl.lit(80.0)
    )
    held = {**reference.all_datasets, table.id: replace(table, tables={**table.tables, "benchmarks": turned})}
    line = {"product": "水泥熟料", "unit_energy_unit": "kgce/t"}
    values = [line | {"unit_energy": value} for value in (90, 89.9, 80, 79.9)]
    levels = [said["level"] for said in judged(Reference(DAY, held, held), DAY, *values)]
    assert levels == ["at_benchmark", "between", "between", "below_baseline"]


energies = st.floats(-200, 2000, allow_nan=False).map(lambda value: round(value, 3))
shares = st.none() | st.integers(0, 100).map(float)
products = st.sampled_from([("铁水", "高炉工序"), ("烧结矿", "烧结"), ("焦炭", "捣固焦炉"), ("钛白粉", "氯化法")])


@settings(max_examples=60, deadline=None)
@given(products, energies, st.floats(0, 100), shares, shares)
def test_less_energy_is_never_a_worse_level(
    reference: Reference, made: tuple[str, str], energy: float, less: float, share: float | None, grade: float | None
) -> None:
    line = {"product": made[0], "process": made[1], "unit_energy_unit": "kgce/t"}
    line |= {"vanadium_titanium_pct": share, "charge_grade_pct": grade}  # type: ignore[dict-item]
    first, second = judged(reference, DAY, line | {"unit_energy": energy}, line | {"unit_energy": energy - less})
    if "not_judged" not in (first["level"], second["level"]):
        assert RANK[second["level"]] >= RANK[first["level"]]


@settings(max_examples=60, deadline=None)
@given(energies, st.integers(0, 100), st.integers(0, 50), st.integers(0, 70))
def test_more_vanadium_titanium_is_never_a_worse_level(
    reference: Reference, energy: float, share: int, more: int, grade: int
) -> None:
    line = {"product": "铁水", "process": "高炉工序", "unit_energy": energy, "unit_energy_unit": "kgce/t"}
    first, second = judged(
        reference,
        DAY,
        line | {"vanadium_titanium_pct": share, "charge_grade_pct": grade},
        line | {"vanadium_titanium_pct": min(share + more, 100), "charge_grade_pct": grade},
    )
    assert RANK[second["level"]] >= RANK[first["level"]]


@settings(max_examples=60, deadline=None)
@given(energies, st.integers(0, 100), st.integers(0, 70))
def test_what_is_said_without_the_shares_stays_true_with_them(
    reference: Reference, energy: float, share: int, grade: int
) -> None:
    line = {"product": "铁水", "process": "高炉工序", "unit_energy": energy, "unit_energy_unit": "kgce/t"}
    known = {"vanadium_titanium_pct": share, "charge_grade_pct": grade}
    unknown, told = judged(reference, DAY, line, line | known)
    if unknown["level"] in ("at_benchmark", "below_baseline"):
        assert told["level"] == unknown["level"]
    if unknown["level"] != "not_judged":
        assert RANK[told["level"]] >= RANK[unknown["level"]]


@settings(max_examples=40, deadline=None)
@given(products, energies)
def test_the_unit_it_is_given_in_changes_nothing(reference: Reference, made: tuple[str, str], energy: float) -> None:
    line = {"product": made[0], "process": made[1], "vanadium_titanium_pct": 30, "charge_grade_pct": 60}
    first, second = judged(
        reference,
        DAY,
        line | {"unit_energy": energy, "unit_energy_unit": "kgce/t"},
        line | {"unit_energy": energy / 1000, "unit_energy_unit": "tce/t"},
    )
    assert first["level"] == second["level"]
    assert first["value"] == pytest.approx(second["value"])
