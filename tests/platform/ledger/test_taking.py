"""Ledger lines become devices, are found again, and nothing of what was said is lost."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.ledger.taking import Taken, take
from jigai.platform.walls.scope import use_scope
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def reference():
    return Reference.load(date(2026, 11, 1))


@pytest.fixture
def put(city, reference):
    """Take lines in for a role of the east: put(rows, role=…, whole=…)."""

    def _put(rows, *, role="enterprise_equipment", whole=False, site=None, west=False):
        actor = city.actor(role, west=west)
        number = site or (city.west_site if west else city.east_site).pk
        named = [{"device_id": f"r{place}", "row": place, **row} for place, row in enumerate(rows, 1)]
        frame = pl.DataFrame(named, infer_schema_length=None).with_columns(
            site=pl.lit(number), upload=pl.lit(None, pl.Int64), source_file=pl.lit("台账.xlsx"), sheet=pl.lit("Sheet1"),
            cells=pl.lit("model=B2;name=A2"),
        )  # fmt: skip
        with transaction.atomic(), use_scope(actor.scope):
            return take(actor, frame, reference, {number} if whole else ()).taken

    return _put


@pytest.fixture
def seen(city):
    """What a role of the east sees."""

    def _seen(model, role="enterprise_equipment", **filters):
        with transaction.atomic(), use_scope(city.actor(role).scope):
            return list(model.objects.filter(**filters).order_by("pk"))

    return _seen


MOTOR = {"code": "A1", "name": "电机", "model": "Y132M－4", "power_kw": 7.5, "made_year": 1998, "quantity": 2}
PUMP = {"name": "水泵", "model": "IS80-65-160", "quantity": 1}


def test_lines_become_devices_with_all_they_said(put, seen):
    assert put([MOTOR, PUMP | {"remark": "备用"}]) == Taken(new=2)
    motor, pump = seen(Device)
    assert (motor.kind, motor.code, motor.power_kw, motor.made_year, motor.quantity) == ("motor", "A1", 7.5, 1998, 2)
    assert motor.model == "Y132M－4"
    assert motor.values == {"model_norm": "Y132M-4"}
    assert pump.values == {"remark": "备用"}
    state = seen(DeviceState, device=motor)[0]
    assert state.values == {name: value for name, value in MOTOR.items()}
    assert (state.cells, state.source_file, state.row, state.how) == (
        {"model": "B2", "name": "A2"}, "台账.xlsx", 1, "upload"
    )  # fmt: skip


def test_the_same_ledger_again_adds_nothing(put, seen):
    put([MOTOR, PUMP])
    assert put([MOTOR, PUMP], whole=True) == Taken(same=2)
    assert len(seen(DeviceState)) == 2


def test_what_changed_is_appended_and_the_former_state_stays(put, seen):
    put([MOTOR])
    assert put([MOTOR | {"power_kw": 11.0, "location": "二车间"}]) == Taken(changed=1)
    device = seen(Device)[0]
    assert (device.power_kw, device.location, device.version) == (11.0, "二车间", 2)
    former, now = seen(DeviceState)
    assert (former.values["power_kw"], former.superseded_at) == (7.5, now.recorded_at)
    assert now.superseded_at is None


def test_a_device_no_whole_ledger_names_is_silent_and_not_deleted(put, seen):
    put([MOTOR, PUMP])
    assert put([MOTOR], whole=True) == Taken(same=1, silent=1)
    assert [one.silent_since is not None for one in seen(Device)] == [False, True]
    assert put([MOTOR], whole=True) == Taken(same=1)
    assert put([PUMP]) == Taken(same=1)
    assert [one.silent_since for one in seen(Device)] == [None, None]


def test_a_part_of_a_ledger_silences_nothing(put, seen):
    put([MOTOR, PUMP])
    assert put([PUMP]) == Taken(same=1)
    assert [one.silent_since for one in seen(Device)] == [None, None]


def test_a_number_that_moved_to_another_machine_is_asked_about(put, seen):
    put([MOTOR])
    assert put([{"code": "A1", "name": "离心泵", "model": "IS100-80-125", "quantity": 1}]) == Taken(asked=1)
    line = seen(OpenLine)[0]
    assert (line.why, line.candidates, line.values["model"]) == ("reused", [seen(Device)[0].pk], "IS100-80-125")
    assert seen(Device)[0].kind == "motor"


def test_machines_something_hangs_on_are_not_mixed_up(city, put, seen):
    put([PUMP, PUMP])
    with transaction.atomic(), use_scope(city.actor("city_officer").scope):
        Device.objects.filter(pk=Device.objects.first().pk).update(held=True)
    assert put([PUMP]) == Taken(asked=1)
    assert len(seen(OpenLine)[0].candidates) == 2


def test_two_sites_with_the_same_number_stay_two_devices(city, put):
    put([MOTOR])
    assert put([MOTOR], west=True) == Taken(new=1)
    with transaction.atomic(), use_scope(city.actor("city_officer").scope):
        assert sorted(Device.objects.values_list("manager_code", flat=True)) == ["510402", "510403"]


def test_a_site_out_of_sight_is_refused_and_nothing_is_written(city, put):
    with pytest.raises(KeyError, match="not in scope"):
        put([MOTOR], site=city.west_site.pk)
    with transaction.atomic(), use_scope(city.actor("city_officer").scope):
        assert not Device.objects.exists()


@pytest.mark.parametrize("role", ["enterprise_finance", "county_head", "auditor"])
def test_who_may_not_take_ledgers_in_is_refused(put, role):
    with pytest.raises(PermissionDenied):
        put([MOTOR], role=role)


def test_long_texts_are_cut_in_the_list_and_whole_in_the_state(put, seen):
    put([PUMP | {"name": "泵" * 300}])
    assert len(seen(Device)[0].name) == 200
    assert len(seen(DeviceState)[0].values["name"]) == 300


def test_a_line_without_industry_class_has_that_of_its_enterprise_and_does_not_say_so(put, seen):
    put([PUMP, MOTOR | {"industry_code": "3240"}])
    assert [one.industry_code for one in seen(Device)] == ["3130", "3240"]
    assert "industry_code" not in seen(DeviceState)[0].values
