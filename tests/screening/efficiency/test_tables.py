"""The datasets hold every cell the rules speak of, dated and with their doubts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from tests.screening.efficiency.rig import TODAY, reference

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening.efficiency.wording import words

COMPUTED = {
    "best_point_efficiency_pct",
    "fan_efficiency_pct",
    "polytropic_efficiency_pct",
    "seasonal_factor",
    "width_ratio",
    "coal_class",
}
# cells with a figure, as the rules count the rows of the source
CELLS = {
    "gb18613-2020": 504,
    "gb30254-2024": 3093,
    "gb30253-2024": 10650,
    "gb20052-2024": 2814,
    "gb19153-2019": 2022,
    "gb19762-2025": 78,
    "gb19761-2020": 444,
    "gb24500-2020": 76,
    "gb28381-2012": 480,
    "gb32030-2022": 128,
    "gbt36561-2018": 78,
    "gb19577-2024": 270,
    "gb29541-2013": 45,
    "gb37479-2019": 42,
    "gb19576-2019": 30,
    "gb21454-2021": 57,
}
FROM = {
    "gb18613-2020": date(2021, 6, 1),
    "gb30254-2024": date(2025, 9, 1),
    "gb30253-2024": date(2025, 10, 1),
    "gb20052-2024": date(2025, 2, 1),
    "gb19153-2019": date(2020, 7, 1),
    "gb19762-2025": date(2026, 3, 1),
    "gb19761-2020": date(2021, 6, 1),
    "gb24500-2020": date(2021, 6, 1),
    "gb28381-2012": date(2012, 9, 1),
    "gb32030-2022": date(2024, 1, 1),
    "gbt36561-2018": date(2019, 2, 1),
    "gb19577-2024": date(2025, 2, 1),
    "gb29541-2013": date(2013, 10, 1),
}


def limits(dataset: str) -> pl.DataFrame:
    return reference().table(dataset, "limits")


@pytest.mark.parametrize(("dataset", "cells"), CELLS.items())
def test_every_cell_is_carried_over(dataset: str, cells: int) -> None:
    table = limits(dataset)
    grades = [name for name in table.columns if name.startswith("grade_") and name[-1].isdigit()]
    assert table.select(pl.col(grades).count()).sum_horizontal()[0] == cells


def test_reference_values_of_small_submersible_pumps_are_carried_over() -> None:
    table = reference().table("gbt25409-2010", "reference")
    assert table.group_by("metric").len().sort("metric")["len"].to_list() == [78, 103, 43]


@pytest.mark.parametrize(("dataset", "start"), FROM.items())
def test_a_standard_begins_on_its_day(dataset: str, start: date) -> None:
    assert Reference.load(start).has(dataset)
    assert not Reference.load(start - timedelta(days=1)).has(dataset)


def test_the_blower_standard_ends_when_its_successor_takes_over() -> None:
    assert Reference.load(date(2027, 3, 31)).has("gb28381-2012")
    assert not Reference.load(date(2027, 4, 1)).has("gb28381-2012")


@pytest.mark.parametrize("dataset", CELLS)
def test_a_better_grade_never_asks_less(dataset: str) -> None:
    down = reference().table(dataset, "metrics").filter(pl.col("direction") == "max")["metric"].to_list()
    table = limits(dataset)
    grades = sorted(name for name in table.columns if name.startswith("grade_") and name[-1].isdigit())
    # the pump tables hold constants that are taken off the efficiency: larger is easier
    loosened = dataset == "gb19762-2025"
    for better, worse in pairwise(grades):
        gap = pl.col(better) - pl.col(worse)
        sign = pl.when(pl.col("metric").is_in(down)).then(-gap).otherwise(gap)
        if loosened:
            sign = pl.when(pl.col("table") == "3").then(-gap).otherwise(gap)
        assert table.filter(sign < 0).is_empty(), (dataset, better)


@pytest.mark.parametrize("dataset", CELLS)
def test_axes_and_metrics_name_known_attributes(dataset: str) -> None:
    known = set(attribute_dtypes()) | COMPUTED
    for table in ("axes", "metrics"):
        frame = reference().table(dataset, table)
        asked = frame["ask"].explode().drop_nulls().to_list()
        assert set(frame["attribute"].to_list()) <= known
        assert set(asked) <= set(attribute_dtypes())


@pytest.mark.parametrize("dataset", CELLS)
def test_every_product_of_a_table_has_axes_metrics_and_a_name(dataset: str) -> None:
    products = set(limits(dataset)["product"].to_list())
    named = set(reference().table("efficiency-products", "products")["product"].to_list())
    assert products <= named
    for table in ("axes", "metrics"):
        assert set(reference().table(dataset, table)["product"].to_list()) == products


def test_scope_only_names_products_that_exist() -> None:
    products = reference().table("efficiency-products", "products")
    scope = reference().table("efficiency-products", "scope").filter(pl.col("product").is_not_null())
    joined = scope.join(products, on=["product"], how="left", suffix="_of_product")
    assert joined["zh"].null_count() == 0


def test_known_figures() -> None:
    low = limits("gb18613-2020").filter(pl.col("power_kw") == 7.5, pl.col("poles").list.contains("4"))
    assert low.select("grade_1", "grade_2", "grade_3").row(0) == (94.0, 92.6, 90.4)
    small = limits("gb20052-2024").filter(pl.col("table") == "1", pl.col("capacity_kva") == 30)
    assert small.filter(pl.col("core").list.contains("silicon_steel"), pl.col("metric") == "no_load_loss").select(
        "grade_1", "grade_2", "grade_3"
    ).row(0) == (65.0, 70.0, 80.0)
    fan = limits("gb19761-2020").filter(pl.col("pressure_coefficient_min") == 1.35, pl.col("machine_no_min") == 2)
    assert fan.select("grade_1", "grade_2", "grade_3").row(0) == (61.0, 58.0, 43.0)


DOUBTFUL = [
    ("gb30254-2024", (pl.col("table") == "1") & (pl.col("power_kw") == 22400) & pl.col("poles").list.contains("2")),
    ("gb30254-2024", (pl.col("table") == "2") & (pl.col("power_kw") == 16000)),
    ("gb30253-2024", (pl.col("table") == "8～10") & (pl.col("power_kw_min") == 90)),
    ("gb30253-2024", (pl.col("table") == "29") & (pl.col("power_kw_min") == 25)),
    (
        "gb20052-2024",
        (pl.col("table") == "13") & (pl.col("capacity_kva") == 240000) & (pl.col("metric") == "no_load_loss"),
    ),
    (
        "gb19153-2019",
        (pl.col("table") == "2") & (pl.col("power_kw") == 18.5) & (pl.col("pressure_mpa") == 0.5),
    ),
    (
        "gb32030-2022",
        pl.col("submersible_subtype").list.contains("蜗壳式") & (pl.col("power_kw_max") == 100),
    ),
    ("gb19577-2024", (pl.col("block") == "GB19577-T1-06") & (pl.col("role") == "primary")),
]


@pytest.mark.parametrize(("dataset", "where"), DOUBTFUL, ids=[f"{d}-{i}" for i, (d, _) in enumerate(DOUBTFUL)])
def test_doubtful_cells_are_marked(dataset: str, where: pl.Expr) -> None:
    rows = limits(dataset).filter(where)
    assert rows.height
    assert set(rows["certainty"].to_list()) == {"doubtful"}


def test_most_cells_are_not_doubtful() -> None:
    share = pl.concat([limits(name).select("certainty") for name in CELLS])
    assert (share["certainty"] == "doubtful").mean() < 0.06


def test_every_standard_in_force_says_whom_it_binds() -> None:
    bound = {dataset.id: dataset.binds for dataset in reference(TODAY).by_check("efficiency")}
    assert bound.pop("gbt36561-2018") == "advice"
    assert set(bound.values()) == {"make_and_sell"}


def test_wrong_figures_of_the_source_are_mended_and_marked() -> None:
    fuels = reference().table("gbt36561-2018", "fuel_coefficients")
    assert fuels.filter(pl.col("doubt_zh").is_not_null()).select("calorific_min", "unit", "certainty").rows() == [
        (40193.0, "kJ/kg", "doubtful"),
        (5861.0, "kJ/m³", "doubtful"),
    ]


def test_every_word_of_the_tables_can_be_said_in_english() -> None:
    known = words()
    plain = {"QDX", "QD", "QX", "Q", "QY", "QS", "QXR", "QXL"}
    for dataset in CELLS:
        shown = reference().table(dataset, "axes").filter(pl.col("show_en").is_not_null())["attribute"].unique()
        for attribute in [name for name in shown if name in limits(dataset).columns]:
            column = limits(dataset)[attribute]
            listed = column.explode() if column.dtype == pl.List(pl.String) else column
            unsaid = set(listed.drop_nulls().to_list()) - set(known) - plain if listed.dtype == pl.String else set()
            assert not {word for word in unsaid if any(ord(letter) > 0x2E80 for letter in word)}, (dataset, unsaid)
