"""Plausibility: what is asked about, what is refused, what passes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.platform.enterprises.helpers import GOOD

from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.data import rows
from jigai.platform.enterprises.fact_checks import doubts
from jigai.platform.enterprises.fact_values import read_value

DAY = date(2026, 4, 1)


def values(given):
    return {name: read_value(attributes()[name], text) for name, text in given.items()}


def found(now, last=None, only=""):
    return {(one.check, one.severity) for one in doubts(values(now), values(last or {}), DAY, only)}


def test_good_figures_raise_no_doubt():
    assert found(GOOD, GOOD) == set()


@pytest.mark.parametrize(
    ("changes", "last", "check", "severity"),
    [
        ({"output_value": "8600000"}, {"output_value": "860"}, "slip_10000", "warn"),
        ({"main_revenue": "8.4"}, {"main_revenue": "84000"}, "slip_10000", "warn"),
        ({"electricity": "12"}, {"electricity": "12000"}, "slip_1000", "warn"),
        ({"employees": "2000"}, {"employees": "640"}, "jump", "warn"),
        ({"coal": "0"}, {"coal": "20000"}, "jump", "warn"),
        ({"machinery_net": "60000"}, {}, "net_above_original", "refuse"),
        ({"key_processes_nc": "25"}, {}, "nc_above_processes", "refuse"),
        ({"equipment_networked": "900"}, {}, "networked_above_total", "refuse"),
        ({"rd_spending": "90000"}, {}, "rd_above_revenue", "warn"),
        ({"product_capacity": "100", "product_output": "150"}, {}, "output_over_capacity", "warn"),
        ({"main_revenue": "84000000"}, {}, "revenue_per_employee", "warn"),
        ({"machinery_net": "1000"}, {}, "newness_low", "warn"),
        ({"energy_total": "4200000"}, {}, "energy_balance", "warn"),
        ({"rd_tools": "CAD", "rd_tools_used": "否"}, {}, "tools_without_use", "warn"),
        ({"digital_diagnosis": "否"}, {}, "level_without_diagnosis", "warn"),
    ],
)
def test_what_each_check_finds(changes, last, check, severity):
    assert (check, severity) in found(GOOD | changes, last)


def test_every_check_of_the_table_is_tested_above():
    tested = {mark[2] for mark in test_what_each_check_finds.pytestmark[0].args[1]}
    assert {row["key"] for row in rows("fact_checks")} - tested <= {
        "nc_above_equipment",
        "key_above_total",
        "line_unit_energy_balance",  # these two: test_line_facts.py
        "line_output_over_capacity",
    }


def test_a_slip_is_not_also_called_a_jump():
    assert found({"output_value": "860"}, {"output_value": "8600000"}) == {("slip_10000", "warn")}


def test_the_balance_uses_the_factors_of_the_core():
    # 电力 12000 万 kWh × 1.229 + 煤 20000 t × 0.7143 + 气 1000 万 m³ × 12.143 = 41177 tce
    (doubt,) = doubts(values(GOOD | {"energy_total": "90000"}), {}, DAY, "energy_total")
    assert "41,177" in doubt.text


def test_nothing_is_said_while_a_figure_is_missing():
    assert found({"key_processes_nc": "25"}) == set()
    assert found({"energy_total": "4200000"}) == set()


def test_only_what_concerns_the_figure_is_told_at_its_place():
    wrong = GOOD | {"machinery_net": "60000", "rd_spending": "90000"}
    assert found(wrong, only="employees") == set()
    assert found(wrong, only="rd_spending") == {("rd_above_revenue", "warn")}
    assert Decimal(GOOD["machinery_net"]) < 60000
