"""Figures of devices on the workbench: machines and not lines, of one's own scope, each leading to its list."""

from __future__ import annotations

import re

import pytest
from django.db import transaction

from jigai.platform.ledger.models import Device
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def fleet(city):
    """In the east 5 machines of which 3 must go and one line that is gone; in the west 2."""
    with transaction.atomic(), use_scope(command_scope("test")):
        for site, quantity, verdict, gone in (
            (city.east_site, 3, "must_replace", None),
            (city.east_site, 2, "keep", None),
            (city.east_site, 9, "must_replace", "2026-01-01T00:00:00+08:00"),
            (city.west_site, 2, "must_replace", None),
        ):
            Device.objects.create(
                name="电机", quantity=quantity, verdict=verdict, gone_at=gone, legal_person_id=site.legal_person_id,
                **site.scope_columns(),
            )  # fmt: skip
    return city


def test_the_city_sees_machines_by_unit_with_the_lists_behind(fleet):
    page = fleet.client("city_officer").get("/").content.decode()
    row = re.search(r">东区</td>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'href="(/devices/[^"]*)">([\d,]+)<', row) == [
        ("/devices/?manager=510402", "5"),
        ("/devices/?manager=510402&amp;verdict=must_replace", "3"),
    ]
    foot = page.split("<tfoot>")[1].split("</tfoot>")[0]
    assert re.findall(r'href="/devices/[^"]*">([\d,]+)<', foot) == ["7", "5"]


def test_an_enterprise_sees_its_own_on_its_card(fleet):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", fleet.client("enterprise_head").get("/").content.decode()))
    assert re.search(r"设备 +5 台", page)
    assert re.search(r"必须淘汰 +3 台", page)


def test_who_may_not_see_devices_is_shown_none(fleet):
    assert "/devices/" not in fleet.client("system_admin").get("/").content.decode()
