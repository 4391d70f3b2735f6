"""Whatever is recorded or ended, its enterprise is among those computed anew; what is older is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.platform.plan.conftest import noon

from jigai.platform.accounts.models import SignIn
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.enterprises import services as enterprises
from jigai.platform.enterprises.models import AboveScale, Fact, SheetStep
from jigai.platform.ledger.models import Device, DeviceState, OpenLine
from jigai.platform.plan import changes
from jigai.platform.registers import services as registers
from jigai.platform.registers.definition import register
from jigai.platform.registers.models import PublicVersion, RegisterVersion
from jigai.platform.screening.models import ObsoleteStep, Run, SiteRun

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SINCE = noon(date(2026, 6, 1))
BEFORE, AFTER = SINCE - timedelta(minutes=1), SINCE + timedelta(minutes=1)


def of_person(city):
    east = city.east_enterprise
    return {"legal_person": east, "org": east.org, "manager_code": east.manager_code, "place_code": east.place_code}


def device(city):
    return Device.objects.create(
        legal_person=city.east_enterprise, said_hash="x", row_id="r", **city.east_site.scope_columns()
    )


def run(city):
    return Run.objects.create(title="筛查", as_of=date(2026, 5, 1), started_by="x", **city.east_site.scope_columns())


def survey(started, closed=None):
    return Campaign.objects.create(
        name="摸排", year=2025, counts_from=date(2026, 1, 1), deadline=date(2026, 9, 1), status="running",
        started_at=started, closed_at=closed,
    )  # fmt: skip


def entry(city, campaign, listed, removed=None):
    return Entry.objects.create(
        campaign=campaign, legal_person=city.east_enterprise, source="named", listed_as="x", listed_code="x",
        listed_manager="510402", listed_at=listed, listed_by="x", removed_at=removed,
        **city.east_site.scope_columns(),
    )  # fmt: skip


def listed(city, at, ended=None):
    AboveScale.objects.create(year=2025, recorded_at=at, superseded_at=ended, **of_person(city))


def fact(city, at, ended=None):
    Fact.objects.create(
        subject="legal_person", attribute="employees", year=2025, value="9", recorded_at=at, superseded_at=ended,
        recorded_by="x", **of_person(city),
    )  # fmt: skip


def sheet(city, at):
    SheetStep.objects.create(year=2025, step="submit", state="submitted", recorded_at=at, **of_person(city))


def in_force(city, at, ended=None):
    SiteRun.objects.create(run=run(city), since=at, superseded_at=ended, **city.east_site.scope_columns())


def must_go(city, at):
    columns = city.east_site.scope_columns()
    ObsoleteStep.objects.create(device=device(city), what="found", found=1, recorded_at=at, **columns)


def state(city, at):
    columns = city.east_site.scope_columns()
    DeviceState.objects.create(device=device(city), how="entry", recorded_at=at, recorded_by="x", **columns)


def line(city, at):
    columns = city.east_site.scope_columns()
    OpenLine.objects.create(row_id="r", why="several", recorded_at=at, recorded_by="x", **columns)


def step(city, at):
    said = entry(city, survey(BEFORE), BEFORE)
    columns = city.east_site.scope_columns()
    Step.objects.create(entry=said, kind="submit", state="submitted", recorded_at=at, recorded_by="x", **columns)


MOMENTS = {
    "listed": listed,
    "taken off the list": lambda city, at: listed(city, BEFORE - timedelta(9), at),
    "figure": fact,
    "figure replaced": lambda city, at: fact(city, BEFORE - timedelta(9), at),
    "step of a sheet": sheet,
    "run in force": in_force,
    "run no longer in force": lambda city, at: in_force(city, BEFORE - timedelta(9), at),
    "must go": must_go,
    "state of a device": state,
    "open line": line,
    "step of a survey": step,
    "on the list of a survey": lambda city, at: entry(city, survey(BEFORE), at),
    "off the list of a survey": lambda city, at: entry(city, survey(BEFORE), BEFORE, at),
    "survey started": lambda city, at: entry(city, survey(at), BEFORE),
    "survey closed": lambda city, at: entry(city, survey(BEFORE, at), BEFORE),
}


@pytest.mark.parametrize("what", MOMENTS)
def test_whoever_something_is_recorded_of_is_named_and_only_from_then_on(whole, what):
    MOMENTS[what](whole, BEFORE)
    assert changes.owners(SINCE) == set()
    for model in (AboveScale, Fact, SheetStep, SiteRun, ObsoleteStep, DeviceState, OpenLine, Step, Entry):
        model.objects.all().delete()
    MOMENTS[what](whole, AFTER)
    assert changes.owners(SINCE) == {whole.east_enterprise.pk}


def test_entries_of_registers_are_of_their_enterprise_or_of_nobody(whole, doing):
    east = whole.east_enterprise
    values = {"enterprise_name": east.name, "level": "city", "year": 2024}
    doing(lambda actor: registers.add(actor, register("green-factories"), values))
    assert changes.owners(SINCE) == {east.pk}
    RegisterVersion.objects.update(recorded_at=BEFORE)
    stations = {"manager_name": "东区", "year": 2025, "stations": 9}
    doing(lambda actor: registers.add(actor, register("base-stations-5g"), stations))
    assert changes.owners(SINCE) == {None}
    RegisterVersion.objects.update(recorded_at=BEFORE)
    doing(
        lambda actor: registers.add(actor, register("two-integration"), {"city_name": "甲市", "year": 2025, "index": 9})
    )
    assert changes.owners(SINCE) == {None}
    PublicVersion.objects.update(recorded_at=BEFORE)
    assert changes.owners(SINCE) == set()


def test_signing_in_may_change_the_state_of_a_survey(whole):
    SignIn.objects.create(user=whole.people["enterprise_head"], started_at=AFTER)
    assert changes.owners(SINCE) == {whole.east_enterprise.pk}


def test_edits_of_sites_and_lines_lead_to_their_enterprise(whole, doing):
    start, east = timezone.now(), whole.east_enterprise
    site = whole.east_site
    doing(lambda actor: enterprises.edit_site(actor, site, {"address": "新址 1 号"}, site.version))
    assert changes.owners(start) == {east.pk}
    later = timezone.now()
    said = {"name": "一线", "product": "棒材", "process": "连轧"}
    doing(lambda actor: enterprises.create_line(actor, site, said))
    assert changes.owners(later) == {east.pk}
