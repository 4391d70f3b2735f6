"""The formulae of the standards against figures worked out by hand or in exact arithmetic."""

from __future__ import annotations

import math

import polars as pl
import pytest
from tests.screening.efficiency.rig import finding, reference

from jigai.screening.efficiency.axes import coded_limits
from jigai.screening.efficiency.fans import compressibility, fans
from jigai.screening.efficiency.motors import motors
from jigai.screening.efficiency.pumps import pumps
from jigai.screening.efficiency.standards import rules_in_force

FAN = {
    "kind": ["fan"],
    "flow_m3h": [36000.0],
    "total_pressure_kpa": [2.0],
    "speed_rpm": [1450.0],
    "machine_no": [10.0],
    "gas_density_kgm3": [1.2],
    "shaft_power_kw": [25.0],
    "efficiency_pct": [None],
    "pressure_coefficient": [None],
    "specific_speed": [None],
    "double_suction": [False],
    "inferred_fields": [";"],
}
TYPES = {"double_suction": pl.Boolean, "gas_density_kgm3": pl.Float64}
TYPES |= dict.fromkeys(("efficiency_pct", "pressure_coefficient", "specific_speed"), pl.Float64)


def one_fan(**more: object) -> dict[str, object]:
    data = FAN | {name: [value] for name, value in more.items()}
    return fans(pl.DataFrame(data, schema_overrides=TYPES)).to_dicts()[0]


def test_fan_figures_by_hand() -> None:
    x, z = 2000 / 101325, (0.4 / 1.4) * 25000 / (10 * 101325)
    kp = math.log1p(x) / x * z / math.log1p(z)
    u = math.pi * 1.0 * 1450 / 60
    found = one_fan()
    assert found["pressure_coefficient"] == pytest.approx(2000 * kp / (1.2 * u * u))
    assert found["specific_speed"] == pytest.approx(5.54 * 1450 * math.sqrt(10) / (2000 * kp) ** 0.75)
    assert found["fan_efficiency_pct"] == pytest.approx(10 * 2000 * kp / 25000 * 100)


def test_a_stated_fan_figure_goes_before_a_computed_one() -> None:
    found = one_fan(pressure_coefficient=0.5, specific_speed=50.0, efficiency_pct=80.0)
    assert (found["pressure_coefficient"], found["specific_speed"], found["fan_efficiency_pct"]) == (0.5, 50.0, 80.0)


def test_double_suction_halves_the_flow_and_unknown_suction_gives_no_specific_speed() -> None:
    single, double = one_fan()["specific_speed"], one_fan(double_suction=True)["specific_speed"]
    assert double == pytest.approx(single / math.sqrt(2))
    assert one_fan(double_suction=None)["specific_speed"] is None


def test_assumed_air_marks_what_follows_as_inferred() -> None:
    assert one_fan(gas_density_kgm3=None)["inferred_fields"] == ";pressure_coefficient;"
    assert one_fan()["inferred_fields"] == ";"
    device = {"kind": "fan", "series": "4-72", "machine_no": 10.0, "flow_m3h": 40000.0, "total_pressure_kpa": 2.5}
    flags = {"double_suction": False, "hvac_use": False, "inlet_box": False}
    found = finding(**device, **flags, speed_rpm=1450.0, efficiency_pct=86.0)
    assert (found["outcome"], found["basis"]) == ("grade_2", "inferred")
    assert "1.2 kg/m³" in found["reason_zh"]


def test_compressibility_tends_to_one_for_small_pressures() -> None:
    frame = pl.DataFrame({"q": [10.0], "p": [1.0], "w": [10.0]})
    assert frame.select(compressibility(pl.col("q"), pl.col("p"), pl.col("w"))).item() == pytest.approx(1.0, abs=1e-5)


def test_pump_specific_speed_by_hand() -> None:
    data = {
        "kind": ["pump"],
        "pump_type": ["单级双吸"],
        "flow_m3h": [720.0],
        "head_m": [32.0],
        "speed_rpm": [1480.0],
        "stages": [None],
        "double_suction": [None],
        "best_point": [True],
        "efficiency_pct": [85.0],
        "specific_speed": [None],
    }
    schema = {"stages": pl.Int64, "double_suction": pl.Boolean, "specific_speed": pl.Float64}
    found = pumps(pl.DataFrame(data, schema_overrides=schema)).to_dicts()[0]
    assert found["specific_speed"] == pytest.approx(3.65 * 1480 * math.sqrt(0.1) / 32**0.75)
    assert (found["stages"], found["double_suction"]) == (1, True)


@pytest.mark.parametrize(("speed", "poles"), [(2970.0, "2"), (1480.0, "4"), (980.0, "6"), (740.0, "8"), (3600.0, None)])
def test_poles_from_speed(speed: float, poles: str | None) -> None:
    data = {"kind": ["motor"], "speed_rpm": [speed], "frequency_hz": [None], "poles": [None]}
    frame = pl.DataFrame(data, schema_overrides={"frequency_hz": pl.Float64, "poles": pl.String})
    assert motors(frame)["poles"].to_list() == [poles]
    sixty = frame.with_columns(frequency_hz=pl.lit(60.0))
    assert motors(sixty)["poles"].to_list() == [None]


def test_small_submersible_pump_builds_its_specified_efficiency() -> None:
    # GB/T 25409: 下泵式 15 m³/h 69.5 %, no loss from specific speed 120 to 210, water-filled three-phase 1.5 kW 65 %
    flow, speed = 15.0, 2850.0
    head = (3.65 * speed * math.sqrt(flow / 3600) / 150) ** (4 / 3)
    device = {"kind": "pump", "series": "QX", "power_kw": 1.5, "flow_m3h": flow, "speed_rpm": speed, "stages": 1}
    more = {"pump_form": "下泵式", "motor_structure": "充水式", "phases": 3, "double_suction": False, "head_m": head}
    specified = reference_value("pump_efficiency") * 65 / 100 - 1.5
    found = finding(**device, **more, efficiency_pct=specified + 3)
    assert (found["outcome"], found["limit"]) == ("grade_1", pytest.approx(specified + 3))
    assert finding(**device, **more, efficiency_pct=specified)["outcome"] == "grade_3"
    off_table = finding(**{**device, "flow_m3h": 16.0}, **more, efficiency_pct=specified)
    assert "specified_efficiency_pct" in off_table["missing"]


def reference_value(metric: str) -> float:
    table = reference().table("gbt25409-2010", "reference").filter(pl.col("metric") == metric, pl.col("flow_m3h") == 15)
    return float(table.filter(pl.col("pump_form").list.contains("下泵式"))["value"][0])


def test_interpolation_adds_one_segment_per_gap_and_none_across_a_hole() -> None:
    rule = rules_in_force(reference())["pmsm_variable_frequency"]
    rows = coded_limits(rule)
    segments = rows.filter(pl.col("x0").is_not_null())
    assert segments.height
    assert segments.filter((pl.col("x0") < 600) & (pl.col("x1") > 600)).is_empty()
    low = segments.filter(pl.col("voltage_kv") == "LV")
    assert low["x1"].max() == 500.0


def test_rules_are_built_once_per_content() -> None:
    first, second = rules_in_force(reference()), rules_in_force(reference())
    assert first["industrial_boiler"] is second["industrial_boiler"]
