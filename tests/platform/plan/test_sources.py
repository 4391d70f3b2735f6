"""Every source is as it was known at the end of a day, whatever was put right later."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.utils import timezone
from tests.platform.plan.conftest import noon, work

from jigai.plan.sources import described
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.enterprises.models import AboveScale, Fact, SheetStep, Site
from jigai.platform.ledger import silent
from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.stating import add, restate
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.plan.sources import PROJECTS, sources
from jigai.platform.plan.sources.machines import RunLostError
from jigai.platform.registers import services as registers
from jigai.platform.registers.definition import register
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.screening import services as screening
from jigai.platform.screening import storage
from jigai.platform.screening.models import ObsoleteStep, Run, SiteRun

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EARLY, MIDDLE, LATE = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
MOTORS = {"code": "M1", "name": "电机", "model": "JO2-42-4", "power_kw": 5.5, "quantity": 10, "use_state": "在用"}
SOUND = {"code": "M2", "name": "电机", "model": "YE5-132M-4", "power_kw": 7.5, "quantity": 2, "poles": 4}
IDLE = {"code": "M3", "name": "电机", "model": "JO2-42-4", "power_kw": 5.5, "quantity": 4, "use_state": "闲置"}
ENTRY = {"row_id": "entry-1", "source_file": "", "sheet": "", "row": None, "cells": ""}


def columns_of(person):
    return {"org_id": person.org_id, "manager_code": person.manager_code, "place_code": person.place_code}


def rows(name, day, *columns, **more):
    """The rows of a source as known on a day, of the columns asked for."""
    found = sources(day, **more).frame(name)
    assert set(described()[name.split(":")[0]]) <= set(found.columns)
    return sorted(found.select(columns).rows(), key=repr)


def test_the_list_of_a_year_as_it_stood_with_its_sites(whole):
    east = whole.east_enterprise
    said = {"legal_person": east, "year": 2025, **columns_of(east)}
    AboveScale.objects.create(recorded_at=noon(EARLY), superseded_at=noon(LATE), **said)
    shown = ("level", "legal_person", "site", "name", "manager_code", "industry_code", "data_date")
    name = f"{east.name} · {whole.east_site.name}"
    assert rows("listed", MIDDLE, *shown) == [
        ("legal_person", east.pk, None, east.name, "510402", "3130", EARLY),
        ("site", east.pk, whole.east_site.pk, name, "510402", "3130", EARLY),
    ]
    assert rows("listed", EARLY - timedelta(1), "year") == rows("listed", LATE, "year") == []
    Site.objects.filter(pk=whole.east_site.pk).update(active=False)
    assert rows("listed", MIDDLE, "level") == [("legal_person",)]


def fact(person, value, recorded, superseded=None, site=None, attribute="key_processes"):
    return Fact.objects.create(
        legal_person=person, site=site, subject="site" if site else "legal_person", attribute=attribute, year=2025,
        value=value, number=Decimal(value) if value.isdigit() else None, recorded_at=noon(recorded),
        superseded_at=superseded and noon(superseded), recorded_by="x", **columns_of(person),
    )  # fmt: skip


def test_figures_and_the_state_of_their_sheet_as_they_stood(whole):
    east, site = whole.east_enterprise, whole.east_site
    fact(east, "24", EARLY, LATE, site)
    fact(east, "20", LATE, None, site)
    fact(east, "钢坯", EARLY, None, None, "main_product")
    fact(east, "", MIDDLE, None, None, "product_unit")  # taken back
    for step, state, day in (("submit", "submitted", MIDDLE), ("confirm", "confirmed", LATE)):
        SheetStep.objects.create(
            legal_person=east, year=2025, step=step, state=state, recorded_at=noon(day), **columns_of(east)
        )
    shown = ("attribute", "number", "value", "state", "site", "data_date")
    assert rows("facts", EARLY, *shown)[0] == ("key_processes", Decimal(24), "24", "open", site.pk, EARLY)
    assert [one[3] for one in rows("facts", MIDDLE, *shown)] == ["submitted", "submitted"]
    assert rows("facts", LATE, *shown)[0] == ("key_processes", Decimal(20), "20", "confirmed", site.pk, LATE)
    assert ("main_product", None, "钢坯", "confirmed", None, EARLY) in rows("facts", LATE, *shown)


def screen(doing, city, on):
    """Have the east screened, in force since a day."""
    started = doing(lambda actor: screening.start(actor, [city.east_site.pk], on))
    work()
    SiteRun.objects.filter(run=started).update(since=noon(on))
    SiteRun.objects.filter(run__lt=started.pk, superseded_at__gt=noon(on)).update(superseded_at=noon(on))
    ObsoleteStep.objects.filter(run=started, recorded_at__gte=noon(date(2026, 9, 1))).update(recorded_at=noon(on))
    ObsoleteStep.objects.filter(run=started, found__gt=0).update(found_on=on)
    return Run.objects.get(pk=started.pk)


@pytest.fixture
def devices(whole, doing):
    return [
        doing(lambda actor, one=one: add(actor, whole.east_site.pk, one, "entry", "盘点", source=ENTRY))
        for one in (MOTORS, SOUND, IDLE)
    ]


def put_right(doing, device, **values):
    known = DeviceState.objects.get(device=device, superseded_at=None).values
    doing(lambda actor: restate(actor, device.pk, {**known, **values}, "edit", "核对"))


def test_machines_by_the_run_that_was_in_force(whole, devices, doing):
    first = screen(doing, whole, EARLY)
    put_right(doing, devices[0], quantity=6)
    second = screen(doing, whole, LATE)
    shown = ("kind", "machines", "power", "run", "data_date")
    assert rows("screened", EARLY - timedelta(1), *shown) == []
    assert rows("screened", MIDDLE, *shown) == [("motor", 12, 70.0, first.pk, EARLY)]  # idle machines left out
    assert rows("screened", LATE, *shown) == [("motor", 8, 48.0, second.pk, LATE)]
    told = storage.frame(first.output_hash, "findings").filter(pl.col("check") == "efficiency")
    graded = dict(told.select("device_id", "outcome").rows())
    assert graded, "the sample motors are judged by an efficiency standard"
    ((judged, saving, owner, manager),) = rows(
        "screened", MIDDLE, "power_judged", "power_saving", "legal_person", "manager_code"
    )
    assert 0 <= saving <= judged <= 70.0
    assert (owner, manager) == (whole.east_enterprise.pk, "510402")


def test_a_run_whose_files_are_lost_is_said_with_the_remedy(whole, devices, doing):
    run = screen(doing, whole, EARLY)
    storage.path(run.output_hash, "devices").unlink()
    with pytest.raises(RunLostError, match=f"第 {run.pk} 次筛查.*备份"):
        sources(MIDDLE).frame("screened")


def test_what_must_go_as_it_stood_before_closing_and_before_undoing(whole, devices, doing):
    screen(doing, whole, EARLY)
    (act,) = doing(lambda actor: silent.dismantled(actor, [devices[0].pk], EARLY, "报废 1", LATE))
    ObsoleteStep.objects.filter(act=act).update(recorded_at=noon(MIDDLE))
    doing(lambda actor: take_back(actor, get_act(actor, act.pk)))
    ObsoleteStep.objects.filter(what="undone").update(recorded_at=noon(LATE))
    shown = ("label", "found_on", "quantity", "closed", "closed_on", "withdrawn", "data_date")
    label = "电机 JO2-42-4"
    assert rows("obsolete", EARLY, *shown) == [(label, EARLY, 10, 0, None, 0, EARLY)]
    assert rows("obsolete", MIDDLE, *shown) == [(label, EARLY, 10, 10, EARLY, 0, MIDDLE)]
    assert rows("obsolete", LATE, *shown) == [(label, EARLY, 10, 0, None, 0, LATE)]
    assert rows("obsolete", LATE, "legal_person", "site") == [(whole.east_enterprise.pk, whole.east_site.pk)]


def statistics(doing, unit, month, total, equipment, division="", year=2026):
    values = {
        "manager_name": unit, "year": year, "month": month, "division": division, "industrial_investment": total,
        "equipment_investment": equipment, "document": "示例月报",
    }  # fmt: skip
    key = register("investment-statistics")
    return doing(lambda actor: registers.add(actor, key, values))


def test_the_statistics_table_in_yuan_as_it_was_before_it_was_revised(whole, doing):
    first = statistics(doing, "东区", 2, 1234.56, 700.25)
    statistics(doing, "全市", 2, 2000, 1000, "31")
    RegisterVersion.objects.update(recorded_at=noon(EARLY))
    entry, key = RegisterEntry.objects.get(pk=first.entry_id), register("investment-statistics")
    values = {**first.values, "equipment_investment": 690.0}
    doing(lambda actor: registers.change(actor, key, entry, values, reason="统计局修订"))
    RegisterVersion.objects.filter(superseded_at=None, entry=entry).update(recorded_at=noon(LATE))
    RegisterVersion.objects.filter(superseded_at__isnull=False).update(superseded_at=noon(LATE))
    shown = ("manager_code", "name", "year", "month", "division", "total", "equipment", "data_date")
    city = (None, "全市", 2026, 2, "31", Decimal(20_000_000), Decimal(10_000_000), EARLY)
    east = ("510402", "东区", 2026, 2, None, Decimal(12_345_600))
    assert rows("investment", MIDDLE, *shown) == [(*east, Decimal(7_002_500), EARLY), city]
    assert rows("investment", LATE, *shown) == [(*east, Decimal(6_900_000), LATE), city]


def test_a_register_as_it_stood_with_its_own_columns_in_their_types(whole, doing):
    key, east = register("green-factories"), whole.east_enterprise
    values = {"enterprise_name": east.name, "level": "city", "year": 2024, "score": 88, "review_on": date(2027, 6, 30)}
    made = doing(lambda actor: registers.add(actor, key, values))
    RegisterVersion.objects.update(recorded_at=noon(EARLY))
    entry = RegisterEntry.objects.get(pk=made.entry_id)
    doing(lambda actor: registers.remove(actor, key, entry, version=entry.version, reason="取消"))
    RegisterVersion.objects.filter(removed=True).update(recorded_at=noon(LATE))
    RegisterVersion.objects.filter(removed=False).update(superseded_at=noon(LATE))
    shown = ("legal_person", "name", "level", "year", "score", "review_on", "removed", "data_date")
    said = (east.pk, east.name, "city", 2024, 88.0, date(2027, 6, 30))
    assert rows("register:green-factories", EARLY - timedelta(1), *shown) == []
    assert rows("register:green-factories", MIDDLE, *shown) == [(*said, False, EARLY)]
    assert rows("register:green-factories", LATE, *shown) == [(*said, True, LATE)]


def test_entries_of_parks_units_and_of_nobody_have_a_name_and_no_enterprise(whole, doing):
    values = {"city_name": "甲市", "year": 2025, "index": 61.5}
    doing(lambda actor: registers.add(actor, register("two-integration"), values))
    today = timezone.localdate()
    shown = ("name", "legal_person", "manager_code", "index")
    assert rows("register:two-integration", today, *shown) == [("甲市", None, None, 61.5)]


def test_surveys_as_they_stood_step_by_step(whole, doing):
    survey = Campaign.objects.create(
        name="摸排", year=2025, counts_from=EARLY, deadline=LATE, status="running", started_at=noon(EARLY)
    )
    Campaign.objects.create(name="筹备", year=2026, counts_from=EARLY, deadline=LATE)
    site = whole.east_site
    entry = Entry.objects.create(
        campaign=survey, legal_person=whole.east_enterprise, source="above_scale", listed_as="x", listed_code="y",
        listed_manager="510402", listed_at=noon(EARLY), listed_by="x", **site.scope_columns(),
    )  # fmt: skip
    for kind, state, day in (("submit", "submitted", MIDDLE), ("extend", "", MIDDLE), ("verify", "verified", LATE)):
        Step.objects.create(
            entry=entry, kind=kind, state=state, recorded_at=noon(day), recorded_by="x", **site.scope_columns()
        )
    shown = ("campaign", "year", "state", "reported", "verified", "data_date")
    assert rows("survey", EARLY - timedelta(1), *shown) == []
    assert rows("survey", EARLY, *shown) == [(survey.pk, 2025, "unseen", False, False, None)]
    assert rows("survey", MIDDLE, *shown) == [(survey.pk, 2025, "submitted", True, False, MIDDLE)]
    assert rows("survey", LATE, *shown) == [(survey.pk, 2025, "verified", True, True, LATE)]
    doing(lambda actor: add(actor, site.pk, SOUND, "entry", "盘点", source=ENTRY))
    DeviceState.objects.update(recorded_at=noon(EARLY))
    assert rows("survey", EARLY, "state") == [("filling",)]
    Entry.objects.update(final={"state": "verified"})
    Campaign.objects.filter(pk=survey.pk).update(status="closed", closed_at=noon(LATE))
    Step.objects.filter(kind="verify").delete()
    assert rows("survey", MIDDLE, "state") == [("submitted",)]
    assert rows("survey", LATE, "state") == [("verified",)]
    Entry.objects.update(removed_at=noon(LATE))
    assert rows("survey", LATE, "state") == []


def test_what_is_not_kept_yet_says_so_and_is_empty(whole):
    found = sources(LATE)
    assert found.absent["projects"] == PROJECTS
    assert found.frame("projects").is_empty()


def test_sources_of_some_leave_out_others_and_keep_what_is_nobodys(whole, doing):
    for person, site in ((whole.east_enterprise, whole.east_site), (whole.west_enterprise, whole.west_site)):
        fact(person, "24", EARLY, None, site)
    statistics(doing, "全市", 3, 2000, 1000)
    east, today = whole.east_enterprise.pk, timezone.localdate()
    assert rows("facts", LATE, "legal_person", only=[east]) == [(east,)]
    assert rows("investment", today, "name", only=[east]) == [("全市",)]


def test_a_county_reads_its_own_rows_only(whole, doing):
    for person, site in ((whole.east_enterprise, whole.east_site), (whole.west_enterprise, whole.west_site)):
        fact(person, "24", EARLY, None, site)

    def seen(_actor):
        return rows("facts", LATE, "manager_code")

    assert doing(seen, "county_officer") == [("510402",)]


def test_every_source_takes_few_statements_and_owners_are_read_once(whole, django_assert_max_num_queries):
    for number in range(20):
        fact(whole.east_enterprise, str(number), EARLY, None, None, f"a{number}")
    found = sources(LATE)
    with django_assert_max_num_queries(2 + 1 + 2 + 1 + 1 + 1 + 1 + 2):
        for name in ("listed", "facts", "screened", "obsolete", "investment", "register:green-factories", "survey"):
            found.frame(name)
