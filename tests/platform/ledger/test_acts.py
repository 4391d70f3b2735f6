"""What people say of devices, many at once: silent ones, lines to claim, splits, merges; all can be taken back."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from jigai.platform.audit.models import Event
from jigai.platform.enterprises.models import Line, Site
from jigai.platform.ledger import claiming, editing, silent, splitting
from jigai.platform.ledger.acts import ActRefusedError
from jigai.platform.ledger.models import Act, Device, DeviceState, OpenLine
from jigai.platform.ledger.taking import take
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.screening.inputs import inputs
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 11, 23)
MOTOR = {"code": "A1", "name": "电机", "model": "Y132M-4", "quantity": 10, "power_kw": 7.5}
PUMP = {"code": "B1", "name": "离心泵", "model": "IS100-80-125", "quantity": 1}
OTHER = {"code": "A1", "name": "离心泵", "model": "IS80-65-160", "quantity": 1, "made_year": 2011}


@pytest.fixture
def doing(city):
    """Act as a role: doing(act, role, west=…) opens its scope."""

    def _doing(act, role="enterprise_equipment", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def put(city, doing):
    """Take rows in at the site of the east, as a file of their own."""

    def _put(rows, whole=False, batch="f"):
        lines = pl.DataFrame(
            [{"device_id": f"{batch}-{n}", "source_file": f"{batch}.xlsx", "sheet": "台账", "row": n + 3, **row}
             for n, row in enumerate(rows)],
            infer_schema_length=None,
        ).with_columns(site=pl.lit(city.east_site.pk), upload=pl.lit(None, pl.Int64))  # fmt: skip
        whole_sites = {city.east_site.pk} if whole else set()
        doing(lambda actor: take(actor, lines, Reference.load(DAY), whole_sites))

    return _put


def seen(model, **filters):
    with use_scope(command_scope("test")):
        return list(model.objects.filter(**filters).order_by("pk"))


def states(device):
    return seen(DeviceState, device=device)


def machines():
    return sum(one.quantity or 1 for one in seen(Device, gone_at=None))


@pytest.fixture
def quiet(put):
    """Two devices of which the whole ledger names neither any more."""
    put([MOTOR, PUMP])
    put([{"name": "变压器", "model": "S9-200/10", "quantity": 1}], whole=True, batch="g")
    return [one.pk for one in seen(Device, silent_since__isnull=False)]


def test_dismantled_devices_leave_the_counts_and_keep_their_history(quiet, doing, city):
    acts = doing(lambda actor: silent.dismantled(actor, quiet, date(2026, 10, 1), "报废 2026-17", DAY))
    assert (len(acts), acts[0].what, acts[0].details["record_no"]) == (1, "gone", "报废 2026-17")
    assert machines() == 1
    motor = seen(Device, pk=quiet[0])[0]
    assert motor.gone_at
    assert motor.silent_since is None
    now = states(quiet[0])[-1]
    assert (now.how, now.values["use_state"], now.act_id) == ("gone", "已拆除", acts[0].pk)
    assert "2026-10-01" in now.reason
    with use_scope(command_scope("test")):
        assert quiet[0] not in pl.concat(inputs([city.east_site.pk]))["device"].to_list()
    event = seen(Event, action="devices.gone")[0]
    assert event.after["devices"] == [one.identifier for one in seen(Device, pk__in=quiet)]


@pytest.mark.parametrize(
    ("say", "sentence"),
    [
        (lambda actor, all_: silent.dismantled(actor, all_, date(2026, 12, 1), "1", DAY), "在今天之后"),
        (lambda actor, all_: silent.dismantled(actor, all_, DAY, " ", DAY), "处置记录编号"),
        (lambda actor, all_: silent.sold(actor, all_, DAY, "", DAY), "接收单位"),
        (lambda actor, all_: silent.still_there(actor, all_, "  "), "为什么"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(quiet, doing, say, sentence):
    with pytest.raises(ActRefusedError, match=sentence):
        doing(lambda actor: say(actor, quiet))
    assert seen(Act) == []


def test_a_gone_device_can_be_taken_back_and_is_silent_again(quiet, doing):
    since = seen(Device, pk=quiet[0])[0].silent_since
    (act,) = doing(lambda actor: silent.sold(actor, quiet, DAY, "北方机械厂", DAY))
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    motor = seen(Device, pk=quiet[0])[0]
    assert motor.gone_at is None
    assert motor.silent_since == since
    assert [one.how for one in states(quiet[0])] == ["upload", "gone", "back"]
    assert states(quiet[0])[-1].values == states(quiet[0])[0].values
    assert seen(Event, action="devices.gone.undone")
    with pytest.raises(ActRefusedError, match="已经撤销过"):
        doing(lambda actor: take_back(actor, get_act(actor, act.pk)))


def test_still_there_asks_why_and_ends_the_silence(quiet, doing):
    doing(lambda actor: silent.still_there(actor, quiet, "台账漏填，现场在用"))
    assert seen(Device, silent_since__isnull=False) == []
    assert (states(quiet[1])[-1].how, states(quiet[1])[-1].reason) == ("still", "台账漏填，现场在用")


def test_a_move_takes_history_along_and_comes_back(quiet, doing, city):
    with use_scope(command_scope("test")):
        second = Site.objects.create(
            legal_person=city.east_enterprise, enterprise_name="东风", credit_code="x", name="二厂区",
            org=city.east_site.org, manager_code="510403", place_code="510403",
        )  # fmt: skip
        Site.objects.filter(pk=second.pk).update(site=second.pk)
        line = Line.objects.create(name="1#线", product="钢材", site=city.east_site, org=city.east_site.org)
        Device.objects.filter(pk=quiet[0]).update(line=line)
    (act,) = doing(lambda actor: silent.moved(actor, quiet, second.pk))
    motor = seen(Device, pk=quiet[0])[0]
    assert (motor.site_id, motor.manager_code, motor.line_id) == (second.pk, "510403", None)
    assert {(one.site_id, one.manager_code) for one in states(quiet[0])} == {(second.pk, "510403")}
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    motor = seen(Device, pk=quiet[0])[0]
    assert (motor.site_id, motor.manager_code, motor.line_id) == (city.east_site.pk, "510402", line.pk)
    with pytest.raises(ActRefusedError, match="同一企业"):
        doing(lambda actor: silent.moved(actor, quiet, city.west_site.pk))
    with pytest.raises(ActRefusedError, match="本来就在"):
        doing(lambda actor: silent.moved(actor, quiet, city.east_site.pk))


def test_nobody_speaks_of_devices_out_of_sight_or_without_the_right(quiet, doing):
    with pytest.raises(Http404):
        doing(lambda actor: silent.still_there(actor, quiet, "x"), west=True)
    with pytest.raises(PermissionDenied):
        doing(lambda actor: silent.still_there(actor, quiet, "x"), "auditor")


# ── lines to claim ──


@pytest.fixture
def asked(put):
    """A pump bears the number of the motors now."""
    put([MOTOR])
    put([OTHER], batch="g")
    return seen(OpenLine)[0]


def test_the_line_stands_beside_its_candidate(asked, doing):
    device = seen(Device)[0]
    rows = doing(lambda actor: claiming.beside(asked, device))
    told = {row.label: (row.line, row.device, row.same) for row in rows}
    assert told["设备编号"] == ("A1", "A1", True)
    assert told["规格型号"] == ("IS80-65-160", "Y132M-4", False)
    assert told["额定功率"][2] is None
    assert [row.same for row in rows] == sorted((row.same for row in rows), key=(False, True, None).index)


def test_a_line_that_waits_already_is_not_asked_about_twice(asked, put):
    put([OTHER], batch="h")
    assert seen(OpenLine) == [asked]
    put([{**OTHER, "made_year": 2012}], batch="i")
    assert len(seen(OpenLine)) == 2


def test_a_claimed_line_is_what_the_device_says_now(asked, doing):
    device = seen(Device)[0].pk
    (act,) = doing(lambda actor: claiming.claim(actor, {asked.pk: device}))
    assert (seen(Device)[0].model, seen(Device)[0].kind) == ("IS80-65-160", "pump")
    assert [one.how for one in states(device)] == ["upload", "upload"]
    assert states(device)[-1].source_file == "g.xlsx"
    line = seen(OpenLine)[0]
    assert (line.settled_id, line.act_id, line.settled_by) == (device, act.pk, "enterprise_equipment_510402")
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert seen(OpenLine)[0].settled_at is None
    assert seen(Device)[0].model == "Y132M-4"


def test_a_new_machine_is_added_and_taken_back_as_gone(asked, doing):
    (act,) = doing(lambda actor: claiming.claim_as_new(actor, [asked.pk]))
    assert [one.model for one in seen(Device)] == ["Y132M-4", "IS80-65-160"]
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert [one.gone_at is None for one in seen(Device)] == [True, False]


def test_a_line_that_is_not_ours_asks_why(asked, doing):
    with pytest.raises(ActRefusedError, match="为什么"):
        doing(lambda actor: claiming.disown(actor, [asked.pk], ""))
    doing(lambda actor: claiming.disown(actor, [asked.pk], "租来的"))
    assert (seen(OpenLine)[0].settled, seen(Act)[0].reason) == (None, "租来的")
    assert len(seen(Device)) == 1
    with pytest.raises(ActRefusedError, match="刚才已经认领过"):
        doing(lambda actor: claiming.claim_as_new(actor, [asked.pk]))


def test_only_a_candidate_can_be_chosen_and_none_twice(asked, doing, put):
    put([PUMP], batch="h")
    pump = seen(Device)[-1].pk
    with pytest.raises(ActRefusedError, match="不在候选之中"):
        doing(lambda actor: claiming.claim(actor, {asked.pk: pump}))
    with pytest.raises(ActRefusedError, match="同一台"):
        doing(lambda actor: claiming.claim(actor, {asked.pk: pump, asked.pk + 1: pump}))
    with pytest.raises(Http404):
        doing(lambda actor: claiming.claim(actor, {asked.pk: pump}), west=True)


# ── split and merge ──


@pytest.fixture
def motors(put):
    put([MOTOR])
    return seen(Device)[0]


def test_three_of_ten_are_split_off_and_the_sum_stays(motors, doing):
    numbers = splitting.proposed_numbers(motors, 3)
    assert numbers == ["A1-1", "A1-2", "A1-3"]
    act = doing(lambda actor: splitting.split(actor, motors.pk, motors.version, numbers, "逐台管理"))
    assert [(one.code, one.quantity) for one in seen(Device)] == [("A1", 7), *((code, 1) for code in numbers)]
    assert machines() == 10
    part = seen(Device)[1]
    assert motors.identifier in states(part)[-1].reason
    assert part.identifier in states(motors)[-1].reason
    assert {one.act_id for one in (states(part)[-1], states(motors)[-1])} == {act.pk}
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert [(one.code, one.quantity) for one in seen(Device, gone_at=None)] == [("A1", 10)]


def test_all_are_split_off_and_the_line_becomes_the_first(motors, doing):
    numbers = splitting.proposed_numbers(motors, 10)
    doing(lambda actor: splitting.split(actor, motors.pk, motors.version, numbers, ""))
    assert [one.code for one in seen(Device, gone_at=None)] == numbers
    assert machines() == 10


def test_split_machines_are_found_again_in_the_next_ledger(motors, doing, put):
    doing(lambda actor: splitting.split(actor, motors.pk, motors.version, ["A1-1", "A1-2"], ""))
    put([{**MOTOR, "code": "A1-2", "quantity": 1, "location": "泵房"}], batch="h")
    assert [(one.code, one.location) for one in seen(Device)][2] == ("A1-2", "泵房")
    assert len(seen(Device)) == 3


@pytest.mark.parametrize(
    ("code", "quantity", "wanted"),
    [("P-08~P-10", 3, ["P-08", "P-09", "P-10"]), ("1至3", 3, ["1", "2", "3"]), ("1~9", 3, ["1~9-1", "1~9-2", "1~9-3"])],
)
def test_numbers_a_line_spells_out_are_proposed(code, quantity, wanted):
    assert splitting.proposed_numbers(Device(pk=1, code=code, quantity=quantity), 3) == wanted


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [([], "1 到 10"), (["x"] * 2, "填了两次"), ([str(n) for n in range(11)], "1 到 10"), (["B1"], "另一台设备")],
)
def test_a_split_that_cannot_be_is_refused(motors, put, doing, numbers, sentence):
    put([PUMP], batch="h")
    with pytest.raises(ActRefusedError, match=sentence):
        doing(lambda actor: splitting.split(actor, motors.pk, motors.version, numbers, ""))
    with pytest.raises(ActRefusedError, match="改动过"):
        doing(lambda actor: splitting.split(actor, motors.pk, motors.version + 1, numbers, ""))


def test_devices_that_were_one_become_one_and_come_apart_again(put, doing):
    put([{**MOTOR, "code": "A1", "quantity": 1}, {**MOTOR, "code": "A-01", "quantity": 1, "location": "泵房"}])
    one, two = seen(Device)
    values = {**states(one)[0].values, "location": "泵房"}
    seen_as = splitting.version_of([one, two])
    act = doing(lambda actor: splitting.merge(actor, one.pk, [two.pk], seen_as, values, "同一台，两种编号"))
    assert [(each.code, each.location) for each in seen(Device, gone_at=None)] == [("A1", "泵房")]
    assert one.identifier in states(two)[-1].reason
    assert two.identifier in states(one)[-1].reason
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    assert machines() == 2


def test_a_merge_needs_two_a_reason_and_keeps_what_something_hangs_on(put, doing):
    put([{**MOTOR, "quantity": 1}, PUMP])
    one, two = (each.pk for each in seen(Device))
    with pytest.raises(ActRefusedError, match="两台以上"):
        doing(lambda actor: splitting.merge(actor, one, [], 1, {}, "x"))
    with pytest.raises(ActRefusedError, match="为什么"):
        doing(lambda actor: splitting.merge(actor, one, [two], 2, {}, " "))
    with use_scope(command_scope("test")):
        Device.objects.filter(pk=two).update(held=True)
    with pytest.raises(ActRefusedError, match="保留的一台"):
        doing(lambda actor: splitting.merge(actor, one, [two], 2, {}, "x"))


@pytest.mark.parametrize("which", [0, 1])
def test_devices_changed_since_they_were_seen_are_not_merged(put, doing, which):
    put([{**MOTOR, "quantity": 1}, {**MOTOR, "code": "A-01", "quantity": 1}])
    one, two = seen(Device)
    before = splitting.version_of([one, two])
    other = (one, two)[which]
    doing(
        lambda actor: editing.edit(actor, other.pk, other.version, {"location": "泵房"}, "现场核对"), "enterprise_head"
    )
    with pytest.raises(ActRefusedError, match="改动过"):
        doing(lambda actor: splitting.merge(actor, one.pk, [two.pk], before, {}, "同一台"))
    assert machines() == 2
    now = splitting.version_of(seen(Device))
    doing(lambda actor: splitting.merge(actor, one.pk, [two.pk], now, states(one)[-1].values, "同一台"))
    assert machines() == 1


def test_the_second_to_merge_the_same_two_is_told_which_one_went(put, doing):
    put([{**MOTOR, "quantity": 1}, {**MOTOR, "code": "A-01", "quantity": 1}])
    one, two = seen(Device)
    before, values = splitting.version_of([one, two]), states(one)[0].values
    doing(lambda actor: splitting.merge(actor, one.pk, [two.pk], before, values, "同一台"))
    with pytest.raises(ActRefusedError, match=f"{two.identifier}）刚刚已被合并或登记了去向"):
        doing(lambda actor: splitting.merge(actor, two.pk, [one.pk], before, values, "同一台"))
    assert [each.pk for each in seen(Device, gone_at=None)] == [one.pk]


def test_an_act_something_was_said_after_is_not_taken_back(motors, doing, put):
    act = doing(lambda actor: splitting.split(actor, motors.pk, motors.version, ["A1-1"], ""))
    put([{**MOTOR, "code": "A1-1", "quantity": 1, "location": "泵房"}], batch="h")
    with pytest.raises(ActRefusedError, match="之后又有"):
        doing(lambda actor: take_back(actor, get_act(actor, act.pk)))


def test_an_act_whose_new_device_is_held_is_not_taken_back(motors, doing):
    act = doing(lambda actor: splitting.split(actor, motors.pk, motors.version, ["A1-1"], ""))
    with use_scope(command_scope("test")):
        Device.objects.filter(code="A1-1").update(held=True)
    with pytest.raises(ActRefusedError, match="已有照片"):
        doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    with pytest.raises(Http404):
        doing(lambda actor: get_act(actor, act.pk), west=True)
