"""What must hold for any ledger: corners hold the inside, amounts follow hours and quantity, order does not matter."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.appraisal.ledgers import COMPLETE, TODAY, answer, answers, complete, figures, ledger, reference

from jigai.appraisal.devices import MEASURES, appraise
from jigai.appraisal.estimate import propagate
from jigai.appraisal.frame.inputs import Inputs
from jigai.appraisal.tables import keyed

ALL = sorted(COMPLETE)
# What a device delivers or needs: a change of it is another service, so only whole sets of it are sensible.
SERVICE = {
    "heat_after_gj", "needed_temperature_c", "supply_temperature_c", "flow_needed_m3h", "head_needed_m",
    "pressure_needed_mpa", "peak_load_factor",
}  # fmt: skip
AMOUNTS = ("saving", "tce", "co2_t")


def spread(measure: str, share: float) -> dict[str, float]:
    """Every input of the complete device with ± a share, kept inside the range of the fact."""
    found: dict[str, float] = {}
    for name, value in figures(measure).items():
        fact = keyed("facts", "key")[name]
        low, high = value * (1 - share), value * (1 + share)
        found[f"{name}_low"] = max(low, float(fact["least"] or "-inf"))
        found[f"{name}_high"] = min(high, float(fact["most"] or "inf"))
    return found


def test_every_measure_has_a_complete_device():
    assert set(COMPLETE) == set(MEASURES)
    for found in answers(*(complete(measure) for measure in ALL)):
        assert found["status"] == "appraised", found
        assert found["assumptions"] is None and not found["sample"] and found["origin"] == "enterprise"


@pytest.mark.parametrize("measure", ALL)
def test_no_point_inside_the_spread_lies_outside_low_and_high(measure):
    """A hundred random devices inside the box; the corners must hold them all."""
    box = spread(measure, 0.02)
    whole = answer(complete(measure, **box))
    random = np.random.default_rng(20261123)
    inside = [
        complete(
            measure,
            **{
                name: float(random.uniform(box[f"{name}_low"], box[f"{name}_high"]))
                for name in figures(measure)
                if name not in SERVICE
            },
        )
        for _ in range(100)
    ]
    found = appraise(ledger(*inside), reference(TODAY), "四川").filter(pl.col("status") == "appraised")
    assert found.height > 90
    for amount in AMOUNTS:
        room = 1e-6 * abs(whole[f"{amount}_likely"])
        assert found[f"{amount}_likely"].min() >= whole[f"{amount}_low"] - room
        assert found[f"{amount}_likely"].max() <= whole[f"{amount}_high"] + room
    assert whole["saving_low"] < whole["saving_likely"] < whole["saving_high"]


@pytest.mark.parametrize("measure", [name for name in ALL if MEASURES[name].electricity is not None])
def test_the_declared_directions_give_what_all_corners_give(measure):
    """An input declared rising or falling with the saving is tried at one end only; that must lose nothing."""
    plan = MEASURES[measure]
    inputs = Inputs(ledger(complete(measure, **spread(measure, 0.02))), {})
    asked = plan.ask(inputs)
    free = {name: asked[name] for name in (*plan.rising, *plan.falling)}
    fixed = {name: one.likely for name, one in asked.items() if name not in free}

    def saving(**values):
        before, after = plan.electricity({**fixed, **values})
        return np.asarray(before) - np.asarray(after)

    directed = propagate(saving, free, plan.rising, plan.falling)
    every = propagate(saving, free)
    assert directed.low == pytest.approx(every.low) and directed.high == pytest.approx(every.high)


@pytest.mark.parametrize("measure", ALL)
def test_twice_the_machines_are_twice_the_amounts(measure):
    one, two = answers(complete(measure), complete(measure, quantity=2))
    for name, value in one.items():
        if isinstance(value, float):
            assert two[name] == pytest.approx(2 * value), name


@pytest.mark.parametrize("measure", [name for name in ALL if "hours" in COMPLETE[name]])
def test_amounts_follow_the_hours(measure):
    hours, factors = COMPLETE[measure]["hours"], (1.0, 0.0, 0.5, 1.2)
    one, *others = answers(*(complete(measure, hours=hours * factor) for factor in factors))
    for factor, other in zip(factors[1:], others, strict=True):
        assert other["saving_likely"] == pytest.approx(one["saving_likely"] * factor)
        assert other["consumption_before"] == pytest.approx(one["consumption_before"] * factor)


@pytest.mark.parametrize(
    ("measure", "name", "better"),
    [
        ("motor_replacement", "efficiency_after_pct", 96.5),
        ("pump_reselection", "efficiency_after_pct", 84.0),
        ("variable_speed", "drive_efficiency_pct", 97.5),
        ("compressed_air", "specific_power_after", 6.1),
        ("transformer_replacement", "load_loss_after_w", 4460.0),
        ("transformer_replacement", "no_load_loss_after_w", 460.0),
        ("boiler_replacement", "boiler_efficiency_after_pct", 88.0),
        ("boiler_electrification", "performance", 3.6),
        ("chiller_replacement", "performance_after", 6.8),
    ],
)
def test_a_better_device_never_saves_less(measure, name, better):
    plain, best = answers(complete(measure), complete(measure, **{name: better}))
    for amount in AMOUNTS:
        for end in ("low", "likely", "high"):
            assert best[f"{amount}_{end}"] > plain[f"{amount}_{end}"]


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("motor_replacement", "load_factor"),
        ("pump_reselection", "efficiency_before_pct"),
        ("variable_speed", "static_head_share"),
        ("compressed_air", "air_flow_share"),
        ("transformer_replacement", "transformer_load_factor"),
        ("boiler_replacement", "fuel_amount"),
        ("boiler_electrification", "fuel_amount"),
        ("chiller_replacement", "performance_before"),
    ],
)
def test_a_sample_anywhere_marks_the_result(measure, name):
    marked, plain = answers(complete(measure, **{f"{name}_sample": True}), complete(measure))
    assert marked["sample"] is True and plain["sample"] is False


@pytest.mark.parametrize("measure", ALL)
def test_each_input_that_is_taken_away_is_assumed_or_named(measure):
    """Nothing disappears in silence: without an input the row says what is missing, or what it assumed instead."""
    quiet = {
        "power_after_kw", "flow_needed_m3h", "head_needed_m", "flow_after_m3h", "head_after_m", "capacity_after_m3min",
        "pressure_after_mpa", "pressure_needed_mpa", "leak_m3min", "leak_cut_m3min", "capacity_after_kva",
        "heat_after_gj", "needed_temperature_c",
    }  # fmt: skip
    names = sorted(set(figures(measure)) - quiet)
    without = [{key: value for key, value in complete(measure).items() if key != name} for name in names]
    whole, *rows = answers(complete(measure), *without)
    for name, found in zip(names, rows, strict=True):
        spec = keyed("facts", "key")[name]
        said = (found["missing"] or "") + (found["assumptions"] or "")
        taken_elsewhere = found["status"] == "appraised" and found["inputs"] != whole["inputs"]
        assert (spec["attribute"] or name) in said or name in said or taken_elsewhere, (name, found)


def test_the_order_of_the_ledger_does_not_matter():
    devices = [complete(measure) | {"device_id": measure} for measure in ALL]
    forward = appraise(ledger(*devices), reference(TODAY), "四川")
    backward = appraise(ledger(*devices[::-1]), reference(TODAY), "四川")
    assert forward.equals(backward.reverse().select(forward.columns))
    assert forward["device_id"].to_list() == ALL


@pytest.mark.parametrize("measure", ALL)
def test_the_inputs_can_be_read_back_from_the_row(measure):
    told = dict(part.split("=") for part in answer(complete(measure))["inputs"].split(";"))
    for name, value in figures(measure).items():
        number, origin = told[name].split("@")
        assert float(number) == pytest.approx(value, rel=1e-5) and origin == "enterprise"
