"""Acts over several sites, one after another, and by whom; they are taken back from the last to the first."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from tests.platform.ledger.test_acts import DAY, MOTOR, PUMP, machines, put, seen, states

from jigai.platform.ledger import claiming, editing, silent, splitting
from jigai.platform.ledger.acts import ActRefusedError
from jigai.platform.ledger.models import Act, Device, DeviceState, OpenLine
from jigai.platform.ledger.stating import add
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope

__all__ = ["put"]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ENTRY = {"row_id": "entry", "source_file": "", "sheet": "", "row": None, "cells": ""}


@pytest.fixture
def doing(city):
    """Act as a role: doing(act, role, west=…) opens its scope."""

    def _doing(act, role="city_officer", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def both(city, doing):
    """A motor in the east and one in the west."""
    for site in (city.east_site, city.west_site):
        doing(lambda actor, site=site: add(actor, site.pk, MOTOR, "entry", "", source=ENTRY))
    return [one.pk for one in seen(Device)]


def test_the_city_answers_for_two_enterprises_and_each_sees_its_own_act(both, doing, city):
    acts = doing(lambda actor: silent.sold(actor, both, DAY, "回收公司", DAY))
    assert [(one.site_id, one.manager_code) for one in acts] == [
        (city.east_site.pk, "510402"),
        (city.west_site.pk, "510403"),
    ]
    assert machines() == 0
    with pytest.raises(Http404):
        doing(lambda actor: get_act(actor, acts[1].pk), "enterprise_head")
    doing(lambda actor: take_back(actor, get_act(actor, acts[0].pk)), "enterprise_head")
    assert [one.gone_at is None for one in seen(Device)] == [True, False]


def test_a_selection_with_one_device_out_of_sight_changes_nothing(both, doing):
    with pytest.raises(Http404):
        doing(lambda actor: silent.still_there(actor, both, "在用"), "county_officer")
    assert seen(Act) == []
    assert len(seen(DeviceState)) == 2


@pytest.mark.parametrize("role", ["enterprise_finance", "county_head", "dept_officer", "auditor"])
def test_who_only_looks_says_nothing_of_devices(both, doing, role):
    for say in (
        lambda actor: silent.still_there(actor, both[:1], "x"),
        lambda actor: splitting.split(actor, both[0], 1, ["1"], ""),
        lambda actor: editing.edit(actor, both[0], 1, {"name": "x"}, "x"),
        lambda actor: editing.choose_line(actor, both[0], None),
        lambda actor: claiming.claim_as_new(actor, [1]),
    ):
        with pytest.raises(PermissionDenied):
            doing(say, role)


def test_steps_are_taken_back_from_the_last_to_the_first(put, doing):
    put([MOTOR])
    motor = seen(Device)[0]
    first = doing(lambda actor: editing.edit(actor, motor.pk, 1, {"power_kw": 11.0}, "铭牌"))
    second = doing(lambda actor: splitting.split(actor, motor.pk, 2, ["A1-1", "A1-2"], "逐台"))
    assert {one.power_kw for one in seen(Device)} == {11.0}
    with pytest.raises(ActRefusedError, match="之后又有"):
        doing(lambda actor: take_back(actor, get_act(actor, first.pk)))
    doing(lambda actor: take_back(actor, get_act(actor, second.pk)))
    with pytest.raises(ActRefusedError, match="之后又有"):
        doing(lambda actor: take_back(actor, get_act(actor, first.pk)))
    assert [(one.code, one.quantity, one.power_kw) for one in seen(Device, gone_at=None)] == [("A1", 10, 11.0)]
    assert [one.how for one in states(motor)] == ["upload", "edit", "split", "back"]


def test_a_gone_device_can_be_neither_split_nor_merged_nor_put_right(put, doing):
    put([MOTOR, PUMP])
    motor, pump = seen(Device)
    doing(lambda actor: silent.dismantled(actor, [motor.pk], DAY, "1", DAY))
    for say in (
        lambda actor: splitting.split(actor, motor.pk, 2, ["1"], ""),
        lambda actor: editing.edit(actor, motor.pk, 2, {"name": "x"}, "x"),
        lambda actor: silent.still_there(actor, [motor.pk], "x"),
    ):
        with pytest.raises(Http404):
            doing(say)
    with pytest.raises(ActRefusedError, match="登记了去向"):
        doing(lambda actor: splitting.merge(actor, pump.pk, [motor.pk], 3, {}, "x"))
    with pytest.raises(Http404):
        doing(lambda actor: splitting.merge(actor, pump.pk, [motor.pk], 3, {}, "x"), "enterprise_head", west=True)


def test_a_dismantled_device_is_not_found_again_by_a_later_ledger(put, doing):
    put([MOTOR])
    motor = seen(Device)[0]
    doing(lambda actor: silent.dismantled(actor, [motor.pk], DAY, "1", DAY))
    put([MOTOR], batch="g")
    assert [(one.pk == motor.pk, one.gone_at is None) for one in seen(Device)] == [(True, False), (False, True)]


def test_a_correction_keeps_the_cells_of_what_did_not_change(put, doing):
    put([{**MOTOR, "cells": "model=B3;power_kw=C3"}])
    motor = seen(Device)[0]
    doing(lambda actor: editing.edit(actor, motor.pk, 1, {"power_kw": 11.0, "maker": "江南"}, "铭牌"))
    assert states(motor)[-1].cells == {"model": "B3"}
    assert states(motor)[-1].values == {**states(motor)[0].values, "power_kw": 11.0, "maker": "江南"}
    doing(lambda actor: editing.edit(actor, motor.pk, 2, {"maker": None}, "写错"))
    assert "maker" not in states(motor)[-1].values
    for changes, version, sentence in (
        ({"power_kw": 11.0}, 3, "没有改动"),
        ({"power_kw": 5.0}, 2, "改动过"),
    ):
        with pytest.raises(ActRefusedError, match=sentence):
            doing(lambda actor, c=changes, v=version: editing.edit(actor, motor.pk, v, c, "x"))
    with pytest.raises(ActRefusedError, match="原因"):
        doing(lambda actor: editing.edit(actor, motor.pk, 3, {"power_kw": 5.0}, " "))


def test_the_most_alike_candidate_comes_first_and_gone_ones_drop_out(put, doing, city):
    put([{**PUMP, "maker": "甲厂"}, {**PUMP, "code": "B2", "maker": "乙厂", "made_year": 2011}])
    one, two = seen(Device)
    with use_scope(command_scope("test")):
        line = OpenLine.objects.create(
            row_id="x", values={**PUMP, "code": "B2", "maker": "乙厂", "made_year": 2011}, why="several",
            candidates=[one.pk, two.pk], recorded_at=one.created_at, recorded_by="x", **city.east_site.scope_columns(),
        )  # fmt: skip
    assert [each.pk for each in doing(lambda actor: claiming.candidates(line))] == [two.pk, one.pk]
    with pytest.raises(ActRefusedError, match="不是唯一"):
        doing(lambda actor: claiming.only_candidates([line]))
    doing(lambda actor: silent.sold(actor, [one.pk], DAY, "回收公司", DAY))
    assert doing(lambda actor: claiming.only_candidates([line])) == {line.pk: two.pk}
    with pytest.raises(ActRefusedError, match="不在候选之中"):
        doing(lambda actor: claiming.claim(actor, {line.pk: one.pk}))


def test_one_run_screens_what_changed_and_only_for_those_who_may_start_one(both, doing):
    acts = doing(lambda actor: silent.still_there(actor, both, "在用"))
    first = doing(lambda actor: editing.screen_again(actor, acts))
    again = doing(lambda actor: editing.screen_again(actor, acts))
    assert first == again
    assert [sorted(one.sites) for one in seen(Run)] == [sorted(one.site_id for one in acts)]
    assert doing(lambda actor: editing.screen_again(actor, [])) is None


def test_a_quantity_not_known_cannot_be_split(put, doing):
    put([{"code": "X", "name": "电机", "model": "Y132M-4"}])
    one = seen(Device)[0]
    with pytest.raises(ActRefusedError, match="只有一台"):
        doing(lambda actor: splitting.split(actor, one.pk, one.version, ["X-1"], ""))


def test_devices_of_two_sites_are_not_merged(both, doing):
    with pytest.raises(ActRefusedError, match="同一厂区"):
        doing(lambda actor: splitting.merge(actor, both[0], [both[1]], 2, {}, "同一台"))
