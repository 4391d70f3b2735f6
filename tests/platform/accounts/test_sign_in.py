"""Signing in: by the page, with lock-out, and nothing that tells which names exist."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from tests.platform.accounts.signing import PASSWORD, is_in, said, sign_in

from jigai.platform.accounts.models import SignIn, User
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def events(action):
    return Event.unscoped.filter(action=action)


def test_name_and_password_open_the_workbench(city):
    client = sign_in("county_officer_510402")
    assert client.answer.status_code == 302 and client.answer["Location"] == "/"
    assert is_in(client)
    row = SignIn.objects.get()
    assert (row.user.username, row.ended_at) == ("county_officer_510402", None)
    assert events("account.signed_in").get().actor == "county_officer_510402"


def bare(response):
    """The page without what differs from one answer to the next: nonce, token, the name typed."""
    page = said(response)
    page = re.sub(r'(value=|x-csrftoken": )"[A-Za-z0-9]{64}"', "", page)
    page = re.sub(r'nonce="[^"]+"|Nonce": "[^"]+"', "", page, flags=re.IGNORECASE)
    return re.sub(r"county_officer_510402|nobody_at_all|bank_510402", "NAME", page)


def test_a_wrong_password_and_an_unknown_name_look_alike(city):
    User.objects.filter(username="bank_510402").update(is_active=False)
    wrong = bare(sign_in("county_officer_510402", "nope").answer)
    assert "登录名或口令不对" in wrong
    assert wrong == bare(sign_in("nobody_at_all", "nope").answer)
    assert wrong == bare(sign_in("bank_510402", "nope").answer)


def test_a_disabled_account_does_not_open(city):
    User.objects.filter(username="bank_510402").update(is_active=False)
    client = sign_in("bank_510402")
    assert "账号已停用" in said(client.get(client.answer["Location"]))
    assert not is_in(client)


def test_signing_up_by_oneself_does_not_exist(client):
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/email/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


def test_five_wrong_passwords_lock_the_name_at_this_address(city, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in("expert_510402", "nope", client).answer.status_code == 200
    locked = sign_in("expert_510402", "nope", client).answer
    assert locked.status_code == 429 and "登录已锁定" in said(locked)
    assert int(locked["Retry-After"]) == pytest.approx(30 * 60, abs=30)
    assert "data-seconds" in said(locked)
    assert sign_in("expert_510402", PASSWORD, client).answer.status_code == 429, "the right one does not help now"
    assert sign_in("expert_510402", REMOTE_ADDR="10.9.8.7").answer.status_code == 302, "elsewhere it does"
    assert events("account.locked_out").get().after == {"name": "expert_510402"}


def test_an_unknown_name_is_locked_alike(city, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in("nobody_at_all", "nope", client)
    assert client.answer.status_code == 429


def test_case_is_no_way_round_the_lock_out(city, settings):
    client = Client()
    for name in ("Expert_510402", "EXPERT_510402", "expert_510402", "eXpert_510402", "exPert_510402"):
        sign_in(name, "nope", client)
    assert client.answer.status_code == 429


def test_the_lock_out_ends_by_itself(city, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in("expert_510402", "nope", client)
    long_ago = timezone.now() - settings.AXES_COOLOFF_TIME - timedelta(seconds=1)
    AccessAttempt.objects.update(attempt_time=long_ago)
    assert sign_in("expert_510402", PASSWORD, client).answer.status_code == 302


def test_the_password_of_a_failed_attempt_is_kept_nowhere(city):
    sign_in("expert_510402", "a-telling-secret")
    kept = AccessAttempt.objects.get()
    assert "a-telling-secret" not in kept.post_data + kept.get_data


def test_signing_out_ends_the_row_and_the_session(city):
    client = sign_in("county_officer_510402")
    client.post("/account/logout/")
    assert not is_in(client)
    assert SignIn.objects.get().ended_because == "signed_out"


def test_the_page_speaks_the_language_of_the_person(city):
    User.objects.filter(username="county_officer_510402").update(language="en")
    page = said(sign_in("county_officer_510402").get("/account/me/"))
    assert '<html lang="en"' in page


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
    ],
)
def test_what_a_visitor_writes_of_their_address_is_not_believed(rf, settings, proxies, forwarded, expected):
    from jigai.platform.accounts.addresses import address_of

    settings.PROXIES = proxies
    assert address_of(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == expected
