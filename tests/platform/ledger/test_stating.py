"""What people say of one device by hand stands beside what files said, and nothing is lost."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.http import Http404

from jigai.platform.audit.models import Event
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.stating import UnknownAttributeError, add, restate
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MOTOR = {"code": "A1", "name": "电机", "model": "Y132M－4", "power_kw": 7.5, "quantity": 1}
ENTRY = {"row_id": "entry-1", "source_file": "", "sheet": "", "row": None, "cells": "model=B2;power_kw=C2"}


@pytest.fixture
def doing(city):
    """Act as a role: doing(role, west=…) opens its scope."""

    def _doing(act, role="enterprise_equipment", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def motor(city, doing):
    return doing(lambda actor: add(actor, city.east_site.pk, MOTOR, "entry", "漏报", source=ENTRY))


def test_a_device_typed_in_is_read_like_a_line(motor, city):
    assert (motor.kind, motor.power_kw, motor.values["model_norm"]) == ("motor", 7.5, "Y132M-4")
    assert (motor.site_id, motor.org_id) == (city.east_site.pk, city.east_site.org_id)


def test_a_value_put_right_keeps_the_cells_of_the_others_and_the_former_state(motor, doing):
    changed = doing(lambda actor: restate(actor, motor.pk, MOTOR | {"power_kw": 11.0}, "reply", "铭牌为 11 kW"))
    assert changed.power_kw == 11.0
    assert changed.said_hash != motor.said_hash
    now, before = doing(lambda actor: list(DeviceState.objects.filter(device=motor).order_by("-pk")))
    assert (now.how, now.reason, now.cells) == ("reply", "铭牌为 11 kW", {"model": "B2"})
    assert (before.values["power_kw"], before.superseded_at is None) == (7.5, False)
    event = doing(lambda actor: Event.objects.filter(action="device.reply").get(), "audit_admin")
    assert (event.before["power_kw"], event.after["power_kw"]) == (7.5, 11.0)


def test_a_device_that_is_gone_can_come_back(motor, doing):
    doing(lambda actor: restate(actor, motor.pk, MOTOR, "gone", "已拆除"))
    assert doing(lambda actor: Device.objects.get(pk=motor.pk).gone_at) is not None
    doing(lambda actor: restate(actor, motor.pk, MOTOR, "back", "登记错了"))
    assert doing(lambda actor: Device.objects.get(pk=motor.pk).gone_at) is None


def test_nobody_speaks_of_devices_out_of_sight(motor, city, doing):
    with pytest.raises(Http404):
        doing(lambda actor: restate(actor, motor.pk, MOTOR, "edit", ""), west=True)
    with pytest.raises(Http404):
        doing(lambda actor: add(actor, city.east_site.pk, MOTOR, "entry", "", source=ENTRY), west=True)


def test_an_attribute_devices_do_not_have_is_refused(motor, doing):
    with pytest.raises(UnknownAttributeError, match="colour"):
        doing(lambda actor: restate(actor, motor.pk, {"colour": "红"}, "edit", ""))
