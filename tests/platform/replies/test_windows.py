"""An enterprise is told of what goes against it, once, and may object until a day counted by the holidays."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from jigai.platform.accounts.models import Membership
from jigai.platform.notices.models import Notice
from jigai.platform.registers.workdays import Calendar
from jigai.platform.replies.models import Told
from jigai.platform.replies.windows import tell_everyone, untold, window_of
from jigai.platform.screening.models import Finding
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NO_HOLIDAYS = Calendar(frozenset(), frozenset())
MONDAY = date(2026, 11, 30)


def everything(act):
    with transaction.atomic(), use_scope(command_scope("test")):
        return act()


@pytest.fixture
def fresh(against):
    """The finding as on the morning on which nobody was told of it yet."""
    everything(lambda: (Told.objects.all().delete(), Notice.objects.all().delete()))
    return against


def test_all_that_goes_against_it_is_told_once_in_one_notice(fresh, city):
    assert tell_everyone(MONDAY, NO_HOLIDAYS) == 1
    told = everything(lambda: list(Told.objects.filter(device=fresh.device_id)))
    assert {one.check_name for one in told} >= {"elimination", "efficiency"}
    notices = everything(lambda: list(Notice.objects.filter(kind="reply")))
    assert {one.user_id for one in notices} == {
        city.people[key].pk for key in ("enterprise_head", "enterprise_equipment")
    }
    assert "1 行设备有新的不利判定" in notices[0].title
    assert "2026-12-21 前可提出异议" in notices[0].text
    assert tell_everyone(MONDAY, NO_HOLIDAYS) == 0
    assert everything(untold().count) == 0


def test_the_window_is_counted_in_workdays_by_the_holidays(fresh):
    holidays = Calendar(frozenset({date(2026, 12, 1), date(2026, 12, 2)}), frozenset({date(2026, 12, 5)}))
    tell_everyone(MONDAY, holidays)
    told = everything(lambda: Told.objects.filter(device=fresh.device_id).first())
    assert told.due == date(2026, 12, 22)  # two days off, one Saturday worked
    assert told.certain
    window = everything(lambda: window_of(fresh, date(2026, 12, 20)))
    assert (window.left, window.over) == (2, False)
    assert everything(lambda: window_of(fresh, date(2026, 12, 22))).over is False  # the last day counts
    assert everything(lambda: window_of(fresh, date(2026, 12, 23))).over is True


def test_without_the_holidays_of_the_year_it_says_so(fresh):
    tell_everyone(MONDAY, NO_HOLIDAYS)
    assert everything(lambda: Told.objects.first()).certain is False


def test_an_enterprise_with_nobody_to_read_it_is_not_told(fresh, city):
    everything(lambda: Membership.objects.filter(user=city.people["enterprise_head"]).update(active=False))
    everything(lambda: Membership.objects.filter(user=city.people["enterprise_equipment"]).update(active=False))
    assert tell_everyone(MONDAY, NO_HOLIDAYS) == 0
    window = everything(lambda: window_of(fresh, MONDAY))
    assert (window.told_on, window.due, window.over) == (None, None, False)


def test_what_was_told_is_listed_with_the_days_left(fresh, city):
    tell_everyone(MONDAY, NO_HOLIDAYS)
    page = city.client("enterprise_head").get(reverse("replies:told")).content.decode()
    assert "引风机电机" in page
    assert "2026年12月21日" in page
    assert "引风机电机" not in city.client("enterprise_head", west=True).get(reverse("replies:told")).content.decode()
    everything(lambda: Finding.objects.all().delete())  # a later run found nothing any more
    assert "引风机电机" not in city.client("enterprise_head").get(reverse("replies:told")).content.decode()
