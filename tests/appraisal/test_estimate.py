"""Low, likely, high: order, origins, the spread of a sample assumption, and the corners of a formula."""

from __future__ import annotations

import numpy as np
import pytest

from jigai.appraisal.corners import every_corner, exchanged_corners
from jigai.appraisal.estimate import Estimate, Origin, Rest, between, exact, propagate
from jigai.appraisal.refusal import ImpossibleFigureError


def test_a_product_is_spread_from_corner_to_corner():
    hours = between(4000.0, 5000.0, 6000.0, "hours", Origin.ENTERPRISE)
    power = between(9.0, 10.0, 12.0, "power_kw", Origin.ENTERPRISE)
    energy = propagate(lambda hours, power_kw: hours * power_kw, {"hours": hours, "power_kw": power})
    assert (energy.low, energy.likely, energy.high) == (36000.0, 50000.0, 72000.0)


def test_directed_inputs_need_one_corner_and_give_the_same():
    inputs = {
        "a": between(1.0, 2.0, 3.0, "a", Origin.INVOICE),
        "b": between(4.0, 5.0, 8.0, "b", Origin.INVOICE),
    }
    calls: list[int] = []

    def ratio(a, b):
        calls.append(1)
        return a / b

    free = propagate(ratio, inputs)
    undirected = len(calls)
    directed = propagate(ratio, inputs, rising=["a"], falling=["b"])
    assert (free.low, free.high) == (directed.low, directed.high) == (1 / 8, 3 / 4)
    assert (undirected, len(calls) - undirected) == (9, 3)


def test_an_input_used_twice_errs_once():
    """x − x is nothing, however unsure x is; two inputs that err apart are another matter."""
    x = between(1.0, 2.0, 3.0, "x", Origin.ENTERPRISE)
    same = propagate(lambda x: x - x, {"x": x})
    apart = propagate(lambda x, y: x - y, {"x": x, "y": x})
    assert (same.low, same.high) == (0.0, 0.0)
    assert (apart.low, apart.high) == (-2.0, 2.0)


def test_a_sample_assumption_spreads_to_every_result_that_rests_on_it():
    sample = between(0.5, 0.65, 0.8, "load_factor", Origin.CITY_ASSUMPTION, sample=True)
    entry = exact(75.0, "power_kw", Origin.ENTERPRISE)
    shaft = propagate(lambda load_factor, power_kw: load_factor * power_kw, {"load_factor": sample, "power_kw": entry})
    money = propagate(
        lambda shaft, price: shaft * price, {"shaft": shaft, "price": exact(0.6, "price", Origin.INVOICE)}
    )
    assert money.sample
    assert money.origin == Origin.CITY_ASSUMPTION
    assert [rest.name for rest in money.rests] == ["load_factor", "power_kw", "price"]
    assert not entry.sample


@pytest.mark.parametrize("side", [-1, 1])
def test_exchanging_ends_finds_what_all_corners_find(side):
    """Like a saving of either sign over unsure hours (x0), which turn with the saving; two hundred devices at once."""
    random = np.random.default_rng(7)
    names = [f"x{place}" for place in range(7)]
    ends = {name: (low := random.uniform(-2, 2, 200), low + random.uniform(0, 2, 200)) for name in names}
    ends["x0"] = (low := random.uniform(0, 2, 200), low + 1)

    def saving(x0, x1, x2, x3, x4, x5, x6):
        return x0 * (x1 - x2 + x3 - x4 * 0.1 + x5 * 0.2 + x6)

    every = every_corner(saving, {}, ends, side)
    assert np.allclose(every, exchanged_corners(saving, {}, ends, side))


def test_many_unsure_inputs_cost_few_evaluations():
    calls: list[int] = []

    def product_of_all(**values):
        calls.append(1)
        return np.prod(np.stack([np.asarray(value) for value in values.values()]), axis=0)

    unsure = {f"x{place}": between(1.0, 2.0, 3.0, f"x{place}", Origin.ENTERPRISE) for place in range(12)}
    found = propagate(product_of_all, unsure)
    assert (found.low, found.high) == (1.0, 3.0**12)
    assert len(calls) < 200


def test_in_columns_each_device_has_its_own_origin_and_sample():
    load = Estimate(
        np.array([0.5, 0.7]),
        np.array([0.6, 0.7]),
        np.array([0.8, 0.7]),
        (Rest("load_factor", np.array([Origin.CITY_ASSUMPTION, Origin.INVOICE]), np.array([True, False])),),
    )
    power = exact(np.array([75.0, 90.0]), "power_kw", Origin.ENTERPRISE)
    shaft = propagate(lambda load, power: load * power, {"load": load, "power": power})
    assert np.array_equal(shaft.sample, [True, False])
    assert np.array_equal(shaft.origin, [Origin.CITY_ASSUMPTION, Origin.ENTERPRISE])
    assert np.allclose(shaft.low, [37.5, 63.0]) and np.allclose(shaft.high, [60.0, 63.0])


def test_the_likely_value_is_never_outside_the_spread():
    """A formula with a top inside the box: the corners alone would leave the likely value above high."""
    x = between(-1.0, 0.0, 1.0, "x", Origin.ENTERPRISE)
    found = propagate(lambda x: 1 - x * x, {"x": x})
    assert found.low <= found.likely <= found.high == 1.0


def test_an_unknown_figure_stays_unknown():
    load = Estimate(np.array([0.5, np.nan]), np.array([0.6, np.nan]), np.array([0.8, np.nan]))
    found = propagate(lambda load: load * 75, {"load": load})
    assert np.isnan(found.likely[1]) and np.isnan(found.low[1]) and found.low[0] == 37.5


def test_bare_numbers_add_no_origin():
    found = propagate(lambda a, b: a + b, {"a": 1.0, "b": 2.0})
    assert (found.low, found.origin, found.sample, found.rests) == (3.0, 0, False, ())


@pytest.mark.parametrize("figures", [(2.0, 1.0, 3.0), (1.0, 4.0, 3.0)])
def test_low_likely_high_must_rise(figures):
    with pytest.raises(ImpossibleFigureError) as refused:
        between(*figures, "hours", Origin.ENTERPRISE)
    assert refused.value.code == "estimate_order" and refused.value.field == "hours"


def test_service_is_never_negative():
    assert between(0.0, 1.0, 2.0, "hours", Origin.ENTERPRISE).service().low == 0.0
    with pytest.raises(ImpossibleFigureError) as refused:
        between(np.array([0.0, -1.0]), np.array([1.0, 1.0]), np.array([2.0, 2.0]), "hours", Origin.ENTERPRISE).service()
    assert refused.value.code == "negative_service" and refused.value.at == 1


def test_origins_are_ordered_from_invoice_to_city_assumption():
    assert list(Origin) == sorted(Origin)
    assert Origin.INVOICE < Origin.QUOTATION < Origin.ENTERPRISE < Origin.SUPPLY_LIST < Origin.CITY_ASSUMPTION
