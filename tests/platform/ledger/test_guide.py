"""The plan's sector guide beside the devices of the workplace, and as a filter of them."""

from __future__ import annotations

import pytest
from django.db import transaction

from jigai.platform.ledger import guide
from jigai.platform.ledger.models import Device
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def seen(judged):
    """What the equipment keeper sees: seen(act)."""

    def _seen(act):
        with transaction.atomic(), use_scope(judged.actor("enterprise_equipment").scope):
            return act()

    return _seen


def test_the_filter_finds_what_the_page_of_each_device_says(seen):
    said = seen(lambda: {one.pk: guide.of_device(one) for one in Device.objects.all()})
    for entry, label in guide.choices():
        found = seen(lambda entry=entry: set(guide.by_entry(Device.objects.all(), entry).values_list("pk", flat=True)))
        focus, _, clause = label.rpartition("（")
        wanted = (focus, clause.rstrip("）"))
        told = {pk for pk, rows in said.items() if any(r["due"] and (r["focus"], r["clause"]) == wanted for r in rows)}
        assert found == told, entry


def test_motors_to_be_replaced_are_wanted_by_the_plan(seen):
    orders = seen(lambda: Device.objects.filter(kind="motor", verdict="must_replace").count())
    wanted = seen(lambda: guide.by_entry(Device.objects.all(), "SG-8-2").filter(verdict="must_replace").count())
    assert orders == wanted > 0


def test_an_entry_that_is_gone_narrows_nothing(seen):
    assert seen(lambda: guide.by_entry(Device.objects.all(), "SG-0").count()) == seen(Device.objects.count)


def test_a_device_not_screened_yet_is_not_said_to_be_due(seen):
    motor = seen(lambda: Device.objects.filter(kind="motor").first())
    for name in ("verdict", "efficiency", "service_life"):
        setattr(motor, name, "")
    assert [row["due"] for row in guide.of_device(motor)] == [None]
