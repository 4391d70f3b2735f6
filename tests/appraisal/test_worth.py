"""Standard coal, CO₂ and money of what is saved: by carrier, over a change of fuel, with what is missing by name."""

from __future__ import annotations

from datetime import date

import pytest
from tests.appraisal.ledgers import answer, complete

from jigai.appraisal.tariff import Tariff

GAS = {
    "fuel_after_name": "天然气", "boiler_efficiency_after_pct": 96.0, "fuel_price": 0.8, "fuel_after_price": 3.5,
}  # fmt: skip


def tariff(sample: bool = False) -> Tariff:
    prices, hours = {"peak": 0.8, "flat": 0.5, "valley": 0.2}, {"peak": 8, "flat": 8, "valley": 8}
    return Tariff("测试", date(2026, 1, 1), None, prices, hours, sample, "电费单")


def test_an_unchanged_fuel_is_worth_its_saving():
    """47 500 GJ·(1 − 75/84) = 5 089.2857 GJ: 173.65 tce, 459.05 tCO₂, 267 857.14 kg at 0.8 yuan."""
    found = answer(complete("boiler_replacement", fuel_price=0.8))
    assert found["tce_likely"] == pytest.approx(5089.2857 * 34.12084 / 1000, rel=1e-5)
    assert found["co2_t_likely"] == pytest.approx(5089.2857 * 0.0902, rel=1e-6)
    assert found["money_yuan_likely"] == pytest.approx(5089.2857 / 0.019 * 0.8, rel=1e-6)
    assert found["missing"] is None


def test_another_fuel_counts_each_by_its_own_factor_and_price():
    """Coal 47 500 GJ; gas 35 625/0.96 = 37 109.375 GJ; prices per kg and per m³ through 0.019 and 0.038931 GJ."""
    found = answer(complete("boiler_replacement", **GAS))
    assert found["fuel_after_gj"] == pytest.approx(37109.375)
    assert found["co2_t_likely"] == pytest.approx(47500 * 0.0902 - 37109.375 * 0.0552, rel=1e-6)
    money = 47500 / 0.019 * 0.8 - 37109.375 / 0.038931 * 3.5
    assert found["money_yuan_likely"] == pytest.approx(money, rel=1e-6)
    assert money < 0 < found["tce_likely"], "saves coal and costs money: both are told"


def test_another_fuel_without_a_price_leaves_the_money_open():
    found = answer(complete("boiler_replacement", **{name: GAS[name] for name in GAS if name != "fuel_after_price"}))
    assert found["money_yuan_likely"] is None and "fuel_after_price" in found["missing"]
    assert found["co2_t_likely"] is not None


def test_another_fuel_never_takes_the_limit_of_the_old_one():
    """The standard's efficiency of a coal boiler says nothing of a gas boiler: it must be told."""
    device = {
        "kind": "boiler", "combustion": "层状燃烧燃煤", "fuel": "coal", "lhv_kjkg": 19000, "vdaf_pct": 30,
        "capacity_tph": 10, "efficiency_pct": 75, "fuel_name": "烟煤", "fuel_amount": 2.5e6,
    }  # fmt: skip
    assert answer(device)["status"] == "appraised"
    changed = answer(device | {"fuel_after_name": "天然气"})
    assert changed["status"] == "undecided" and "boiler_efficiency_after_pct" in changed["missing"]


def test_a_fuel_without_a_name_has_energy_but_no_carbon():
    found = answer({name: value for name, value in complete("boiler_replacement").items() if name != "fuel_name"})
    assert found["tce_likely"] is not None and found["co2_t_likely"] is None
    assert "fuel_name" in found["missing"]


def test_the_price_spread_widens_the_money_and_not_the_energy():
    """Saving of one kind of device; price between 0.4 and 0.6: money between low·0.4 and high·0.6."""
    device = complete("chiller_replacement", hours_low=2500.0, hours_high=3300.0)
    found = answer(device | {"electricity_price": 0.5, "electricity_price_low": 0.4, "electricity_price_high": 0.6})
    assert found["money_yuan_low"] == pytest.approx(found["saving_low"] * 0.4, abs=0.01)
    assert found["money_yuan_high"] == pytest.approx(found["saving_high"] * 0.6, abs=0.01)
    assert found["money_yuan_likely"] == pytest.approx(found["saving_likely"] * 0.5, abs=0.01)


def test_a_loss_at_a_high_price_is_the_greater_loss():
    """A drive at full flow only costs its losses: the dear price makes the low end, the cheap one the high end."""
    device = complete("variable_speed", flow_share=1.0)
    found = answer(device | {"electricity_price": 0.5, "electricity_price_low": 0.4, "electricity_price_high": 0.6})
    assert found["saving_likely"] < 0
    assert found["money_yuan_low"] == pytest.approx(found["saving_likely"] * 0.6, abs=0.01)
    assert found["money_yuan_high"] == pytest.approx(found["saving_likely"] * 0.4, abs=0.01)


def test_shares_in_a_period_the_tariff_does_not_have_are_not_believed():
    found = answer(complete("chiller_replacement", sharp_share=0.5, flat_share=0.5), tariff=tariff())
    assert found["money_yuan_low"] == pytest.approx(found["saving_likely"] * 0.2, abs=0.01)
    assert found["money_yuan_high"] == pytest.approx(found["saving_likely"] * 0.8, abs=0.01)


def test_shares_that_do_not_add_up_leave_the_spread_of_the_day():
    found = answer(complete("chiller_replacement", peak_share=0.5, flat_share=0.2), tariff=tariff())
    assert found["money_yuan_likely"] == pytest.approx(found["saving_likely"] * 0.5, abs=0.01)
    assert found["money_yuan_low"] < found["money_yuan_likely"] < found["money_yuan_high"]


@pytest.mark.parametrize("sample", [True, False])
def test_only_a_sample_tariff_marks_the_money(sample):
    found = answer(complete("chiller_replacement"), tariff=tariff(sample))
    assert found["sample_money"] is sample and found["sample"] is False


def test_without_any_price_there_is_no_money_and_it_is_said():
    found = answer(complete("chiller_replacement"))
    assert found["money_yuan_likely"] is None and not found["sample_money"]
    assert "electricity_price" in found["missing"]


def test_money_is_told_to_the_fen():
    found = answer(complete("chiller_replacement", electricity_price=0.512345))
    assert found["money_yuan_likely"] == round(found["money_yuan_likely"], 2)


def test_electricity_for_coal_is_weighed_in_standard_coal():
    """14 250 GJ of heat: 19 000 GJ of coal against 14 250/3.6e-3/3 kWh; the equal value is not held."""
    found = answer(complete("boiler_electrification"))
    power = 14250 / 0.0036 / 3
    assert found["electricity_after_kwh"] == pytest.approx(power)
    assert found["tce_likely"] == pytest.approx((19000 * 34.12084 - power * 0.1229) / 1000, rel=1e-5)
    assert found["saving_likely"] == pytest.approx(1000 * found["tce_likely"])
    assert found["consumption_before"] == pytest.approx(19000 * 34.12084, rel=1e-5)
    assert found["tce_equal_likely"] is None and "standard_coal:电力等价" in found["missing"]
