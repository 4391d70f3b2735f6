"""What the tests of enterprises share: act as someone, in their scope."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import transaction

from jigai.attributes.credit_code import check_sign as check_digit
from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.walls.scope import use_scope

YEAR = 2025


@contextmanager
def acting(city, role, west=False):
    """Act in a role, within its scope and one transaction."""
    actor = city.actor(role, west=west)
    with transaction.atomic(), use_scope(actor.scope):
        yield actor


def code(number):
    """Return a valid credit code; another for each number."""
    first = f"91510402MA7{number:06d}"
    return first + check_digit(first)


GOOD = {
    "output_value": "86000",
    "main_revenue": "84000",
    "rd_spending": "1200",
    "machinery_original": "52000",
    "machinery_net": "21000",
    "employees": "640",
    "rd_tools_used": "是",
    "digital_diagnosis": "是",
    "digital_level": "二级",
    "energy_total": "42000",
    "electricity": "12000",
    "coal": "20000",
    "coke": "0",
    "natural_gas": "1000",
    "oil": "0",
    "heat": "0",
    "equipment_total": "820",
    "equipment_networked": "260",
    "key_processes": "24",
    "key_processes_nc": "15",
}
"""Plausible figures of a rolling mill: every required one."""


def fill(actor, person, site, year=YEAR, **changes):
    """Enter all required figures."""
    for name, value in (GOOD | changes).items():
        of_site = attributes()[name].subject == "site"
        set_fact(actor, person, year, name, value, site=site if of_site else None)
