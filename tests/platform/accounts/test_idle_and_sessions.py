"""The lock after idling, the number and age of sign-ins, and that a lost session leads back to the page."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from tests.platform.accounts.signing import PASSWORD, is_in, said, sign_in

from jigai.platform.accounts import sessions
from jigai.platform.accounts.models import SignIn
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ME = "/account/me/"
OFFICER = "county_officer_510402"


@pytest.fixture
def officer(city):
    return sign_in(OFFICER)


def set_back(client, key, seconds):
    session = client.session
    session[key] -= seconds
    session.save()


def test_after_idling_every_page_is_locked_and_the_password_leads_back(officer, settings):
    set_back(officer, sessions.SEEN, settings.IDLE_MINUTES * 60 + 1)
    answer = officer.get(ME + "?a=1")
    assert answer.status_code == 302 and answer["Location"] == "/account/lock/?next=%2Faccount%2Fme%2F%3Fa%3D1"
    page = said(officer.get(answer["Location"]))
    assert "屏幕已锁定" in page and 'class="side"' not in page, "what was on the screen is gone"
    wrong = officer.post("/account/lock/", {"password": "nope", "next": "/account/me/?a=1"})
    assert "口令不对" in said(wrong) and officer.get(ME).status_code == 302
    right = officer.post("/account/lock/", {"password": PASSWORD, "next": "/account/me/?a=1"})
    assert right["Location"] == "/account/me/?a=1"
    assert is_in(officer)
    assert Event.unscoped.filter(action="account.unlock_failed").exists()


def test_the_lock_returns_to_no_foreign_page(officer):
    officer.get("/account/lock/?next=https://evil.example/")
    answer = officer.post("/account/lock/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_part_of_a_page_is_told_to_load_the_lock(officer, settings):
    set_back(officer, sessions.SEEN, settings.IDLE_MINUTES * 60 + 1)
    answer = officer.get(
        "/registers/x/part/", headers={"hx-request": "true", "hx-current-url": "http://testserver/registers/x/?q=1"}
    )
    assert answer["HX-Redirect"] == "/account/lock/?next=%2Fregisters%2Fx%2F%3Fq%3D1"


def test_typing_on_an_open_page_keeps_it_open_and_polling_does_not(officer, settings):
    settings.IDLE_MINUTES = 10
    set_back(officer, sessions.SEEN, 9 * 60)
    officer.get(ME, headers={"x-background": "1"})
    assert time.time() - officer.session[sessions.SEEN] > 8 * 60
    assert officer.post("/account/seen/").status_code == 204
    assert time.time() - officer.session[sessions.SEEN] < 60


def test_failing_to_unlock_locks_out(officer, settings):
    officer.get("/account/lock/")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = officer.post("/account/lock/", {"password": "nope"})
    assert answer.status_code == 429


def test_a_sign_in_ends_after_its_hours_however_busy(officer, settings):
    set_back(officer, sessions.STARTED, settings.SESSION_HOURS * 3600 + 1)
    answer = officer.get(ME)
    assert answer["Location"] == "/account/login/?next=%2Faccount%2Fme%2F"
    assert "有效时长" in said(officer.get(answer["Location"]))
    assert SignIn.objects.get().ended_because == "expired"


def test_the_oldest_sign_in_gives_way_and_is_told_why(city, settings):
    settings.SESSIONS_PER_USER = 2
    first, second, third = (sign_in(OFFICER) for _ in range(3))
    assert is_in(second) and is_in(third)
    answer = first.get(ME)
    assert answer.status_code == 302
    assert "同时在线数超出上限" in said(first.get(answer["Location"]))


def test_one_ends_a_sign_in_elsewhere_and_not_that_of_others(city):
    here, there = sign_in(OFFICER), sign_in(OFFICER)
    other = sign_in("county_officer_510403")
    row = SignIn.objects.filter(user__username=OFFICER).last()
    assert other.post(f"/account/me/sign-ins/{row.pk}/end/").status_code == 404
    there.post(f"/account/me/sign-ins/{row.pk}/end/")
    assert is_in(there) and not is_in(here)


def test_a_form_without_session_leads_to_the_sign_in_and_back_to_its_page(city):
    answer = Client().post("/account/switch/1/", headers={"referer": "http://testserver/enterprises/7/?tab=lines"})
    assert answer["Location"] == "/account/login/?next=%2Fenterprises%2F7%2F%3Ftab%3Dlines"
    foreign = Client().post("/account/switch/1/", headers={"referer": "https://evil.example/"})
    assert foreign["Location"] == "/account/login/"


def test_after_signing_in_again_the_page_is_there(city):
    client = Client()
    login = client.get(ME + "?tab=1")["Location"]
    answer = client.post(login, {"login": OFFICER, "password": PASSWORD, "next": ME + "?tab=1"})
    assert answer["Location"] == ME + "?tab=1"


def test_a_page_too_old_to_send_says_so(city):
    client = sign_in(OFFICER, client=Client(enforce_csrf_checks=False))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/account/me/", {"name": "x"}, headers={"referer": "http://testserver/account/me/"})
    assert answer.status_code == 403 and "页面已过期" in said(answer) and 'href="/account/me/"' in said(answer)
    nobody = Client(enforce_csrf_checks=True).post(ME, headers={"referer": "http://testserver/account/me/"})
    assert nobody["Location"] == "/account/login/?next=%2Faccount%2Fme%2F"


def test_someone_without_a_password_here_is_told_how_to_unlock(city):
    user = city.people["bank"]
    user.set_unusable_password()
    user.save()
    client = city.client("bank")
    assert "统一身份认证" in said(client.get("/account/lock/"))
    assert client.get("/").status_code == 302
