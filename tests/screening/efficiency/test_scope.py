"""Which standard applies, on which day; and what is said where none can be applied."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.screening.efficiency.rig import (
    Judged,
    blower,
    boiler,
    compressor,
    finding,
    findings,
    motor,
    pump,
    transformer,
)

DAYS = [
    (date(2008, 1, 1), motor(), "版本未收录: GB 18613-2006"),
    (date(2020, 1, 1), motor(), "版本未收录: GB 18613-2012"),
    (date(2021, 5, 31), motor(), "版本未收录: GB 18613-2012"),
    (date(2021, 6, 1), motor(), None),
    (date(2024, 8, 1), transformer(), "版本未收录: GB 20052-2020"),
    (date(2025, 1, 31), transformer(), "版本未收录: GB 20052-2020"),
    (date(2025, 2, 1), transformer(), None),
    (date(2025, 8, 31), motor(voltage_kv=6.0, power_kw=500.0, cooling_code="IC411"), "版本未收录: GB 30254-2013"),
    (date(2025, 9, 1), motor(voltage_kv=6.0, power_kw=500.0, cooling_code="IC411"), None),
    (date(2025, 9, 30), motor(series="TYCX"), "版本未收录: GB 30253-2013"),
    (date(2025, 10, 1), motor(series="TYCX"), None),
    (date(2026, 2, 28), pump(), "版本未收录: GB 19762-2007"),
    (date(2026, 3, 1), pump(), None),
    (date(2020, 6, 30), compressor(), "版本未收录: GB 19153-2009"),
    (date(2020, 7, 1), compressor(), None),
    (date(2021, 5, 31), boiler(), "版本未收录: GB 24500-2009"),
    (date(2027, 3, 31), blower(), None),
    (date(2027, 4, 1), blower(), "版本未收录: GB 28381-2026"),
    (date(2012, 8, 31), blower(), "版本未收录: GB 28381 当日有效版本"),
]


@pytest.mark.parametrize(("day", "device", "missing"), DAYS)
def test_an_edition_not_held_is_never_clear(day: date, device: dict[str, Any], missing: str | None) -> None:
    found = finding(day, **device)
    if missing is None:
        assert found["outcome"] not in ("undecided", "out_of_scope"), found["reason_zh"]
    else:
        assert (found["outcome"], found["missing"]) == ("undecided", missing)
        assert found["document"] == missing.removeprefix("版本未收录: ")
        assert missing.removeprefix("版本未收录: ") in found["reason_zh"]
        assert missing.removeprefix("版本未收录: ").removesuffix(" 当日有效版本") in found["reason_en"]


OUTSIDE = [
    motor(series="Z4"),
    motor(series="YZR"),
    motor(series="YD", poles="4/2"),
    motor(poles="4/2"),
    motor(frequency_hz=60.0),
    motor(voltage_kv=1.14),
    motor(poles="10"),
    motor(voltage_kv=10.0, power_kw=560.0, cooling_code="IC86W"),
    motor(voltage_kv=13.8, power_kw=560.0, cooling_code="IC411"),
    transformer(series="KBSG", voltage_kv=6.0),
    transformer(series="HSSP"),
    transformer(voltage_kv=10.0, tap="on_load"),
    compressor(oil_free=True),
    compressor(type="centrifugal"),
    compressor(power_kw=50.0),
    pump(flow_m3h=4.0),
    pump(pump_type="单级石油化工离心泵", stages=1, double_suction=False, head_m=1000.0),
    {"kind": "pump", "type": "真空泵"},
    boiler(fuel="waste_heat"),
    boiler(pressure_mpa=9.8),
    boiler(combustion="生物质锅炉", fuel="biomass", lhv_kjkg=8000.0),
    {"kind": "blower", "type": "roots"},
    {"kind": "heat_treatment_furnace", "furnace_type": "箱式炉", "heating": "电加热", "power_kw": 10.0},
    {"kind": "air_conditioner", "unit_type": "普通型", "cooling_capacity_kw": 5.0},
    {"kind": "crane"},
    {"kind": "furnace", "furnace_type": "马弗炉"},
]


JUDGED_OUTSIDE = Judged(OUTSIDE)


@pytest.mark.parametrize("place", range(len(OUTSIDE)))
def test_outside_the_standard_is_said_with_the_reason(place: int) -> None:
    found = JUDGED_OUTSIDE[place]
    assert found["outcome"] == "out_of_scope", (found["missing"], found["reason_zh"])
    assert found["missing"] is None
    assert found["reason_zh"]
    assert found["reason_en"]


ASKED = [
    ({"kind": "motor"}, {"voltage_kv"}),
    (motor(poles=None), {"poles"}),
    (motor(poles=None, power_kw=None, efficiency_pct=None), {"poles", "power_kw", "efficiency_pct"}),
    (motor(efficiency_pct=None), {"efficiency_pct"}),
    (motor(efficiency_pct=0.954), {"efficiency_pct"}),
    (motor(efficiency_pct=101.0), {"efficiency_pct"}),
    (motor(voltage_kv=10.0, power_kw=560.0, efficiency_pct=94.5), {"cooling_code"}),
    (transformer(voltage_kv=None), {"voltage_kv"}),
    (transformer(core=None, no_load_loss_w=500.0), {"core"}),
    (transformer(no_load_loss_w=None, load_loss_w=None), {"no_load_loss_w", "load_loss_w"}),
    (compressor(oil_free=None, drive_speed=None), {"oil_free", "drive_speed"}),
    (compressor(pressure_mpa=None), {"pressure_mpa"}),
    ({"kind": "pump", "flow_m3h": 100.0}, {"pump_type"}),
    (pump(head_m=None), {"head_m"}),
    (pump(efficiency_pct=None, best_point=None), {"efficiency_pct", "best_point"}),
    ({"kind": "fan"}, {"type"}),
    (boiler(fuel_class=None, efficiency_pct=81.0), {"fuel_class", "lhv_kjkg", "vdaf_pct"}),
    (boiler(combustion=None), {"combustion"}),
    (boiler(combustion="室燃锅炉", fuel="gas", efficiency_pct=97.0), {"condensing"}),
    (boiler(combustion="室燃锅炉", fuel="oil_gas", efficiency_pct=91.0, condensing=False), {"fuel"}),
    ({"kind": "blower"}, {"type"}),
    (blower(outlet_width_mm=None), {"outlet_width_mm"}),
    ({"kind": "chiller", "unit_type": "水冷螺杆"}, {"unit_type"}),
    ({"kind": "chiller"}, {"unit_type"}),
    ({"kind": "air_conditioner"}, {"unit_type"}),
    ({"kind": "pump", "submersible_family": "井用", "power_kw": 37.0, "efficiency_pct": 50.0}, {"submersible_subtype"}),
    ({"name": "自制"}, {"kind"}),
]


JUDGED_ASKED = Judged([device for device, _ in ASKED])


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_what_is_missing_is_named(place: int) -> None:
    device, asked = ASKED[place]
    found = JUDGED_ASKED[place]
    assert found["outcome"] == "undecided", found["reason_zh"]
    assert asked <= set(found["missing"].split(";")), found["missing"]
    assert not set(found["missing"].split(";")) & {name for name, value in device.items() if value is not None} - asked


NOT_HELD = [
    (
        {"kind": "fan", "type": "centrifugal", "machine_no": 3.5, "pressure_coefficient": 0.5, "specific_speed": 55.0},
        "3.5",
    ),
    (motor(subkind="pmsm_variable_frequency", power_kw=110.0, speed_rpm=550.0), "600 r/min"),
    (motor(subkind="pmsm_variable_frequency", power_kw=3150.0, speed_rpm=1500.0, voltage_kv=10.0), "3150"),
    ({"kind": "pump", "series": "QX", "power_kw": 5.5, "efficiency_pct": 50.0}, "3 kW"),
    ({"kind": "air_conditioner", "unit_type": "风冷热泵", "cooling_capacity_kw": 30.0, "apf": 9.0}, "28 kW"),
    (transformer(voltage_kv=6.0), "6 kV"),
]


@pytest.mark.parametrize(("device", "words"), NOT_HELD)
def test_a_hole_in_the_held_tables_is_undecided(device: dict[str, Any], words: str) -> None:
    found = finding(**{"efficiency_pct": 85.0, **device})
    assert found["outcome"] == "undecided"
    assert words in found["missing"]


def test_the_subkind_speaks_before_the_scope_conditions() -> None:
    lift = motor(subkind="pmsm_elevator", power_kw=11.0, speed_rpm=160.0, poles=None, efficiency_pct=99.0)
    assert finding(**lift)["dataset"] == "gb30253-2024"


def test_poles_are_read_off_the_rated_speed() -> None:
    found = findings(
        [motor(poles=None, speed_rpm=speed, efficiency_pct=90.0) for speed in (2950.0, 1480.0, 985.0, 735.0)]
    )
    assert [one["limit"] for one in found] == [94.3, 94.6, 94.1, 92.5]


def test_all_missing_cooling_groups_agreeing_decide() -> None:
    found = finding(**motor(voltage_kv=10.0, power_kw=560.0, efficiency_pct=93.0))
    assert found["outcome"] == "below_limit"
    assert "所缺信息不影响结论" in found["reason_zh"]


def test_an_older_machine_is_told_its_edition_is_not_held() -> None:
    assert "当时的版本未收录" in finding(**motor(made_year=2011))["reason_zh"]
    assert "当时的版本未收录" not in finding(**motor(made_year=2023))["reason_zh"]
