"""A package comes into use only by two people, after a rehearsal, and the former set can hold again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.platform.standards.conftest import acting, work
from tests.platform.standards.making import package

from jigai.platform.audit.models import Event
from jigai.platform.ledger.models import Device
from jigai.platform.notices.models import Notice
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Finding, Run
from jigai.platform.standards import active, services, sets
from jigai.platform.standards.models import Change, Package, ReferenceSet
from jigai.platform.standards.packages import PackageRefusedError
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 23)


def seen(model, **filters):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.filter(**filters).order_by("pk"))


def proposed(city, *rows, **more):
    with acting(city) as actor:
        return services.receive(actor, "city-list.zip", package(*rows, **more), "示经信〔2026〕8号", DAY)


def rehearsed(city, change, as_of=DAY):
    with acting(city) as actor:
        run = services.rehearse(actor, change.pk, as_of)
    work()
    return seen(Run, pk=run.pk)[0]


def approved(city, change, day=DAY, today=DAY, west=True):
    with acting(city, west=west) as actor:
        return services.approve(actor, change.pk, seen(Change, pk=change.pk)[0].version, day, "照办", today)


def in_use(city, *rows, **more):
    change = proposed(city, *rows, **more)
    rehearsed(city, change)
    return approved(city, change)


def screened(city, **more):
    with acting(city, "city_officer") as actor:
        run = screening.start(actor, [city.east_site.pk, city.west_site.pk], DAY, **more)
    work()
    return seen(Run, pk=run.pk)[0]


def test_from_the_upload_to_the_verdict_and_back(judged):
    before = {one.pk: one.verdict for one in seen(Device)}
    change = proposed(judged)
    assert active.in_use().packages == ()
    run = rehearsed(judged, change)
    assert (run.rehearsal, run.state, run.change_id) == (True, "done", change.pk)
    assert {one.pk: one.verdict for one in seen(Device)} == before
    approved(judged, change)
    assert active.in_use().packages == (change.package.content_hash,)
    screened(judged)
    hit = seen(Finding, dataset="city-list", outcome="eliminate")
    assert hit
    after = {one.pk: one.verdict for one in seen(Device)}
    assert {pk for pk in after if after[pk] != before[pk]} <= {one.device_id for one in hit}
    assert after != before
    first = seen(ReferenceSet)[0]
    with acting(judged) as actor:
        back = services.propose_restore(actor, first.pk, "省厅通知暂缓执行")
    rehearsed(judged, back)
    approved(judged, back)
    assert active.in_use().packages == ()
    assert [one.why for one in seen(ReferenceSet)] == ["first", "activate", "restore"]
    screened(judged)
    assert {one.pk: one.verdict for one in seen(Device)} == before


def test_nobody_decides_their_own_proposal(judged):
    change = proposed(judged)
    rehearsed(judged, change)
    with pytest.raises(services.ChangeRefusedError, match="自己"):
        approved(judged, change, west=False)
    with acting(judged) as actor, pytest.raises(services.ChangeRefusedError, match="自己"):
        services.refuse(actor, change.pk, change.version, "不")
    assert active.in_use().packages == ()


def test_a_command_decides_nothing(judged):
    from jigai.platform.walls.actor import command

    change = proposed(judged)
    rehearsed(judged, change)
    with transaction.atomic(), use_scope(command_scope("test")), pytest.raises(services.ChangeRefusedError):
        services.approve(command("test"), change.pk, change.version, DAY, "", DAY)


@pytest.mark.slow
def test_nothing_is_decided_without_a_rehearsal_of_what_would_hold(judged):
    change = proposed(judged)
    with pytest.raises(services.ChangeRefusedError, match="还没有试算影响"):
        approved(judged, change)
    rehearsed(judged, change)
    other = proposed(judged, {"entry_id": "OTHER-1"}, id="other-list")
    rehearsed(judged, other)
    approved(judged, other)
    with pytest.raises(services.ChangeRefusedError, match="重新试算"):
        approved(judged, change)
    rehearsed(judged, change)
    approved(judged, change)
    assert active.in_use().packages == (other.package.content_hash, change.package.content_hash)


def test_a_day_to_come_is_kept_by_the_worker_and_until_then_nothing_changes(judged):
    today = timezone.localdate()
    change = proposed(judged)
    rehearsed(judged, change)
    decided = approved(judged, change, day=today + timedelta(days=3), today=today)
    assert decided.state == "planned"
    work()
    assert active.in_use().packages == ()
    Change.objects.filter(pk=change.pk).update(effective_on=today)
    work()
    assert active.in_use().packages == (change.package.content_hash,)
    assert seen(Change, pk=change.pk)[0].state == "done"
    work()
    assert len(seen(ReferenceSet)) == 2


def test_a_day_gone_by_is_refused(judged):
    change = proposed(judged)
    rehearsed(judged, change)
    with pytest.raises(services.ChangeRefusedError, match="早于今天"):
        approved(judged, change, day=DAY - timedelta(days=1))


def test_a_planned_change_that_no_longer_fits_is_put_aside_and_told(judged):
    today = timezone.localdate()
    change = proposed(judged)
    rehearsed(judged, change)
    approved(judged, change, day=today + timedelta(days=1), today=today)
    active.package_path(change.package.content_hash).write_bytes(b"broken")
    Change.objects.filter(pk=change.pk).update(effective_on=today)
    work()
    assert seen(Change, pk=change.pk)[0].state == "refused"
    assert any("没有按日启用" in one.title for one in seen(Notice))
    assert active.in_use().packages == ()


def test_who_decided_what_is_told_and_recorded(judged):
    change = in_use(judged)
    done = [one.action for one in seen(Event, object_type="standards.change", object_id=str(change.pk))]
    assert done == ["standards.proposed", "standards.rehearsed", "standards.approved", "standards.activated"]
    told = {(one.user.username, one.title.split("：")[0]) for one in seen(Notice, kind="standards")}
    assert ("standards_officer_510403", "请审核依据变更") in told
    assert ("standards_officer_510402", "请审核依据变更") not in told
    assert ("county_officer_510402", "依据已更新") in told
    assert not any(user.startswith("enterprise") for user, _title in told)


def test_a_refused_change_says_why_and_may_be_proposed_again(judged):
    change = proposed(judged)
    with acting(judged, west=True) as actor:
        services.refuse(actor, change.pk, change.version, "文号不对")
    told = [one for one in seen(Notice) if "未通过" in one.title]
    assert [one.user.username for one in told] == ["standards_officer_510402"]
    again = proposed(judged)
    assert again.package_id == change.package_id
    assert len(seen(Package)) == 1


def test_the_same_package_waits_once_and_one_that_changes_nothing_is_not_taken(judged):
    in_use(judged)
    with pytest.raises(PackageRefusedError, match="完全相同"):
        proposed(judged)
    proposed(judged, {"note_zh": "修订"})
    with pytest.raises(services.ChangeRefusedError, match="已在等待"):
        proposed(judged, {"note_zh": "修订"})


def test_what_is_decided_meanwhile_is_not_decided_again(judged):
    change = proposed(judged)
    rehearsed(judged, change)
    approved(judged, change)
    with pytest.raises(services.ChangeRefusedError, match="刷新"):
        approved(judged, change)
    with acting(judged) as actor, pytest.raises(services.ChangeRefusedError, match="刷新"):
        services.withdraw(actor, change.pk, change.version, "晚了")


def test_one_takes_back_ones_own_proposal_only(judged):
    change = proposed(judged)
    with acting(judged, west=True) as actor, pytest.raises(services.ChangeRefusedError, match="不能撤回"):
        services.withdraw(actor, change.pk, change.version, "不该我撤")
    with acting(judged) as actor:
        services.withdraw(actor, change.pk, change.version, "文件还没有印发")
    assert seen(Change)[0].state == "withdrawn"


@pytest.mark.slow
def test_a_newer_package_stands_instead_of_the_former_with_the_same_id(judged):
    first = in_use(judged)
    second = in_use(judged, {"condition": "power_kw >= 5000"})
    assert active.in_use().packages == (first.package.content_hash, second.package.content_hash)
    found = active.reference(DAY).dataset("city-list")
    assert found.tables["rules"]["condition"].to_list() == ["power_kw >= 5000"]
    assert second.package.datasets[0]["replaces"] == first.package.datasets[0]["content_hash"]


def test_who_is_no_standards_officer_changes_nothing(judged):
    change = proposed(judged)
    steps = (
        lambda actor: services.receive(actor, "x.zip", package(), "x", DAY),
        lambda actor: services.rehearse(actor, change.pk, DAY),
        lambda actor: services.approve(actor, change.pk, 1, DAY, "", DAY),
        lambda actor: services.refuse(actor, change.pk, 1, "x"),
        lambda actor: services.withdraw(actor, change.pk, 1, "x"),
        lambda actor: services.propose_restore(actor, 1, "x"),
    )
    for role in ("city_officer", "county_officer", "enterprise_head", "auditor", "system_admin"):
        for step in steps:
            with acting(judged, role) as actor, pytest.raises(PermissionDenied):
                step(actor)


def test_the_rows_of_sets_are_never_changed(judged):
    assert ReferenceSet.append_only
    assert Package.append_only
    assert sets.adopt() is None
    assert len(seen(ReferenceSet)) == 1
