"""Figures that add up, and a closed survey that says the same for ever (D25)."""

from __future__ import annotations

import io
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests.platform.campaigns.conftest import as_, whole

from jigai.platform.campaigns import notes, record, services, snapshots
from jigai.platform.campaigns.figures import Ledger, ledgers, parts, rows_of, total
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.enterprises import services as enterprises
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.stating import restate

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def reported(survey):
    """The east reported and verified with some machines, the west has a smaller ledger and reported nothing."""
    survey.fill(rows=20)
    survey.fill(west=True, rows=5)
    survey.step("submit")
    with survey.acting("county_officer") as actor:
        for device, _check in notes.drawn(survey.entry())[:2]:
            notes.add(actor, survey.entry(), "matches", "", device=device.pk)
        wrong = notes.drawn(survey.entry())[2][0]
        notes.add(actor, survey.entry(), "differs", "铭牌写 55 kW", device=wrong.pk)
    survey.step("verify", "county_officer")
    return survey


def closed(stage):
    with stage.acting("city_officer") as actor:
        return record.close(actor, stage.campaign, stage.campaign.version)


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_coverage_is_weighted_three_ways(reported):
    with whole():
        found = total(rows_of(reported.campaign))
        by_site = {
            side: list(Device.objects.filter(site=site).values_list("quantity", "power_kw"))
            for side, site in (("east", reported.city.east_site), ("west", reported.city.west_site))
        }
    machines = {side: sum(number or 1 for number, _power in rows) for side, rows in by_site.items()}
    power = {side: sum((kw or 0) * (number or 1) for number, kw in rows) for side, rows in by_site.items()}
    assert (found.should, found.reported, found.coverage) == (2, 1, 50)
    assert found.by_machines == pytest.approx(100 * machines["east"] / sum(machines.values()))
    assert found.by_power == pytest.approx(100 * power["east"] / sum(power.values()))
    assert (found.ledger.checked, found.ledger.matched) == (3, 2)


def test_quality_counts_lines_without_problems_and_lines_decided(reported):
    with whole():
        device = Device.objects.filter(site=reported.city.east_site).first()
        before = ledgers(Entry.objects.all())[reported.city.east_site.pk]
        Device.objects.filter(pk=device.pk).update(quantity=None, verdict="keep")
        after = ledgers(Entry.objects.all())[reported.city.east_site.pk]
    assert after.clean == before.clean - 1
    assert (before.decided, after.decided) == (0, 1), "not screened yet"
    assert Ledger(lines=8, asked=2, clean=5, decided=4).clean_share == 50
    assert Ledger().decided_share is None, "nothing is no hundred per cent"


def test_parts_add_up_and_keep_their_order(reported):
    with whole():
        rows = rows_of(reported.campaign)
        found = parts(rows, lambda row: row.manager, {"510403": "西区", "510402": "东区"})
    assert [one.name for one in found] == ["西区", "东区"]
    assert sum((one.ledger for one in found), Ledger()) == total(rows).ledger


def test_a_closed_survey_stays_as_it_was_whatever_happens(reported):
    campaign = closed(reported)
    with whole():
        before = record.gather(campaign)
    with reported.acting("enterprise_equipment") as actor:
        device = Device.objects.first()
        restate(actor, device.pk, {"name": "报废风机"}, "gone", "拆除")
    with reported.acting("city_officer") as actor:
        person = reported.city.east_enterprise
        enterprises.edit_enterprise(
            actor,
            person,
            {"manager_code": "510403", "name": "改名公司", "credit_code": "91350100M000100Y43"},
            person.version,
        )
    with whole():
        campaign = Campaign.objects.get(pk=campaign.pk)
        assert record.gather(campaign) == before
        assert snapshots.canonical(before) == snapshots.read(campaign.record_hash)
        assert record.book(before) == snapshots.read(campaign.book_hash), "exported again to the byte"
        assert json.loads(snapshots.read(campaign.record_hash)) == before


def test_the_record_is_the_same_in_whatever_language_it_is_closed(reported):
    with translation.override("en"):
        campaign = closed(reported)
    said = sheets(snapshots.read(campaign.book_hash))
    assert set(said) == {"按管理主体", "按行业大类", "应报名单", "名单和期限变动", "说明"}
    states = [row[6] for row in said["应报名单"][3:]]
    assert states == ["已核", "填报中"]
    head, *rows = said["按管理主体"][2:]
    east = dict(zip(head, next(row for row in rows if row[0] == "东区"), strict=True))
    assert (east["应报（个）"], east["已报（个）"], east["覆盖率"]) == (1, 1, 1)
    assert east["抽查相符"] == pytest.approx(2 / 3)


def test_a_lost_workbook_is_made_anew_and_lost_data_is_said(reported):
    campaign = closed(reported)
    snapshots.path(campaign.book_hash).unlink()
    with whole():
        made = record.kept_book(campaign)
        snapshots.path(campaign.record_hash).unlink()
        with pytest.raises(FileNotFoundError):
            record.kept_book(campaign)
    assert snapshots.keep(made) == campaign.book_hash


def test_nothing_is_done_in_a_closed_survey(reported):
    campaign = closed(reported)
    with pytest.raises(ValidationError, match="已经结束"):
        reported.step("submit", west=True)
    with reported.acting("city_officer") as actor:
        with pytest.raises(ValidationError):
            record.close(actor, campaign, campaign.version)
        with pytest.raises(ValidationError, match="结束"):
            services.edit(actor, campaign, {"name": "x"}, campaign.version)
    with reported.acting("county_officer") as actor, pytest.raises(ValidationError):
        notes.add(actor, reported.entry(), "comment", "太迟")
    with reported.acting("county_officer") as actor, pytest.raises(PermissionDenied):
        record.close(actor, campaign, campaign.version)


@pytest.mark.parametrize(("role", "rows"), [("city_officer", 2), ("county_officer", 1), ("enterprise_head", 1)])
def test_the_export_holds_ones_own_and_for_the_city_what_was_kept(reported, role, rows):
    campaign = closed(reported)
    with as_(reported.city, role) as actor:
        job = submit(actor, "campaigns.export", {"campaign": campaign.pk}, campaign.name)
    worker.run(once=True)
    with whole():
        done = Job.objects.get(pk=job.pk)
    assert done.state == "done", done.error
    [told] = done.result["files"]  # by name: on SQLite an earlier test had a job of the same number and folder
    path = snapshots.folder().parents[1] / "jobs" / str(job.pk) / told["name"]
    said = sheets(path.read_bytes())
    assert len(said["应报名单"][3:]) == rows
    assert (path.read_bytes() == snapshots.read(campaign.book_hash)) == (role == "city_officer")
