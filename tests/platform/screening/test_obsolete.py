"""The list of what must go follows runs and what people say of devices, machine by machine, and takes back alike."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from jigai.platform.enterprises.models import Site
from jigai.platform.jobs import claims
from jigai.platform.jobs.execution import execute
from jigai.platform.ledger import editing, silent, splitting
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.stating import add, restate
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.screening import obsolete, services
from jigai.platform.screening.models import ObsoleteStep, Run
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
MOTORS = {"code": "M1", "name": "电机", "model": "JO2-42-4", "power_kw": 5.5, "quantity": 10, "use_state": "在用"}
SOUND = {"code": "M2", "name": "电机", "model": "YE5-132M-4", "power_kw": 7.5, "quantity": 1, "use_state": "在用"}
ENTRY = {"row_id": "entry-1", "source_file": "", "sheet": "", "row": None, "cells": ""}


@pytest.fixture
def doing(city):
    """Act as a role: doing(act, role, west=…) opens its scope."""

    def _doing(act, role="city_officer", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def run(city, doing):
    """Have the site of the east screened."""

    def _run(site=None):
        started = doing(lambda actor: services.start(actor, [(site or city.east_site).pk], DAY))
        while job := claims.claim("test"):
            execute(job)
        return doing(lambda actor: Run.objects.get(pk=started.pk))

    return _run


@pytest.fixture
def put(city, doing):
    """Add devices to the site of the east."""

    def _put(*all_values):
        return [
            doing(lambda actor, one=one: add(actor, city.east_site.pk, one, "entry", "盘点", source=ENTRY))
            for one in all_values
        ]

    return _put


def tell(doing, device):
    """Found, closed, withdrawn, and what is open."""
    with transaction.atomic(), use_scope(command_scope("test")):
        stood = obsolete.of_devices([device.pk]).get(device.pk, obsolete.Standing())
    return stood.found, stood.closed, stood.withdrawn, stood.open


def steps(device):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(ObsoleteStep.objects.filter(device=device).order_by("pk"))


def say(doing, device, how="edit", **values):
    def _say(actor):
        known = DeviceState.objects.get(device=device, superseded_at=None).values
        return restate(actor, device.pk, {**known, **values}, how, "核对")

    return doing(_say)


@pytest.fixture
def motors(put, run):
    """Ten motors of one line, found by a run."""
    (line, sound) = put(MOTORS, SOUND)
    line.first_run, line.sound = run(), sound
    return line


def test_a_run_in_force_lists_what_must_be_replaced_and_nothing_else(motors, doing, city):
    (step,) = steps(motors)
    assert (step.what, step.found, step.run_id) == ("found", 10, motors.first_run.pk)
    assert step.found_on == timezone.localdate()
    assert (step.org_id, step.site_id, step.manager_code) == (city.east_site.org_id, city.east_site.pk, "510402")
    assert steps(motors.sound) == []


def test_the_same_run_again_adds_nothing(motors, run):
    run()
    assert len(steps(motors)) == 1


def test_a_rehearsal_lists_nothing(put, doing, city):
    (line,) = put(MOTORS)
    doing(lambda actor: services.start(actor, [city.east_site.pk], DAY, rehearsal=True))
    while job := claims.claim("test"):
        execute(job)
    assert steps(line) == []


def test_data_put_right_withdraws_and_found_again_takes_the_withdrawal_back(motors, doing, run):
    say(doing, motors, model="YE5-132M-4")
    later = run()
    assert tell(doing, motors) == (10, 0, 10, 0)
    assert (steps(motors)[-1].what, steps(motors)[-1].run_id) == ("withdrawn", later.pk)
    say(doing, motors, model="JO2-42-4")
    run()
    assert tell(doing, motors) == (10, 0, 0, 10)
    with transaction.atomic(), use_scope(command_scope("test")):
        assert obsolete.of_devices([motors.pk])[motors.pk].run == motors.first_run.pk


@pytest.mark.parametrize(
    ("quantities", "expected"),
    [([8], (10, 0, 2, 8)), ([12], (12, 0, 0, 12)), ([8, 9], (10, 0, 1, 9)), ([8, 12], (12, 0, 0, 12))],
)
def test_another_quantity_is_put_right_by_the_next_run(motors, doing, run, quantities, expected):
    for number in quantities:
        say(doing, motors, quantity=number)
        run()
    assert tell(doing, motors) == expected


def test_a_line_without_a_quantity_is_one_machine(put, run, doing):
    (line,) = put({name: value for name, value in MOTORS.items() if name != "quantity"})
    run()
    assert tell(doing, line) == (1, 0, 0, 1)


def test_a_disposal_record_closes_all_that_is_open_and_undoing_opens_it_again(motors, doing, run):
    (act,) = doing(lambda actor: silent.dismantled(actor, [motors.pk], date(2026, 10, 1), "报废 2026-17", DAY))
    step = steps(motors)[-1]
    assert (step.what, step.closed, step.on, step.act_id) == ("closed", 10, date(2026, 10, 1), act.pk)
    assert "报废 2026-17" in step.proof
    run()
    assert tell(doing, motors) == (10, 10, 0, 0)
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert tell(doing, motors) == (10, 0, 0, 10)
    run()
    assert tell(doing, motors) == (10, 0, 0, 10)


def test_handing_over_closes_with_the_buyer_as_proof(motors, doing):
    doing(lambda actor: silent.sold(actor, [motors.pk], DAY, "北方机械厂", DAY))
    assert steps(motors)[-1].closed == 10
    assert "北方机械厂" in steps(motors)[-1].proof


def test_what_need_not_go_closes_nothing(motors, doing):
    doing(lambda actor: silent.dismantled(actor, [motors.sound.pk], DAY, "报废 1", DAY))
    assert steps(motors.sound) == []


def test_a_ledger_that_says_dismantled_leaves_the_machines_open_until_the_record_comes(motors, doing, run):
    say(doing, motors, use_state="已拆除")
    run()
    assert tell(doing, motors) == (10, 0, 0, 10)
    doing(lambda actor: silent.dismantled(actor, [motors.pk], DAY, "报废 2", DAY))
    assert tell(doing, motors) == (10, 10, 0, 0)


def test_machines_put_out_of_use_are_withdrawn(motors, doing, run):
    say(doing, motors, use_state="闲置")
    run()
    assert tell(doing, motors) == (10, 0, 10, 0)


def split(doing, device, numbers):
    def _split(actor):
        return splitting.split(actor, device.pk, Device.objects.get(pk=device.pk).version, numbers, "逐台编号")

    act = doing(_split)
    with transaction.atomic(), use_scope(command_scope("test")):
        return act, list(Device.objects.filter(states__act=act).exclude(pk=device.pk).order_by("pk"))


def test_splitting_carries_machines_over_with_the_run_that_found_them(motors, doing, run):
    act, (first, second) = split(doing, motors, ["A1", "A2"])
    assert (tell(doing, motors), tell(doing, first)) == ((8, 0, 0, 8), (1, 0, 0, 1))
    assert (steps(first)[0].run_id, steps(first)[0].found_on) == (motors.first_run.pk, timezone.localdate())
    run()
    assert [len(steps(one)) for one in (motors, first, second)] == [2, 1, 1]
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert [tell(doing, one) for one in (motors, first)] == [(10, 0, 0, 10), (0, 0, 0, 0)]
    run()
    assert tell(doing, motors) == (10, 0, 0, 10)


def test_one_machine_of_a_line_is_closed_by_itself(motors, doing, run):
    _act, (first,) = split(doing, motors, ["A1"])
    (gone,) = doing(lambda actor: silent.dismantled(actor, [first.pk], DAY, "报废 3", DAY))
    run()
    assert [tell(doing, one) for one in (motors, first)] == [(9, 0, 0, 9), (1, 1, 0, 0)]
    doing(lambda actor: take_back(actor, get_act(actor, gone.pk)))
    assert tell(doing, first) == (1, 0, 0, 1)


def test_splitting_all_leaves_the_line_as_the_first_machine(put, run, doing):
    (line,) = put({**MOTORS, "quantity": 2})
    run()
    _act, parts = split(doing, line, ["A1", "A2"])
    assert [tell(doing, one) for one in (line, *parts)] == [(1, 0, 0, 1), (1, 0, 0, 1)]


def test_a_run_between_split_and_its_undoing_leaves_nothing_behind(motors, doing, run):
    act, (first,) = split(doing, motors, ["A1"])
    with transaction.atomic(), use_scope(command_scope("test")):  # a run frozen before withdrew the new machine
        ObsoleteStep.objects.create(
            device=first, what="withdrawn", withdrawn=1, recorded_at=timezone.now(), **first.scope_columns()
        )
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert [tell(doing, one) for one in (motors, first)] == [(10, 0, 0, 10), (0, 0, 0, 0)]


def as_one(actor, kept, other, values, reason):
    """Merge two devices as they are seen now."""
    seen = splitting.version_of(Device.objects.filter(pk__in=[kept.pk, other.pk]))
    return splitting.merge(actor, kept.pk, [other.pk], seen, values, reason)


def test_merging_carries_over_what_is_open_and_the_next_run_counts_anew(put, run, doing):
    kept, other = put({**MOTORS, "quantity": 1}, {**MOTORS, "code": "M9", "quantity": 1})
    run()
    values = {**MOTORS, "quantity": 1}
    act = doing(lambda actor: as_one(actor, kept, other, values, "同一台"))
    assert [tell(doing, one) for one in (kept, other)] == [(2, 0, 0, 2), (0, 0, 0, 0)]
    run()
    assert tell(doing, kept) == (2, 0, 1, 1)
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    run()
    assert [tell(doing, one)[3] for one in (kept, other)] == [1, 1]


def test_a_device_that_was_a_mistake_is_withdrawn_when_its_act_is_taken_back(put, run, doing, city):
    (line,) = put(MOTORS)
    act = doing(lambda actor: editing.edit(actor, line.pk, line.version, {"maker": "某厂"}, "铭牌"))
    run()
    doing(lambda actor: obsolete.taken_back(actor.label, act, [Device.objects.get(pk=line.pk)]))
    assert tell(doing, line) == (10, 0, 0, 10)  # still there: an edit that is taken back withdraws nothing
    with transaction.atomic(), use_scope(command_scope("test")):
        Device.objects.filter(pk=line.pk).update(gone_at=timezone.now())
    doing(lambda actor: obsolete.taken_back(actor.label, act, [Device.objects.get(pk=line.pk)]))
    assert tell(doing, line) == (10, 0, 10, 0)


def test_a_device_gone_before_the_run_came_into_force_is_not_found(motors, doing, run, put):
    (late,) = put({**MOTORS, "code": "M7"})
    doing(lambda actor: silent.dismantled(actor, [late.pk], DAY, "报废 7", DAY))
    run()
    assert steps(late) == []


def test_what_must_go_moves_with_the_device_to_another_site(motors, doing, run, city):
    def second(_actor):
        columns = {**city.east_site.scope_columns(), "site_id": None}
        made = Site.objects.create(
            legal_person=city.east_enterprise, enterprise_name="x", credit_code="y", name="二厂", **columns
        )
        Site.objects.filter(pk=made.pk).update(site=made)
        return Site.objects.get(pk=made.pk)

    other = doing(second)
    doing(lambda actor: silent.moved(actor, [motors.pk], other.pk))
    assert {one.site_id for one in steps(motors)} == {other.pk}
    run()
    run(other)
    assert tell(doing, motors) == (10, 0, 0, 10)


def test_the_enterprise_sees_its_own_list_and_no_other(motors, doing):
    def seen(_actor):
        return ObsoleteStep.objects.count()

    assert doing(seen, "enterprise_equipment") == 1
    assert doing(seen, "enterprise_equipment", west=True) == 0
    assert doing(seen, "county_officer", west=True) == 0


def test_following_a_run_takes_few_statements(put, run, doing, city, django_assert_max_num_queries):
    put(*[{**MOTORS, "code": f"N{number}"} for number in range(12)])
    done = run()
    with transaction.atomic(), use_scope(command_scope("test")):
        ObsoleteStep.objects.all().delete()
        with django_assert_max_num_queries(3):
            obsolete.follow(done, city.east_site, timezone.now())
        assert ObsoleteStep.objects.count() == 12


def test_rows_from_before_the_list_are_put_on_it(motors, doing, put, run):
    sold, merged = put({**MOTORS, "code": "S1"}, {**MOTORS, "code": "S2"})
    run()
    doing(lambda actor: silent.sold(actor, [sold.pk], DAY, "北方机械厂", DAY))
    doing(lambda actor: as_one(actor, motors, merged, MOTORS, "重复"))
    step = importlib.import_module("jigai.platform.screening.migrations.0004_list_what_must_go")
    with transaction.atomic(), use_scope(command_scope("test")):
        ObsoleteStep.objects.all().delete()
        step.fill(apps, connection.schema_editor())
    with transaction.atomic():
        assert tell(doing, motors) == (10, 0, 0, 10)
        assert tell(doing, sold) == (10, 10, 0, 0)
        assert tell(doing, merged) == (0, 0, 0, 0)
    assert steps(sold)[-1].on == DAY
