"""Where an input comes from, best first, and what counts as no input at all."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from jigai.appraisal.assumptions import assumptions
from jigai.appraisal.estimate import Origin, exact
from jigai.appraisal.frame.inputs import ORIGINS, Inputs

ASSUMED = assumptions()


def inputs(**columns: list[object]) -> Inputs:
    return Inputs(pl.DataFrame(columns), ASSUMED)


def origins(found: Inputs, key: str) -> list[int]:
    return [int(rank) for rank in np.atleast_1d(found.get(key).origin)]


def test_the_fact_goes_before_the_ledger_the_ledger_before_the_standard_the_standard_before_the_assumption():
    found = inputs(
        efficiency_before_pct=[90.0, None, None, None],
        efficiency_pct=[80.0, 81.0, None, None],
        derived_efficiency_before_pct=[70.0, 71.0, 72.0, None],
    )
    assert found.get("efficiency_before_pct").likely[:3].tolist() == [90.0, 81.0, 72.0]
    assert np.isnan(found.get("efficiency_before_pct").likely[3])
    ranks = [Origin.ENTERPRISE, Origin.ENTERPRISE, Origin.REFERENCE, 0]
    assert origins(found, "efficiency_before_pct") == ranks
    assert found.missing("efficiency_before_pct").tolist() == [False, False, False, True]


def test_an_assumption_fills_only_what_nobody_told():
    found = inputs(load_factor=[0.5, None])
    one = found.get("load_factor")
    assert one.likely.tolist() == [0.5, 0.65]
    assert one.low.tolist() == [0.5, 0.4] and one.high.tolist() == [0.5, 0.85]
    assert one.sample.tolist() == [False, True]
    assert origins(found, "load_factor") == [Origin.ENTERPRISE, Origin.CITY_ASSUMPTION]


@pytest.mark.parametrize("word", sorted(ORIGINS))
def test_the_origin_of_a_fact_is_kept_by_word(word):
    assert origins(inputs(hours=[6000.0], hours_origin=[word]), "hours") == [ORIGINS[word]]


def test_an_unknown_word_of_origin_is_an_error():
    with pytest.raises(pl.exceptions.InvalidOperationError):
        inputs(hours=[6000.0], hours_origin=["hearsay"]).get("hours")


def test_low_and_high_of_a_fact_may_be_given_or_left_out():
    found = inputs(hours=[6000.0, 5000.0], hours_low=[5500.0, None], hours_high=[None, 5200.0]).get("hours")
    assert found.low.tolist() == [5500.0, 5000.0] and found.high.tolist() == [6000.0, 5200.0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hours", 9000.0),
        ("hours", -1.0),
        ("efficiency_before_pct", 0.91),
        ("efficiency_before_pct", 101.0),
        ("load_factor", 65.0),
        ("static_head_share", 1.2),
        ("power_kw", 0.0),
    ],
)
def test_a_figure_that_cannot_be_counts_as_unknown(key, value):
    found = Inputs(pl.DataFrame({key: [value]}), {})
    found.get(key)
    assert found.missing(key).tolist() == [True]


def test_a_spread_in_the_wrong_order_counts_as_unknown():
    found = Inputs(pl.DataFrame({"hours": [6000.0], "hours_low": [6500.0]}), {})
    found.get("hours")
    assert found.missing("hours").tolist() == [True]


def test_what_equals_another_input_takes_its_origin_and_its_sample():
    frame = Inputs(pl.DataFrame({"power_after_kw": [None, 55.0]}, schema={"power_after_kw": pl.Float64}), {})
    rated = exact(np.array([75.0, 75.0]), "power_kw", Origin.INVOICE, sample=np.array([True, True]))
    found = frame.get("power_after_kw", rated)
    assert found.likely.tolist() == [75.0, 55.0]
    assert found.sample.tolist() == [True, False]
    assert [int(rank) for rank in found.origin] == [Origin.INVOICE, Origin.ENTERPRISE]


def test_what_nobody_speaks_of_is_not_an_assumption():
    found = Inputs(pl.DataFrame({"leak_cut_m3min": [None, 2.0]}, schema={"leak_cut_m3min": pl.Float64}), ASSUMED)
    assert found.optional("leak_cut_m3min", 0.0).likely.tolist() == [0.0, 2.0]
    assert not np.any(found.get("leak_cut_m3min").sample)


def test_an_input_is_looked_up_once():
    found = inputs(hours=[1.0])
    assert found.get("hours") is found.get("hours")


def test_the_figures_of_the_frame_are_not_changed():
    frame = pl.DataFrame({"hours": [6000.0, None]})
    Inputs(frame, {}).get("hours")
    assert frame["hours"].to_list() == [6000.0, None]
