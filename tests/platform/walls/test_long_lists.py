"""What a page of a million devices is read off: indexes of the list, and a number that says whether anything is new."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.offered import leaps, of_division
from jigai.platform.postgres.lists import build_lists, wanted
from jigai.platform.postgres.numbers import newest
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db


@pytest.mark.postgres("indexes of the server")
def test_every_index_of_the_list_stands_and_building_again_changes_nothing():
    build_lists()
    with connection.cursor() as cursor:
        cursor.execute("select indexname, indexdef from pg_indexes")
        held = dict(cursor.fetchall())
    for one in wanted():
        assert f"({one.columns})".replace(" nulls last", "") in held[one.name].lower().replace(" nulls last", "")


@pytest.mark.postgres("the planner of the server")
def test_the_largest_come_off_an_index_without_sorting(city):
    with transaction.atomic(), use_scope(command_scope("test")), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
        order = "power_kw desc nulls last, id desc"
        cursor.execute(f"explain select id from ledger_device where gone_at is null order by {order} limit 51")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "device_by_power_down" in plan
    assert "Sort" not in plan


@pytest.mark.sqlite
def test_a_new_state_changes_the_number_and_looking_does_not(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        before = newest(DeviceState, Device)
        assert newest(DeviceState, Device) == before
        device = Device.objects.create(legal_person=city.east_enterprise, **city.east_site.scope_columns())
        assert newest(DeviceState, Device) != before
        assert str(device.pk) in newest(Device)


@pytest.mark.sqlite
def test_values_are_found_by_leaps_within_scope(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        for site, kind, code in (
            (city.east_site, "fan", "3130"),
            (city.east_site, "pump", "3140"),
            (city.west_site, "motor", "4411"),
            (city.east_site, "", ""),
        ):
            columns = {"legal_person_id": site.legal_person_id, **site.scope_columns()}
            Device.objects.create(kind=kind, industry_code=code, **columns)
        assert leaps(Device.objects.all(), "kind") == ["fan", "motor", "pump"]
        assert leaps(Device.objects.all(), "industry_code", 2) == ["31", "44"]
        assert [one.kind for one in of_division(Device.objects.order_by("pk"), "31")] == ["fan", "pump"]
        assert of_division(Device.objects.all(), "x").count() == 4
    actor = city.actor("county_officer", west=True)
    with transaction.atomic(), use_scope(actor.scope):
        assert leaps(Device.objects.all(), "kind") == ["motor"]
