"""A month at a glance: reports owed and given, completions, milestones, by organisation."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.duties.conftest import BEGUN, at, whole

from jigai.platform.duties import progress, summary
from jigai.platform.duties.overdue import overdue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def month_of(month, on):
    with whole():
        return summary.month_of(month, on)


def office(found, name):
    (one,) = (one for one in found.offices if str(one.organisation) == name)
    return one


def test_without_anybody_everything_is_nobodys(stage):
    found = month_of(JULY, BEGUN)
    assert found.total == sum(number for _word, number in found.states) > 60
    assert found.owed == found.reported == 0 and found.completed == ()
    assert office(found, "市财政局").unclaimed >= 1
    assert office(found, "市财政局").percent is None, "nobody said anything: that is not zero"


def test_reports_owed_and_given_are_counted_by_organisation(stage):
    stage.assign("K8.1")
    stage.assign("K8.2")
    stage.assign("K8.3", west=False, how="support")
    stage.report("K8.1", JULY, 30)
    stage.report("K8.2", JULY, 11)
    stage.report("K8.2", JULY, 10, reason="更正")
    found = month_of(JULY, date(2026, 8, 3))
    treasury, bureau = office(found, "市财政局"), office(found, "市经信局")
    assert (treasury.owed, treasury.reported, treasury.percent) == (2, 2, 20)
    assert (bureau.owed, bureau.reported, bureau.supports) == (1, 0, 1)
    assert (found.owed, found.reported) == (3, 2)
    assert month_of(date(2026, 6, 1), BEGUN).owed == 0, "nobody had anything then"


def test_completions_stand_in_the_month_they_were_confirmed_in(stage):
    stage.assign("K8.1")
    stage.report("K8.1", JULY, 100)
    stage.step("K8.1", "finish", comment="完成")
    stage.day = date(2026, 8, 2)
    stage.step("K8.1", "confirm", "city_officer", west=False)
    assert [one.duty.key for one in month_of(AUGUST, stage.day).completed] == ["K8.1"]
    assert month_of(JULY, stage.day).completed == ()
    assert office(month_of(AUGUST, stage.day), "市财政局").done == 1
    stage.step("K8.1", "return", "city_officer", west=False, comment="抽查不符")
    assert month_of(AUGUST, stage.day).completed == (), "it was sent back since"


def test_milestones_are_reached_missed_or_coming(stage):
    with stage.acting("city_officer") as actor:
        progress.note_milestone(actor, stage.milestone("K11.4"), date(2026, 7, 2), "复评通过", at(BEGUN))
    found = month_of(JULY, BEGUN)
    assert [one.duty.key for one in found.reached] == ["K11.4"]
    assert {one.duty.key for one in found.missed} >= {"M1.4", "K1.3"}
    assert found.coming == ()
    assert {one.due for one in month_of(date(2026, 12, 1), date(2026, 12, 3)).coming} == {date(2026, 12, 31)}


def test_what_is_late_stands_with_whoever_is_late(stage):
    stage.assign("K8.1")
    on = date(2026, 8, 20)
    found = month_of(JULY, on)
    treasury = office(found, "市财政局")
    assert (treasury.late, treasury.longest) == (1, 13)
    with whole():
        assert list(found.late) == overdue(on)


def test_a_county_gets_its_own_month(stage):
    stage.claim("M1.5", "county_officer", west=False)
    stage.claim("M1.5", "county_officer", west=True)
    stage.report("M1.5", JULY, 40, "county_officer", west=True)
    with stage.acting("county_officer"):
        found = summary.month_of(JULY, date(2026, 8, 20))
    assert found.reported == 0, "what the other county handed in is not seen"
    assert {one.share.organisation.manager_code for one in found.late} == {"510402"}
