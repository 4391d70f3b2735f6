"""Kept figures follow the sources, equal scratch whatever happened, and stay within the walls."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from tests.platform.plan.conftest import noon, work
from tests.platform.plan.indicators import WORK, WRONG

from jigai.platform.enterprises import services as enterprises
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson
from jigai.platform.jobs.models import Job
from jigai.platform.plan import changes, checking, jobs, refreshing, services, store
from jigai.platform.plan.models import Computing, Contribution, IndicatorValue, PlanVersion
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
YEAR = 2025
DAY = date(2026, 6, 1)


def columns_of(person):
    return {"org_id": person.org_id, "manager_code": person.manager_code, "place_code": person.place_code}


def put(person, attribute, number, at, year=YEAR):
    """Enter a figure at a moment; the former one ends then."""
    rows = Fact.objects.filter(legal_person=person, attribute=attribute, year=year, superseded_at=None)
    rows.update(superseded_at=at)
    text = "" if number is None else str(number)
    Fact.objects.create(
        legal_person=person, subject="legal_person", attribute=attribute, year=year, value=text, number=number,
        recorded_at=at, recorded_by="x", **columns_of(person),
    )  # fmt: skip


def enlist(person, at):
    AboveScale.objects.create(legal_person=person, year=YEAR, recorded_at=at, **columns_of(person))


def person(number, county):
    return LegalPerson.objects.create(
        name=f"示例企业{number}", credit_code=f"X{number:017d}", industry_code=f"{25 + number % 3}10",
        manager_code=county, place_code=county,
    )  # fmt: skip


@pytest.fixture
def both(whole):
    """East uses tools, West has not told; both are listed."""
    at = noon(date(2026, 3, 1))
    for one in (whole.east_enterprise, whole.west_enterprise):
        enlist(one, at)
    put(whole.east_enterprise, "rd_tools_used", 1, at)
    put(whole.east_enterprise, "machinery_net", Decimal("1234.56"), at)
    return whole


def refresh(at=None, day=DAY, using=WORK, **more):
    return refreshing.refresh(using, at or noon(DAY), day, **more)


def value(indicator="tools", partition="city", key="", known_on=None):
    one = IndicatorValue.objects.get(
        indicator=indicator, partition=partition, key=key, period=str(YEAR), known_on=known_on
    )
    return one.numerator, one.denominator, one.should, one.reported


def kept():
    """Everything that is kept, without the numbers of rows and the time of computing."""
    names = [one.attname for one in Contribution._meta.concrete_fields if one.attname != "id"]
    values = [one.attname for one in IndicatorValue._meta.concrete_fields if one.attname not in ("id", "computed_at")]
    return [
        sorted(model.objects.values_list(*fields), key=repr)
        for model, fields in ((Contribution, names), (IndicatorValue, values))
    ]


def test_the_sums_are_those_of_the_contributions_by_every_partition(both):
    assert refresh().scratch
    assert value() == (1, 1, 2, 1)
    assert value("tools", "manager", "510402") == value("tools", "place", "510402") == (1, 1, 1, 1)
    assert value("tools", "manager", "510403") == (0, 0, 1, 0)
    assert value("tools", "division", "31") == value("tools", "group") == (1, 1, 2, 1)
    assert value("net") == (Decimal("12345600"), 1, 1, 1)
    row = Contribution.objects.get(indicator="tools", manager_code="510403")
    assert (row.standing, row.reported, row.org_id) == ("not_reported", 0, both.west_enterprise.org_id)


def test_a_source_that_is_not_there_yet_is_the_reason_of_an_empty_figure(both):
    refresh()
    one = IndicatorValue.objects.get(indicator="projects", partition="city", period=str(YEAR))
    assert (one.numerator, one.should, one.reason) == (0, 0, "项目库尚未启用。")


def test_only_whom_something_was_recorded_of_is_computed_anew(both):
    refresh()
    untouched = Contribution.objects.get(indicator="tools", manager_code="510402").pk
    put(both.west_enterprise, "rd_tools_used", 0, noon(DAY) + timedelta(minutes=5))
    done = refresh(noon(DAY) + timedelta(minutes=9))
    assert (done.scratch, done.owners) == (False, 1)
    assert value() == (1, 2, 2, 2)
    assert Contribution.objects.get(indicator="tools", manager_code="510402").pk == untouched


def test_nothing_new_computes_nothing(both):
    refresh(noon(DAY))
    assert refresh(noon(DAY) + timedelta(minutes=1)).rows == 0


@pytest.mark.parametrize("change", ["day", "plan", "asked"])
def test_everybody_is_computed_on_another_day_by_another_plan_or_when_asked(both, change):
    refresh()
    if change == "plan":
        PlanVersion.objects.create(
            title="规划", content="", content_hash="x", loaded_at=noon(DAY), loaded_by="x", in_force=True
        )
    day = DAY + timedelta(days=change == "day")
    assert refresh(day=day, scratch=change == "asked").scratch


def test_what_is_edited_of_an_enterprise_is_a_change_too(both, doing):
    before = timezone.now()
    mill = both.east_enterprise
    doing(lambda actor: enterprises.edit_enterprise(actor, mill, {"name": "东风新名"}, mill.version))
    assert both.east_enterprise.pk in changes.owners(before)


def test_a_long_transaction_that_began_before_the_last_refresh_is_not_missed(both):
    refresh()
    put(both.west_enterprise, "rd_tools_used", 1, noon(DAY) - timedelta(minutes=50))
    refresh(noon(DAY) + timedelta(minutes=1))
    assert value() == (2, 2, 2, 2)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_what_is_kept_equals_scratch(whole, seed):
    chance = random.Random(seed)
    people = [whole.east_enterprise, whole.west_enterprise]
    people += [person(number, chance.choice(["510402", "510403"])) for number in range(18)]
    at = noon(DAY)
    refresh(at)
    for _round in range(4):
        at += timedelta(hours=2)
        for one in chance.sample(people, 2):
            match chance.randrange(4):
                case 0:
                    put(one, "rd_tools_used", chance.randrange(2), at)
                case 1:
                    put(one, "machinery_net", Decimal(chance.randrange(10**9)) / 100, at)
                case 2:
                    put(one, "rd_tools_used", None, at)
                case _ if AboveScale.objects.filter(legal_person=one, superseded_at=None).exists():
                    AboveScale.objects.filter(legal_person=one).update(superseded_at=at)
                case _:
                    enlist(one, at)
        assert not refresh(at).scratch
    assert list(checking.differences(WORK, at, DAY)) == []
    before = kept()
    assert refresh(at, scratch=True).rows == 0
    assert kept() == before


def test_what_was_tampered_with_is_named(both):
    refresh()
    assert list(checking.differences(WORK, noon(DAY), DAY)) == []
    IndicatorValue.objects.filter(indicator="tools", partition="manager", key="510402").update(numerator=7)
    Contribution.objects.filter(indicator="tools", manager_code="510403", period=str(YEAR)).update(reported=1)
    said = list(checking.differences(WORK, noon(DAY), DAY))
    assert any("tools 2025 manager 510402：numerator 留存 7" in one for one in said)
    assert any("tools 2025 legal_person" in one and "重算没有" in one for one in said)
    assert Computing.objects.get().faults == len(said)


def test_an_indicator_that_rests_on_others_is_found_out(whole):
    at = noon(DAY)
    people = [person(number, "510402") for number in range(8)]
    for one in people:
        put(one, "machinery_net", Decimal(10), at - timedelta(days=9))
    refresh(at, using=WRONG)
    put(people[0], "machinery_net", Decimal(20), at)
    assert len(list(checking.differences(WRONG, at, DAY))) > 0


def test_the_command_checks_with_an_exit_code(both, capsys):
    call_command("plan", "scratch", work=WORK)
    call_command("plan", "refresh", work=WORK)
    call_command("plan", "check", work=WORK)
    assert "一致" in capsys.readouterr().out
    IndicatorValue.objects.filter(indicator="tools", partition="city", period=str(YEAR)).update(should=9)
    with pytest.raises(CommandError, match="1 处不一致"):
        call_command("plan", "check", work=WORK)
    assert "should 留存 9，重算 2" in capsys.readouterr().out


def test_figures_as_known_on_a_day_are_kept_beside(both):
    put(both.east_enterprise, "rd_tools_used", 0, noon(date(2026, 5, 1)))
    refresh()
    known = date(2026, 4, 1)
    assert refreshing.as_known_on(WORK, known, noon(DAY)) > 0
    assert value()[0] == 0
    assert value(known_on=known) == (1, 1, 2, 1)
    assert refreshing.as_known_on(WORK, known, noon(DAY)) == 0
    refresh(scratch=True)
    assert value(known_on=known) == (1, 1, 2, 1)


def test_what_is_no_longer_computed_goes(both):
    refresh()
    only = type(WORK)({"tools": WORK.registry["tools"]})
    refresh(using=only, scratch=True)
    assert set(IndicatorValue.objects.values_list("indicator", flat=True)) == {"tools"}
    assert set(Contribution.objects.values_list("indicator", flat=True)) == {"tools"}


def seen(doing, role, indicator="tools", **more):
    return doing(
        lambda actor: [
            one.manager_code for one in services.contributions(actor, indicator, str(YEAR), work=WORK)
        ],
        role,
        **more,
    )  # fmt: skip


def test_each_sees_the_contributions_of_their_scope(both, doing):
    refresh()
    assert seen(doing, "city_officer") == seen(doing, "dept_officer") == ["510402", "510403"]
    assert seen(doing, "county_officer") == seen(doing, "enterprise_equipment") == ["510402"]
    assert seen(doing, "county_head", west=True) == ["510403"]
    with pytest.raises(PermissionDenied):
        seen(doing, "bank")


def test_financial_contributions_need_the_capability(both, doing):
    refresh()
    assert seen(doing, "enterprise_finance", "net") == seen(doing, "county_officer", "net") == ["510402"]
    for role in ("dept_officer", "enterprise_equipment"):
        with pytest.raises(PermissionDenied, match=r"finance\.view"):
            seen(doing, role, "net")


def test_figures_are_the_same_for_all_who_see_the_plan_and_for_nobody_else(both, doing):
    refresh()
    for role in ("city_head", "county_officer", "auditor", "dept_officer"):
        found = doing(lambda actor: list(services.figures(actor, "tools", "manager")), role)
        assert [one.key for one in found if one.period == str(YEAR)] == ["510402", "510403"]
    for role in ("enterprise_head", "bank"):
        with pytest.raises(PermissionDenied, match=r"plan\.view"):
            doing(lambda actor: services.figures(actor, "tools"), role)


def test_jobs_compute_for_the_city_and_say_how_it_ended(both, doing):
    asked = doing(lambda actor: services.recompute(actor, scratch=True))
    replay = doing(lambda actor: services.compute_as_known(actor, date(2026, 4, 1), DAY))
    work()
    with transaction.atomic(), use_scope(command_scope("test")):
        ended = {one.pk: one for one in Job.objects.all()}
    assert (ended[asked.pk].state, ended[replay.pk].state) == ("done", "done")
    assert "2026-04-01" in ended[replay.pk].result["text"]
    with pytest.raises(ValidationError):
        doing(lambda actor: services.compute_as_known(actor, DAY, DAY))
    with pytest.raises(PermissionDenied):
        doing(services.recompute, "county_officer")


def test_the_chores_do_nothing_while_there_are_no_indicators(both):
    jobs.refresh()
    jobs.check()
    assert not Computing.objects.exists() or Computing.objects.get().upto is not None


def test_a_refresh_takes_few_statements_however_many_enterprises(both, django_assert_max_num_queries):
    for number in range(40):
        enlist(person(number, "510402"), noon(DAY))
    with django_assert_max_num_queries(330):
        refresh()
    assert store.Part("tools", str(YEAR)).rows.count() == 42
