"""Each standard: equal to a limit reaches the grade, just short of it does not. Figures are those of the tables."""

from __future__ import annotations

from typing import Any

import pytest
from tests.screening.efficiency.rig import Judged, blower, boiler, compressor, fan, finding, motor, pump, transformer

HV = {"voltage_kv": 10.0, "cooling_code": "IC411", "power_kw": 560.0}
PM = {"subkind": "pmsm_variable_frequency", "poles": None, "speed_rpm": 1500.0}
WELL = {"kind": "pump", "submersible_family": "井用", "submersible_subtype": "充水式", "power_kw": 37.0}
WELL_RATED = {**WELL, "specified_efficiency_pct": 58.0, "efficiency_tolerance_pp": 2.0}
FURNACE = {"kind": "heat_treatment_furnace", "furnace_type": "箱式炉", "heating": "电加热", "power_kw": 45.0}
CHILLER = {"kind": "chiller", "unit_type": "舒适型", "heat_source": "水冷式", "cooling_capacity_kw": 1200.0}
WATER_HEATER = {"kind": "heat_pump_water_heater", "unit_type": "普通型", "heating_method": "循环加热"}
DUCTED = {"kind": "air_conditioner", "unit_type": "风管送风式机组", "heat_source": "风冷式", "mode": "热泵型"}
UNITARY = {"kind": "air_conditioner", "unit_type": "普通型", "heat_source": "风冷式", "mode": "单冷型"}
MULTI = {"kind": "air_conditioner", "unit_type": "风冷单冷", "cooling_capacity_kw": 14.0}

LADDERS: list[tuple[str, dict[str, Any], str, list[tuple[float, str]]]] = [
    (
        "low-voltage motor 55 kW 4 poles",
        motor(),
        "efficiency_pct",
        [
            (96.5, "grade_1"),
            (96.49, "grade_2"),
            (95.7, "grade_2"),
            (95.6, "grade_3"),
            (94.6, "grade_3"),
            (94.5, "below_limit"),
        ],
    ),
    (
        "low-voltage motor 7.5 kW 4 poles",
        motor(power_kw=7.5),
        "efficiency_pct",
        [(94.0, "grade_1"), (92.6, "grade_2"), (90.4, "grade_3"), (90.39, "below_limit")],
    ),
    (
        "high-voltage motor",
        motor(**HV),
        "efficiency_pct",
        [(95.5, "grade_1"), (95.4, "grade_2")],
    ),
    (
        "line-start permanent-magnet motor",
        motor(series="TYCX", power_kw=37.0),
        "efficiency_pct",
        [(95.2, "grade_3"), (95.1, "below_limit")],
    ),
    (
        "distribution transformer by no-load loss",
        transformer(load_loss_w=1.0),
        "no_load_loss_w",
        [(830.0, "grade_3"), (830.5, "below_limit")],
    ),
    (
        "screw compressor",
        compressor(),
        "specific_power",
        [(7.5, "grade_3"), (7.51, "below_limit")],
    ),
    (
        "fan No.10",
        fan(),
        "efficiency_pct",
        [(87.0, "grade_1"), (82.0, "grade_2"), (81.9, "grade_3"), (77.0, "grade_3"), (76.9, "below_limit")],
    ),
    (
        "grate boiler on bituminous coal II up to 20 t/h",
        boiler(),
        "efficiency_pct",
        [(85.0, "grade_1"), (82.0, "grade_2"), (80.0, "grade_3"), (79.9, "below_limit")],
    ),
    (
        "blower, two levels",
        blower(),
        "efficiency_pct",
        [(72.0, "grade_2"), (71.9, "grade_3"), (68.0, "grade_3"), (67.9, "below_limit")],
    ),
    (
        "well pump against its specified efficiency",
        WELL_RATED,
        "efficiency_pct",
        [(61.0, "grade_1"), (59.5, "grade_2"), (56.0, "grade_3"), (55.9, "below_limit")],
    ),
    (
        "box furnace, less is better",
        FURNACE,
        "unit_consumption",
        [(350.0, "grade_1"), (480.0, "grade_2"), (600.0, "grade_3"), (601.0, "below_limit")],
    ),
    (
        "chiller declared by COPc",
        {**CHILLER, "evaluation_system": "制冷性能系数COPc指标体系", "iplv": 6.3},
        "cop",
        [(6.4, "grade_1"), (6.2, "grade_2"), (5.6, "grade_3"), (5.5, "below_limit")],
    ),
    (
        "heat pump water heater, five grades",
        {**WATER_HEATER, "heating_capacity_kw": 20.0, "pump_supplied": True},
        "cop",
        [
            (4.5, "grade_1"),
            (4.3, "grade_2"),
            (4.0, "grade_3"),
            (3.8, "grade_4"),
            (3.6, "grade_5"),
            (3.5, "below_limit"),
        ],
    ),
    (
        "ducted unit",
        {**DUCTED, "cooling_capacity_kw": 7.1},
        "apf",
        [(3.8, "grade_1"), (2.9, "grade_3"), (2.8, "below_limit")],
    ),
    (
        "unitary unit",
        {**UNITARY, "cooling_capacity_kw": 14.0},
        "seer",
        [(4.5, "grade_1"), (2.9, "grade_3"), (2.8, "below_limit")],
    ),
    (
        "multi-split unit",
        {**MULTI, "eer": 3.6},
        "seer",
        [(5.5, "grade_1"), (5.1, "grade_2"), (4.8, "grade_3"), (4.7, "below_limit")],
    ),
]
STEPS = [(name, device, metric, value, want) for name, device, metric, steps in LADDERS for value, want in steps]


JUDGED = Judged([{**device, metric: value} for _, device, metric, value, _ in STEPS])


@pytest.mark.parametrize("place", range(len(STEPS)), ids=[f"{name} {value}" for name, _, _, value, _ in STEPS])
def test_a_limit_is_inclusive(place: int) -> None:
    _, _, metric, value, want = STEPS[place]
    found = JUDGED[place]
    assert found["outcome"] == want, found["reason_zh"]
    assert found["mandatory"] is False
    assert (found["metric"], found["value"]) == (metric, value)


def test_a_finding_names_document_clause_limit_and_certainty() -> None:
    found = finding(**motor(efficiency_pct=93.6))
    assert found["document"] == "GB 18613-2020 电动机能效限定值及能效等级"
    assert (found["clause"], found["limit"], found["unit"]) == ("表1", 94.6, "%")
    assert (found["basis"], found["certainty"], found["dataset"]) == ("ledger", "transcribed", "gb18613-2020")
    assert found["reason_zh"] == (
        "按 GB 18613-2020 表1，55 kW 4 极 3 级限值 94.6 %，台账效率 93.6 %，"
        "低于能效限定值（3 级）。该标准约束生产和销售，不直接责令在用设备停用。"
    )


def test_both_losses_of_a_transformer_must_meet_the_grade() -> None:
    assert finding(**transformer(no_load_loss_w=700.0, load_loss_w=10300.0))["outcome"] == "grade_3"
    failing = finding(**transformer(no_load_loss_w=700.0, load_loss_w=10400.0))
    assert (failing["outcome"], failing["metric"]) == ("below_limit", "load_loss_w")


def test_one_loss_worse_than_the_limit_is_enough() -> None:
    assert finding(**transformer(no_load_loss_w=1700.0, load_loss_w=None))["outcome"] == "below_limit"
    open_case = finding(**transformer(no_load_loss_w=700.0, load_loss_w=None))
    assert (open_case["outcome"], open_case["missing"]) == ("undecided", "load_loss_w")


def test_an_amorphous_core_has_its_own_column() -> None:
    assert finding(**transformer(core="amorphous", no_load_loss_w=500.0))["outcome"] == "below_limit"
    assert finding(**transformer(core="silicon_steel", no_load_loss_w=500.0))["outcome"] == "grade_3"


def test_losses_near_a_limit_rounded_to_whole_kilowatts_are_doubtful() -> None:
    # table 3 is printed in whole kilowatts, so 0.5 kW about a limit is within its rounding
    device = transformer(capacity_kva=8000.0, voltage_kv=35.0, tap="off_circuit", core=None, no_load_loss_w=1.0)
    limit = finding(**{**device, "load_loss_w": 99000.0})["limit"]
    outcomes = {
        load: (found["outcome"], found["certainty"])
        for load in (limit + 600, limit + 400)
        if (found := finding(**{**device, "load_loss_w": load}))
    }
    assert outcomes[limit + 600] == ("below_limit", "transcribed")
    assert outcomes[limit + 400] == ("below_limit", "doubtful")


def test_a_doubtful_cell_keeps_its_word_and_says_so() -> None:
    device = transformer(capacity_kva=240000.0, voltage_kv=220.0, windings="three_winding", tap="off_circuit", phases=3)
    found = finding(**{**device, "core": None, "no_load_loss_w": 72000.0, "load_loss_w": 1.0})
    assert (found["outcome"], found["certainty"]) == ("grade_1", "doubtful")
    assert "存疑" in found["reason_zh"]


def test_an_unlisted_motor_power_is_interpolated_and_doubtful() -> None:
    found = finding(**motor(power_kw=50.0, efficiency_pct=94.5))
    # 45 kW 94.2, 55 kW 94.6 (grade 3); half way
    assert (found["outcome"], found["limit"], found["certainty"]) == ("grade_3", pytest.approx(94.4), "doubtful")
    assert "内插" in found["reason_zh"]


def test_nothing_is_extrapolated() -> None:
    assert finding(**motor(power_kw=1100.0))["outcome"] == "out_of_scope"
    assert finding(**motor(power_kw=0.1))["outcome"] == "out_of_scope"
    assert finding(**transformer(capacity_kva=1100.0))["outcome"] == "out_of_scope"


def test_new_energy_transformers_are_interpolated() -> None:
    device = transformer(capacity_kva=1100.0, application="new_energy_generation", core=None, load_loss_w=1.0)
    assert finding(**{**device, "no_load_loss_w": 1.0})["certainty"] == "doubtful"


@pytest.mark.parametrize(
    ("pressure", "value", "want"),
    [(0.9, 5.0, "grade_1"), (0.9, 9.5, "below_limit"), (0.9, 8.0, "undecided"), (1.6, 8.0, "out_of_scope")],
)
def test_an_unlisted_pressure_is_decided_only_where_its_neighbours_agree(
    pressure: float, value: float, want: str
) -> None:
    found = finding(**compressor(pressure_mpa=pressure, specific_power=value))
    assert found["outcome"] == want
    if want == "undecided":
        assert "不在标准表列档位" in found["missing"]
    elif want != "out_of_scope":
        assert "上下两档结论一致" in found["reason_zh"]


@pytest.mark.parametrize(
    ("more", "limit"),
    [
        ({}, 77.0),
        ({"double_suction": True}, 74.0),
        ({"hvac_use": True}, 74.0),
        ({"inlet_box": True}, 73.0),
        ({"double_suction": True, "hvac_use": True, "inlet_box": True}, 67.0),
    ],
)
def test_fan_corrections_add_up(more: dict[str, Any], limit: float) -> None:
    assert finding(**fan(**more, efficiency_pct=limit))["outcome"] == "grade_3"
    assert finding(**fan(**more, efficiency_pct=limit - 0.1))["outcome"] == "below_limit"


def test_an_unknown_correction_leaves_open_only_what_it_can_move() -> None:
    unknown = {"double_suction": None, "hvac_use": None, "inlet_box": None}
    assert finding(**fan(**unknown, efficiency_pct=90.0))["outcome"] == "grade_1"
    assert finding(**fan(**unknown, efficiency_pct=60.0))["outcome"] == "below_limit"
    between = finding(**fan(**unknown, efficiency_pct=75.0))
    assert (between["outcome"], between["missing"]) == ("undecided", "double_suction;hvac_use;inlet_box")


AXIAL = {"kind": "fan", "type": "axial", "machine_no": 18.0, "hub_ratio": 0.35}
PLAIN = {"inlet_box": False, "diffuser": None, "adjustable_blade": False, "reversible": False}


@pytest.mark.parametrize(
    ("more", "limit"),
    [
        ({"diffuser": False}, 65.0),
        ({"diffuser": False, "inlet_box": True}, 62.0),
        ({"diffuser": True}, 69.0),
        ({"diffuser": False, "adjustable_blade": True}, 82.0),
        ({"diffuser": False, "reversible": True}, 57.0),
    ],
)
def test_axial_fan_corrections(more: dict[str, Any], limit: float) -> None:
    # table 3, hub ratio 0.3-0.4, No.10 and above: 79 / 75 / 63
    device = {**AXIAL, **PLAIN, **more}
    assert finding(**device, efficiency_pct=limit)["outcome"] == "grade_3"
    assert finding(**device, efficiency_pct=limit - 0.1)["outcome"] == "below_limit"


def test_blower_corrections_and_readings_at_the_edges() -> None:
    assert finding(**blower(three_d_impeller=True, efficiency_pct=73.0))["outcome"] == "grade_3"
    assert finding(**blower(overhung=True, efficiency_pct=68.9))["outcome"] == "below_limit"
    assert finding(**blower(three_d_impeller=True, overhung=True, efficiency_pct=74.0))["outcome"] == "grade_3"
    edge = finding(**blower(impeller_mm=300.4, outlet_width_mm=6.0, efficiency_pct=51.0))
    assert (edge["outcome"], edge["limit"]) == ("grade_3", 51.0)
    assert "取整" in edge["reason_zh"]


def test_a_gate_blocks_only_the_grade_it_belongs_to() -> None:
    device = {**CHILLER, "evaluation_system": "综合部分负荷/季节性能指标体系"}
    assert finding(**device, iplv=8.1)["outcome"] == "grade_2"
    assert finding(**device, iplv=6.5)["missing"] == "cop"
    assert finding(**device, iplv=6.5, cop=5.6)["outcome"] == "grade_3"
    below = finding(**device, iplv=6.5, cop=5.5)
    assert (below["outcome"], below["metric"], below["limit"]) == ("below_limit", "cop", 5.6)


def test_electric_boilers_have_a_limit_and_no_grades() -> None:
    electric = {"kind": "boiler", "combustion": "电加热锅炉"}
    met = finding(**electric, efficiency_pct=97.0)
    assert (met["outcome"], met["clause"]) == ("grade_3", "5.2 条")
    assert "能效限定值 97 %" in met["reason_zh"]
    assert finding(**electric, efficiency_pct=96.9)["outcome"] == "below_limit"


def test_condensing_boilers_exceed_a_hundred() -> None:
    gas = {"kind": "boiler", "combustion": "室燃锅炉", "fuel": "gas", "capacity_tph": 6.0, "efficiency_pct": 103.0}
    assert finding(**gas, condensing=True)["outcome"] == "grade_1"
    assert finding(**{**gas, "efficiency_pct": 111.0}, condensing=True)["missing"] == "efficiency_pct"


def test_steam_and_hot_water_boilers_use_their_own_capacity_band() -> None:
    hot = boiler(capacity_tph=None, capacity_mw=14.0)
    assert finding(**hot)["outcome"] == "grade_3"
    assert finding(**{**hot, "capacity_mw": 14.1})["outcome"] == "below_limit"


def test_pumps_follow_the_formula() -> None:
    found = finding(**pump(efficiency_pct=72.92))
    assert (found["outcome"], found["limit"]) == ("below_limit", pytest.approx(72.927042))
    assert finding(**pump(efficiency_pct=72.93))["outcome"] == "grade_3"
    assert finding(**pump(best_point=False))["missing"] == "best_point"
    assert finding(**pump(best_point=None))["missing"] == "best_point"


def test_a_pump_that_contradicts_its_type_is_asked_again() -> None:
    assert finding(**pump(stages=3))["missing"] == "stages"
    assert finding(**pump(double_suction=True))["missing"] == "double_suction"
    assert finding(**pump(pump_type="管道", stages=1))["missing"] == "double_suction"


def test_a_specified_efficiency_without_tolerance_decides_what_it_can() -> None:
    rated = {**WELL, "specified_efficiency_pct": 58.0}
    assert finding(**rated, efficiency_pct=59.5)["outcome"] == "grade_2"
    assert finding(**rated, efficiency_pct=58.0)["outcome"] == "grade_3"
    assert finding(**rated, efficiency_pct=57.9)["missing"] == "efficiency_tolerance_pp"
