"""A run over the devices of a site says what the command line says of the same workbook, and can be repeated."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

import jigai
from jigai.ledger import read_ledger
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.taking import take
from jigai.platform.screening import services, storage
from jigai.platform.screening.force import CHECKS, NEEDS_SOMEONE
from jigai.platform.screening.models import Finding, RestsOn, Run, SiteRun
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

BOOK = Path(__file__).parents[3] / "samples" / "01_rolling_mill.xlsx"
DAY, EARLIER = date(2026, 11, 23), date(2024, 1, 15)


@pytest.fixture(scope="module")
def ledger():
    return read_ledger(BOOK)


@pytest.fixture
def taken(city, ledger):
    """The sample workbook taken in at the site of the east."""
    actor = city.actor("enterprise_equipment")
    lines = ledger.devices.with_columns(site=pl.lit(city.east_site.pk), upload=pl.lit(None, pl.Int64))
    with transaction.atomic(), use_scope(actor.scope):
        take(actor, lines, Reference.load(DAY), {city.east_site.pk})
    return city


def run(city, as_of=DAY, role="enterprise_equipment", **more):
    """Have a run done by a real worker and return it."""
    actor = city.actor(role)
    with transaction.atomic(), use_scope(actor.scope):
        started = services.start(actor, [city.east_site.pk], as_of, **more)
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        job = Job.objects.get(pk=started.job_id)
        assert job.state == "done", job.text
        return Run.objects.get(pk=started.pk)


def everything(model, **filters):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.filter(**filters).order_by("pk"))


def written(frame):
    target = io.BytesIO()
    frame.write_parquet(target, compression="zstd")
    return target.getvalue()


def test_a_run_says_to_the_byte_what_the_command_line_says(taken, ledger):
    done = run(taken)
    of_site = ledger.devices.with_columns(industry_code=pl.lit(taken.east_enterprise.industry_code))
    command_line = jigai.screen(of_site, Reference.load(DAY), DAY)
    assert storage.path(done.output_hash, "findings").read_bytes() == written(command_line.findings)
    counts = command_line.devices.group_by("verdict").agg(lines=pl.len(), machines=pl.col("quantity").sum())
    assert done.totals == {row.pop("verdict"): row for row in counts.to_dicts()}


def test_the_same_run_again_is_the_same_content(taken):
    first, second = run(taken), run(taken)
    assert (first.input_hash, first.output_hash) == (second.input_hash, second.output_hash)
    assert run(taken, EARLIER).output_hash != first.output_hash


def test_the_verdicts_stand_beside_the_devices(taken):
    done = run(taken)
    devices = storage.frame(done.output_hash, "devices").select("device", "verdict").rows()
    assert {one.pk: one.verdict for one in everything(Device)} == dict(devices)
    assert {one.run_id for one in everything(Device)} == {done.pk}
    findings = storage.frame(done.output_hash, "findings")
    firsts = findings.group_by("device_id", "check", maintain_order=True).agg(pl.col("outcome").first())
    told = {(one.row_id, check): getattr(one, check) for one in everything(Device) for check in CHECKS}
    assert told == {(line, check): outcome for line, check, outcome in firsts.rows()}


def test_findings_that_need_someone_are_rows_and_no_others(taken):
    done = run(taken)
    wanted = storage.frame(done.output_hash, "findings").filter(pl.col("outcome").is_in(NEEDS_SOMEONE))
    rows = everything(Finding)
    assert len(rows) == wanted.height > 0
    assert sorted((one.check_name, one.rule_id, one.reason_zh) for one in rows) == sorted(
        (check, rule or "", reason) for check, rule, reason in wanted.select("check", "rule_id", "reason_zh").rows()
    )
    assert {(one.org_id, one.manager_code) for one in rows} == {(taken.east_site.org_id, "510402")}


def test_of_the_others_the_rule_they_rest_on_is_known(taken):
    done = run(taken)
    named = (pl.col("rule_id") != "") & ~pl.col("outcome").is_in(NEEDS_SOMEONE)
    wanted = storage.frame(done.output_hash, "findings").filter(named)
    lines = dict(storage.frame(done.output_hash, "devices").select("device_id", "device").rows())
    rows = everything(RestsOn)
    assert {(one.device_id, one.dataset, one.rule_id, one.check_name, one.outcome) for one in rows} == {
        (lines[line], *more)
        for line, *more in wanted.select("device_id", "dataset", "rule_id", "check", "outcome").rows()
    }
    assert len(rows) == wanted.height > 0
    assert {(one.org_id, one.manager_code) for one in rows} == {(taken.east_site.org_id, "510402")}
    run(taken)
    assert len(everything(RestsOn)) == len(rows), "a site that came out as before is left as it is"


def test_a_site_put_in_force_before_that_was_kept_gets_it_with_the_next_run(taken):
    run(taken)
    with transaction.atomic(), use_scope(command_scope("test")):
        known = RestsOn.objects.count()
        RestsOn.objects.all().delete()
    run(taken)
    assert len(everything(RestsOn)) == known > 0


def test_a_later_run_takes_the_place_of_the_former(taken):
    first, second = run(taken, EARLIER), run(taken)
    assert {one.run_id for one in everything(Finding)} == {second.pk}
    former, now = everything(SiteRun)
    assert (former.run_id, former.superseded_at) == (first.pk, now.since)
    assert (now.run_id, now.superseded_at) == (second.pk, None)


def test_a_rehearsal_changes_no_verdict_in_force(taken):
    in_force = run(taken)
    before = {one.pk: one.verdict for one in everything(Device)}
    rehearsed = run(taken, EARLIER, rehearsal=True)
    assert {one.pk: one.verdict for one in everything(Device)} == before
    assert [one.run_id for one in everything(SiteRun)] == [in_force.pk]
    actor = taken.actor("enterprise_equipment")
    with transaction.atomic(), use_scope(actor.scope):
        changed = services.compare(actor, rehearsed, in_force)
    judged = storage.frame(rehearsed.output_hash, "devices").select("device", "verdict")
    assert set(changed.select("device", "before").rows()) <= set(judged.rows())
    assert {device: after for device, after in changed.select("device", "after").rows()}.items() <= before.items()
    assert changed.height


def test_a_device_that_is_gone_is_judged_no_more(taken):
    with transaction.atomic(), use_scope(command_scope("test")):
        gone = Device.objects.first()
        gone.gone_at = gone.created_at
        gone.save()
    done = run(taken)
    assert gone.pk not in storage.frame(done.output_hash, "devices")["device"].to_list()


@pytest.mark.parametrize("role", ["enterprise_finance", "auditor", "bank"])
def test_who_may_not_start_runs_is_refused(taken, role):
    with pytest.raises(PermissionDenied):
        run(taken, role=role)


def test_sites_out_of_sight_are_refused_and_runs_out_of_sight_are_not_there(taken):
    actor = taken.actor("county_officer")
    with transaction.atomic(), use_scope(actor.scope), pytest.raises(services.RunRefusedError, match="管辖"):
        services.start(actor, [taken.east_site.pk, taken.west_site.pk], DAY)
    done = run(taken)
    stranger = taken.actor("county_officer", west=True)
    with transaction.atomic(), use_scope(stranger.scope), pytest.raises(Http404):
        services.get_run(stranger, done.pk)


def test_a_run_over_two_counties_is_the_citys(taken):
    actor = taken.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        started = services.start(actor, [taken.east_site.pk, taken.west_site.pk], DAY)
    assert (started.manager_code, started.org_id, started.site_id) == ("", None, None)
    worker.run(once=True)
    assert {one.site_id for one in everything(SiteRun)} == {taken.east_site.pk, taken.west_site.pk}
    assert {one.manager_code for one in everything(Finding)} == {"510402"}


def test_a_run_that_goes_on_late_does_not_take_the_place_of_a_later_one(taken):
    actor = taken.actor("enterprise_equipment")
    with transaction.atomic(), use_scope(actor.scope):
        late = services.start(actor, [taken.east_site.pk], EARLIER)
    with transaction.atomic(), use_scope(command_scope("test")):
        Job.objects.filter(pk=late.job_id).update(state="cancelled")
    newer = run(taken)
    with transaction.atomic(), use_scope(command_scope("test")):
        Job.objects.filter(pk=late.job_id).update(state="queued")
    worker.run(once=True)
    assert {one.run_id for one in everything(Finding)} == {newer.pk}
    assert [one.run_id for one in everything(SiteRun)] == [newer.pk]
