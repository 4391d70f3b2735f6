"""Standard coal and CO₂: the factor of the day with its source, or the name of what is missing; never another one."""

from __future__ import annotations

from datetime import date

import pytest

from jigai.appraisal.energy import (
    EnergyFactors,
    electricity_co2_kg,
    electricity_kgce,
    fuel_co2_kg,
    fuel_gj,
    fuel_kgce,
    tce,
)
from jigai.appraisal.undecided import Undecided
from jigai.reference import Reference

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def factors() -> EnergyFactors:
    return EnergyFactors.of(Reference.load(TODAY))


def test_electricity_has_its_equivalent_value(factors):
    found = factors.electricity_coal("equivalent")
    assert (found.value, found.unit, found.per, found.certainty) == (0.1229, "kgce/kWh", "kWh", "transcribed")
    assert "GB/T 2589-2020" in found.source


def test_the_old_equal_value_is_never_used(factors):
    """4.04 t per 10⁴ kWh is in the dataset for reading old records; the value of the year is not held."""
    found = factors.electricity_coal("equal_value")
    assert isinstance(found, Undecided)
    assert found.field == "standard_coal:电力等价"
    assert "4.04" in found.say("zh") and "4.04" in found.say("en")
    names = {factors.standard_coal("电力").value}
    assert names == {0.1229}


def test_units_of_the_sources_become_one_unit_each(factors):
    """6.143 tce per 10⁴ m³ is 0.6143 kgce/m³; 0.0341 tce/GJ is 34.1 kgce/GJ; 389.31 GJ per 10⁴ m³ is 0.038931 GJ/m³."""
    assert factors.standard_coal("焦炉煤气").value == pytest.approx(0.6143)
    assert factors.standard_coal("热力").value == pytest.approx(34.1)
    assert (factors.heating_value("天然气").value, factors.heating_value("天然气").per) == (
        pytest.approx(0.038931),
        "m3",
    )
    assert (factors.heating_value("烟煤").value, factors.heating_value("烟煤").unit) == (
        pytest.approx(0.01957),
        "GJ/kg",
    )
    assert factors.fuel_co2("烟煤").value == pytest.approx(90.2)


def test_a_range_is_an_estimate(factors):
    gas = factors.standard_coal("天然气").estimate()
    assert (gas.low, gas.likely, gas.high) == (1.2143, pytest.approx(1.27215), 1.33)
    assert gas.rests[0].name == "SC-11" and not gas.sample


@pytest.mark.parametrize(
    ("day", "place", "year", "value"),
    [
        (TODAY, "四川", None, 0.1564),
        (TODAY, "四川", 2022, 0.1404),
        (date(2025, 12, 30), "四川", None, 0.1404),
        (date(2025, 12, 31), "四川", None, 0.1564),
        (TODAY, "全国", 2022, 0.5366),
        (TODAY, "西南电网", None, 0.2472),
    ],
)
def test_the_grid_factor_of_a_day_is_the_latest_published(day, place, year, value):
    assert EnergyFactors.of(Reference.load(day)).grid(place, year).value == value


def test_a_special_purpose_factor_never_answers_for_the_plain_one(factors):
    assert factors.grid("全国", 2021).value == 0.5568


@pytest.mark.parametrize(
    ("place", "year", "field"),
    [("贵州", None, "grid_co2:贵州"), ("四川", 2025, "grid_co2:四川:2025"), ("云南", 2022, "grid_co2:云南:2022")],
)
def test_a_missing_grid_factor_is_named_and_nothing_stands_in(factors, place, year, field):
    found = factors.grid(place, year)
    assert isinstance(found, Undecided) and found.field == field
    assert place in found.say("zh") and place in found.say("en")


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ("standard_coal", "standard_coal:生物质"),
        ("heating_value", "heating_value:生物质"),
        ("fuel_co2", "fuel_co2:生物质"),
    ],
)
def test_a_missing_fuel_factor_is_named(factors, method, field):
    assert getattr(factors, method)("生物质").field == field


def test_a_document_of_2025_is_not_known_in_2024():
    early = EnergyFactors.of(Reference.load(date(2024, 7, 1)))
    assert isinstance(early.heating_value("烟煤"), Undecided)
    assert early.standard_coal("原煤").value == 0.7143


def test_without_the_dataset_everything_is_open():
    empty = EnergyFactors(TODAY, ())
    found = empty.grid("四川")
    assert isinstance(found, Undecided) and found.field == "energy-factors" and "2026-11-23" in found.say("zh")


def test_a_city_that_adds_the_equal_value_gets_it(factors):
    row = next(row for row in factors.rows if row["factor_id"] == "SC-20")
    own = row | {"factor_id": "X", "variant": "等价", "value": 0.3, "year": 2024}
    older = own | {"factor_id": "Y", "value": 0.31, "year": 2022}
    assert EnergyFactors(TODAY, (*factors.rows, own, older)).electricity_coal("equal_value").value == 0.3


def test_a_worked_example_from_kilowatt_hours_and_coal():
    """100 000 kWh are 12 290 kgce and at 0.1564 kg/kWh 15.64 t CO₂; 100 t of coal of 19.57 GJ/t are 66 774.6 kgce."""
    assert electricity_kgce(100000, 0.1229) == pytest.approx(12290)
    assert electricity_co2_kg(100000, 0.1564) == pytest.approx(15640)
    assert fuel_gj(100000, 0.01957) == pytest.approx(1957)
    assert fuel_kgce(1957) == pytest.approx(66774.5, rel=1e-5)
    assert fuel_co2_kg(1957, 90.2) == pytest.approx(176521.4)
    assert tce(12290) == pytest.approx(12.29)


def test_the_definition_of_standard_coal_agrees_with_the_table():
    """GB/T 2589: 3600 kJ/29 307.6 kJ = 0.12284, printed 0.1229; 1/29.3076 = 0.034121 tce/GJ, printed 0.0341."""
    assert fuel_kgce(0.0036) == pytest.approx(0.1229, rel=1e-3)
    assert fuel_kgce(1.0) == pytest.approx(34.1, rel=1e-3)
