"""What must hold whatever the figures: no saving beyond the consumption, better never saves less, more hours more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.appraisal import boiler, chiller, compressor, process_line, pump, transformer
from jigai.appraisal.drive import affinity
from jigai.appraisal.drive.saving import drive_saving_kwh, over_profile, slowed_kwh, throttled_kwh
from jigai.appraisal.motor import losses, replacement
from jigai.appraisal.refusal import LessServiceError


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


motors = st.fixed_dictionaries(
    {
        "power_kw": between(0.75, 1000),
        "load_factor": between(0, 1),
        "hours": between(0, 8784),
        "constant_loss_share": between(0, 1),
        "efficiency_before_pct": between(50, 97),
        "efficiency_after_pct": between(50, 99),
    }
)


def motor_saving(motor, **other):
    values = {"power_after_kw": motor["power_kw"], "speed_before_rpm": 1480, "speed_after_rpm": 1480}
    return replacement.replacement_saving_kwh(**{**motor, **values, "speed_exponent": 0, **other})


@settings(deadline=None)
@given(motors, between(0, 1))
def test_a_motor(motor, better):
    saved = motor_saving(motor)
    before = replacement.consumption_kwh(
        motor["power_kw"],
        motor["load_factor"],
        motor["hours"],
        motor["efficiency_before_pct"],
        motor["constant_loss_share"],
    )
    assert saved <= before + 1e-9
    assert motor_saving(motor, efficiency_after_pct=motor["efficiency_after_pct"] + better) >= saved - 1e-9
    assert abs(motor_saving(motor, hours=2 * motor["hours"])) >= abs(saved)
    if motor["efficiency_after_pct"] >= motor["efficiency_before_pct"]:
        assert saved >= -1e-9


@settings(deadline=None)
@given(motors)
def test_part_load_efficiency_meets_the_plate_and_never_exceeds_one(motor):
    plate, share = motor["efficiency_before_pct"], motor["constant_loss_share"]
    assert losses.efficiency_at_load_pct(1.0, plate, share) == pytest.approx(plate)
    assert 0 <= losses.efficiency_at_load_pct(max(motor["load_factor"], 0.01), plate, share) <= 100


@settings(deadline=None)
@given(between(1000, 3000), between(0, 0.05), st.sampled_from([0.0, 1.0, 3.0]), motors)
def test_a_faster_motor_never_saves_more(speed, rise, exponent, motor):
    motor = motor | {"load_factor": motor["load_factor"] * 0.8}
    speeds = {"speed_before_rpm": speed, "speed_after_rpm": speed * (1 + rise), "speed_exponent": exponent}
    assert motor_saving(motor, **speeds) <= motor_saving(motor) + 1e-6 * motor["power_kw"] * motor["hours"] + 1e-9


curves = st.fixed_dictionaries(
    {"shutoff_head_ratio": between(1.02, 1.6), "efficiency_drop": between(0, 1), "static_head_share": between(0, 1)}
)


@settings(deadline=None)
@given(between(0.05, 1), curves)
def test_slowing_down_never_takes_more_shaft_power_than_throttling(flow, curve):
    slowed = affinity.slowed_power_share(flow, **curve)
    throttled = affinity.throttled_power_share(flow, curve["shutoff_head_ratio"], curve["efficiency_drop"])
    assert 0 < slowed <= throttled * (1 + 1e-9)


@settings(deadline=None)
@given(between(0.05, 1), curves)
def test_without_static_head_it_is_the_cube_law(flow, curve):
    free = curve | {"static_head_share": 0.0}
    assert affinity.slowed_power_share(flow, **free) == pytest.approx(flow**3)


@settings(deadline=None)
@given(between(0.05, 1), curves, between(0, 0.3))
def test_more_static_head_never_makes_a_drive_cheaper_at_flat_efficiency(flow, curve, more):
    flat = curve | {"efficiency_drop": 0.0}
    higher = flat | {"static_head_share": min(1.0, flat["static_head_share"] + more)}
    assert affinity.slowed_power_share(flow, **higher) >= affinity.slowed_power_share(flow, **flat) - 1e-12


@settings(deadline=None)
@given(
    st.lists(st.tuples(between(0.1, 1), between(0, 2000)), min_size=1, max_size=4),
    curves,
    between(80, 97),
    between(0, 1),
    between(90, 99),
)
def test_a_drive_over_a_profile(profile, curve, efficiency, share, drive):
    machine = {
        "power_kw": 110.0, "shaft_power_kw": 90.0, "efficiency_pct": efficiency, "constant_loss_share": share,
        "shutoff_head_ratio": curve["shutoff_head_ratio"], "efficiency_drop": curve["efficiency_drop"],
    }  # fmt: skip
    driven = machine | {"static_head_share": curve["static_head_share"], "drive_efficiency_pct": drive}
    before = over_profile([throttled_kwh(flow, hours, **machine) for flow, hours in profile])
    after = over_profile([slowed_kwh(flow, hours, **driven) for flow, hours in profile])
    saved = over_profile([drive_saving_kwh(flow, hours, **driven) for flow, hours in profile])
    assert saved == pytest.approx(before - after)
    assert saved <= before
    better = driven | {"drive_efficiency_pct": drive + 1}
    assert over_profile([drive_saving_kwh(flow, hours, **better) for flow, hours in profile]) >= saved - 1e-9


@settings(deadline=None)
@given(between(1, 2000), between(1, 200), between(30, 90), between(0, 9), between(60, 97), between(0, 8784))
def test_a_pump(flow, head, efficiency, better, motor, hours):
    def saving(after):
        return pump.reselection_saving_kwh(
            flow, flow, flow, head, head, head, 1000.0, efficiency, after, motor, motor, hours
        )

    before = pump.consumption_kwh(flow, head, 1000.0, efficiency, motor, hours)
    assert -1e-6 <= saving(efficiency + better / 2) <= saving(efficiency + better) + 1e-6 <= before + 2e-6


@settings(deadline=None)
@given(between(100, 5000), between(500, 20000), between(0, 1), between(0, 1), between(0, 1), between(0, 8784))
def test_a_transformer(iron, copper, better_iron, better_copper, load, hours):
    def saving(least_iron, least_copper):
        return transformer.replacement_saving_kwh(
            iron, copper, 630, least_iron, least_copper, 630, load, 1.05, min(1.0, load), hours
        )

    before = transformer.consumption_kwh(iron, copper, load, 1.05, hours)
    some = saving(iron * better_iron, copper * better_copper)
    assert -1e-6 <= some <= before + 1e-6
    assert saving(iron * better_iron / 2, copper * better_copper / 2) >= some - 1e-6


airs = st.fixed_dictionaries(
    {
        "specific_power_before": between(5, 12),
        "flow_m3min": between(8, 20),
        "leak_m3min": between(2, 6),
        "leak_cut_m3min": between(0, 2),
        "pressure_after_mpa": between(0.6, 0.8),
        "idle_power_share_before": between(0, 0.5),
        "hours": between(0, 8784),
    }
)
FIXED_AIR = {
    "capacity_before_m3min": 20.0, "capacity_after_m3min": 20.0, "pressure_before_mpa": 0.8, "pressure_needed_mpa": 0.6,
    "ambient_mpa": 0.1013, "idle_power_share_after": 0.0,
}  # fmt: skip


@settings(deadline=None)
@given(airs, between(0.5, 1), between(0.8, 1))
def test_compressed_air(air, share, better):
    values = {**FIXED_AIR, **air, "specific_power_after": air["specific_power_before"] * share}
    saved = compressor.compressed_air_saving_kwh(**values)
    before = compressor.consumption_kwh(
        air["specific_power_before"], 20.0, air["flow_m3min"], air["idle_power_share_before"], air["hours"]
    )
    assert -1e-6 <= saved <= before + 1e-6
    finer = values | {"specific_power_after": values["specific_power_after"] * better}
    assert compressor.compressed_air_saving_kwh(**finer) >= saved - 1e-6
    lower = values | {"pressure_after_mpa": max(0.6, values["pressure_after_mpa"] - 0.05)}
    assert compressor.compressed_air_saving_kwh(**lower) >= saved - 1e-6


@settings(deadline=None)
@given(between(0, 1e6), between(40, 100), between(0, 10))
def test_a_boiler(fuel, efficiency, better):
    saved = boiler.replacement_saving_gj(fuel, efficiency, efficiency + better)
    assert -1e-6 <= saved <= fuel
    assert boiler.heat_from_fuel_gj(boiler.fuel_for_heat_gj(fuel, efficiency), efficiency) == pytest.approx(fuel)


@settings(deadline=None)
@given(between(0, 1e7), between(1, 6), between(0, 5))
def test_a_chiller(cooling, performance, better):
    saved = chiller.replacement_saving_kwh(cooling, cooling, performance, performance + better)
    assert -1e-6 <= saved <= chiller.consumption_kwh(cooling, performance)


@settings(deadline=None)
@given(between(1, 1000), between(0, 1), between(0, 1e6))
def test_a_line(before, share, output):
    saved = process_line.saving_kgce(before, before * share, output, output)
    assert 0 <= saved <= process_line.consumption_kgce(before, output) + 1e-6


def test_one_device_in_a_column_is_enough_to_refuse():
    with pytest.raises(LessServiceError) as refused:
        process_line.saving_kgce(118.0, 104.0, 100.0, np.array([100.0, 99.0, 98.0]))
    assert refused.value.at == 1
