"""Whoever has not reported the year is reminded: once a day, within scope, by those who may."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import reporting
from jigai.platform.enterprises.models import SheetStep
from jigai.platform.notices.models import Notice
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 3, 10)


def remind(city, role="county_officer", day=DAY, *, west=False):
    actor = city.actor(role, west=west)
    with transaction.atomic(), use_scope(actor.scope):
        return reporting.remind(actor, 2025, day)


def told():
    with transaction.atomic(), use_scope(command_scope("test")):
        return sorted(notice.user.username for notice in Notice.unscoped.select_related("user").filter(kind="fact"))


def test_the_county_reminds_its_own_enterprises_once_a_day(city):
    assert remind(city) == 3
    assert told() == ["enterprise_equipment_510402", "enterprise_finance_510402", "enterprise_head_510402"]
    assert remind(city) == 0
    assert remind(city, day=date(2026, 3, 11)) == 3


def test_the_city_reminds_all(city):
    assert remind(city, "city_officer") == 6


def test_who_has_reported_is_left_alone(city):
    person = city.east_enterprise
    with transaction.atomic(), use_scope(command_scope("test")):
        SheetStep.objects.create(
            legal_person=person, year=2025, step="submit", state="submitted", recorded_at="2026-02-01T00:00Z",
            recorded_by="x", org=person.org, manager_code=person.manager_code,
        )  # fmt: skip
    assert remind(city) == 0
    assert remind(city, west=True) == 3


def test_only_those_who_may_send_do(city):
    for role in ("county_head", "enterprise_head", "auditor"):
        with pytest.raises(PermissionDenied):
            remind(city, role)
    assert told() == []


def test_it_stands_in_the_trail(city):
    remind(city)
    event = Event.unscoped.get(action="fact.reminded")
    assert event.after == {"year": 2025, "enterprises": 1, "people": 3}


def test_the_button_is_there_for_those_who_may(city):
    page = city.client("county_officer").get("/enterprises/reporting/2025/").content.decode()
    assert "提醒未报企业" in page
    assert "提醒未报企业" not in city.client("county_head").get("/enterprises/reporting/2025/").content.decode()
    answer = city.client("county_officer").post("/enterprises/reporting/2025/remind/", follow=True)
    assert "已提醒 3 人" in answer.content.decode()
    again = city.client("county_officer").post("/enterprises/reporting/2025/remind/", follow=True)
    assert "没有要提醒的" in again.content.decode()
