"""The efficiency of motors whose plate is silent, against the printed values of the classes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from jigai.appraisal.motor.curves import class_efficiency_pct, inferred_efficiency_pct
from jigai.reference import Reference

REFERENCE = Reference.load(date(2026, 11, 23))


def curve(ie_class: str, poles: str) -> tuple[float, ...]:
    row = REFERENCE.table("iec60034-30-1").filter((pl.col("ie_class") == ie_class) & (pl.col("poles") == poles))
    return tuple(row.select("a", "b", "c", "d", "power_kw_min", "power_kw_max").row(0))


@pytest.mark.parametrize(
    ("ie_class", "poles", "power", "printed"),
    [
        ("IE1", "4", 7.5, 86.0),
        ("IE1", "4", 75, 92.7),
        ("IE2", "4", 75, 94.0),
        ("IE2", "2", 11, 89.4),
        ("IE3", "4", 75, 95.0),
        ("IE3", "4", 7.5, 90.4),
        ("IE3", "6", 30, 92.9),
    ],
)
def test_the_curve_meets_the_printed_table(ie_class, poles, power, printed):
    """IEC 60034-30-1 prints one decimal; IE3 is also grade 3 of GB 18613-2020."""
    assert class_efficiency_pct(power, *curve(ie_class, poles)) == pytest.approx(printed, abs=0.06)


def test_ie3_is_grade_3_of_the_chinese_standard():
    rows = REFERENCE.table("gb18613-2020", "limits").explode("poles").filter(pl.col("power_kw").is_between(1, 200))
    checked = 0
    for poles in ("2", "4", "6"):
        mine = rows.filter(pl.col("poles") == poles)
        computed = class_efficiency_pct(mine["power_kw"].to_numpy(), *curve("IE3", poles))
        assert np.abs(np.asarray(computed) - mine["grade_3"].to_numpy()).max() < 0.11
        checked += mine.height
    assert checked > 40


def test_above_the_range_the_value_stays_and_below_it_is_unknown():
    last = class_efficiency_pct(200.0, *curve("IE1", "4"))
    assert class_efficiency_pct(355.0, *curve("IE1", "4")) == last
    assert np.isnan(class_efficiency_pct(0.55, *curve("IE1", "4")))


def test_the_class_on_the_plate_goes_before_the_series_and_the_oldest_count_as_ie1():
    devices = pl.DataFrame(
        {
            "series": ["Y", "Y", "JO2", "YE2", None, "Y", "ZZZ"],
            "class": [None, "IE2", None, None, "IE3", None, None],
            "poles": ["4", "4", "4", "4", "4", "8", "4"],
            "power_kw": [75.0] * 7,
        }
    )
    found = inferred_efficiency_pct(devices, REFERENCE)
    assert found[:5].to_list() == pytest.approx([92.67, 94.0, 92.67, 94.0, 95.0], abs=0.06)
    assert found[5:].to_list() == [None, None]


def test_without_the_dataset_nothing_is_inferred():
    without = Reference(REFERENCE.as_of, {}, {}, [])
    devices = pl.DataFrame({"series": ["Y"], "class": ["IE1"], "poles": ["4"], "power_kw": [75.0]})
    assert inferred_efficiency_pct(devices, without).to_list() == [None]
