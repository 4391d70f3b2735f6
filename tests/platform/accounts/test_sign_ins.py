"""The rows that describe sign-ins: opened, noted, ended, and what a browser that comes back is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.platform.accounts.signing import is_in, said, sign_in

from jigai.platform.accounts import sessions
from jigai.platform.accounts.models import SignIn
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
OFFICER = "county_officer_510402"


@pytest.fixture
def officer(city):
    return city.people["county_officer"]


def test_address_and_browser_are_kept(officer):
    sign_in(OFFICER, REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT="Mozilla/5.0 " + "x" * 300)
    row = SignIn.objects.get()
    assert row.address == "10.1.2.3" and len(row.agent) == 200
    assert Event.unscoped.get(action="account.signed_in").address == "10.1.2.3"


def test_the_last_action_is_written_once_a_minute(officer):
    client = sign_in(OFFICER)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    client.get("/account/me/")
    assert timezone.now() - SignIn.objects.get().seen_at > timedelta(minutes=59), "just written at sign-in"
    session = client.session
    session[sessions.SEEN] -= sessions.NOTE_EVERY + 1
    session.save()
    client.get("/account/me/")
    assert timezone.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)


def test_rows_whose_session_is_gone_are_closed_when_looked_at(officer):
    here, there = sign_in(OFFICER), sign_in(OFFICER)
    assert len(sessions.open_ones(officer)) == 2
    Session.objects.filter(session_key=here.session.session_key).delete()
    assert [row.session_key for row in sessions.open_ones(officer)] == [there.session.session_key]
    assert SignIn.objects.get(ended_at__isnull=False).ended_because == "expired"


def test_without_a_limit_all_stay(officer, settings):
    settings.SESSIONS_PER_USER = 0
    clients = [sign_in(OFFICER) for _ in range(4)]
    assert all(is_in(client) for client in clients)


@pytest.mark.parametrize("because", [key for key in SignIn.Ending.values if key != "signed_out"])
def test_a_browser_that_comes_back_is_told_why(officer, because):
    client = sign_in(OFFICER)
    sessions.end(SignIn.objects.get(), because)
    page = said(client.get("/account/me/", follow=True))
    assert str(SignIn.Ending(because).label) in page
    assert str(SignIn.Ending(because).label) not in said(client.get("/account/login/")), "once"


def test_who_signed_out_needs_no_explanation(officer):
    client = sign_in(OFFICER)
    client.post("/account/logout/")
    assert "您已退出登录" not in said(client.get("/account/me/", follow=True))


def test_a_key_nobody_knows_says_nothing(officer):
    assert sessions.why_gone("") == sessions.why_gone("0123456789abcdef") == ""


def test_ending_all_but_one(officer):
    clients = [sign_in(OFFICER) for _ in range(3)]
    kept = clients[1].session[sessions.ROW]
    assert sessions.end_all(officer, SignIn.Ending.ADMINISTRATOR, but=kept) == 2
    assert [is_in(client) for client in clients] == [False, True, False]


def test_idling_is_off_at_zero(officer, settings):
    settings.IDLE_MINUTES = 0
    client = sign_in(OFFICER)
    session = client.session
    session[sessions.SEEN] -= 10 * 24 * 3600
    session.save()
    assert is_in(client)


def test_earlier_sign_ins_are_listed_with_their_end(officer):
    first = sign_in(OFFICER)
    first.post("/account/logout/")
    page = said(sign_in(OFFICER).get("/account/me/"))
    assert "以前的登录" in page and "本人退出" in page


def test_a_person_sees_their_own_only(city):
    sign_in("bank_510402", REMOTE_ADDR="10.9.9.9")
    assert "10.9.9.9" not in said(sign_in(OFFICER).get("/account/me/"))
