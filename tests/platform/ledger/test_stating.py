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


def test_each_saying_counts_the_version_up_and_only_the_last_state_holds(motor, doing):
    for power in (11.0, 15.0):
        changed = doing(lambda actor, to=power: restate(actor, motor.pk, MOTOR | {"power_kw": to}, "edit", "改" * 300))
    states = doing(lambda actor: list(DeviceState.objects.filter(device=motor).order_by("pk")))
    assert [one.values["power_kw"] for one in states] == [7.5, 11.0, 15.0]
    assert [one.superseded_at is None for one in states] == [False, False, True]
    assert [len(one.reason) for one in states] == [2, 200, 200]
    assert {one.act_id for one in states} == {None}
    assert changed.version == motor.version + 2
    assert doing(lambda actor: Device.objects.get(pk=motor.pk).version) == changed.version


def test_a_value_of_nothing_is_not_said(motor, city, doing):
    changed = doing(lambda actor: restate(actor, motor.pk, MOTOR | {"power_kw": None}, "edit", "铭牌看不清"))
    assert changed.power_kw is None
    assert "power_kw" not in doing(lambda actor: DeviceState.objects.get(device=motor, superseded_at=None)).values
    bare = doing(lambda actor: add(actor, city.east_site.pk, MOTOR | {"maker": None}, "entry", "", source=ENTRY))
    assert bare.said_hash == motor.said_hash


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


def test_an_attribute_devices_do_not_have_is_refused(motor, city, doing):
    with pytest.raises(UnknownAttributeError, match="colour"):
        doing(lambda actor: restate(actor, motor.pk, {"colour": "红"}, "edit", ""))
    with pytest.raises(UnknownAttributeError, match="colour"):
        doing(lambda actor: add(actor, city.east_site.pk, MOTOR | {"colour": "红"}, "entry", "", source=ENTRY))
    assert doing(lambda actor: DeviceState.objects.count()) == 1
