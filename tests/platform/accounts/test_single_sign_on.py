"""The city's single sign-on: off unless set, and then against a real provider on this machine."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.test import Client
from tests.platform.accounts.signing import is_in, said

from jigai.platform import environment
from jigai.platform.accounts import checks
from jigai.platform.accounts.models import SignIn, User

pytestmark = pytest.mark.django_db


@contextmanager
def provider(name):
    program = Path(__file__).with_name("oidc_stub.py")
    process = subprocess.Popen([sys.executable, program, name], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def configured(url):
    return environment.single_sign_on(
        {"oidc_name": "市统一身份认证", "oidc_url": url, "oidc_client": "jigai", "oidc_secret": "secret"}
    )


def through(client):
    """Go the way a browser goes: to the provider, and back with its answer."""
    there = client.post("/account/oidc/sso/login/")
    assert there.status_code == 302, said(there)
    back = requests.get(there["Location"], allow_redirects=False, timeout=10).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def test_it_is_off_unless_set(client):
    values = environment.read({})
    assert environment.single_sign_on(values) == {}
    assert client.post("/account/oidc/sso/login/").status_code == 404
    assert "oidc" not in said(client.get("/account/login/"))


def test_a_name_without_the_rest_fails_the_check(settings):
    settings.ENV = settings.ENV | {"oidc_name": "认证", "oidc_url": "https://sso.example"}
    found = checks.single_sign_on_is_complete()
    assert [one.id for one in found] == ["accounts.E002"] and "JIGAI_OIDC_CLIENT" in found[0].msg


def test_it_signs_in_the_account_of_the_same_name(city, settings):
    with provider("county_officer_510402") as url:
        settings.SOCIALACCOUNT_PROVIDERS = configured(url)
        client = Client()
        assert "市统一身份认证" in said(client.get("/account/login/"))
        through(client)
        assert is_in(client)
        again = Client()
        through(again)
        assert is_in(again), "the second time the tie is known"
    assert SignIn.objects.filter(user__username="county_officer_510402").count() == 2


def test_it_makes_no_account(city, settings):
    before = User.objects.count()
    with provider("somebody_else") as url:
        settings.SOCIALACCOUNT_PROVIDERS = configured(url)
        client = Client()
        assert "没有对应账号" in said(through(client))
    assert not is_in(client) and User.objects.count() == before


def test_it_does_not_replace_the_second_factor(city, settings):
    settings.SECOND_FACTOR_ENFORCED = True
    with provider("county_officer_510402") as url:
        settings.SOCIALACCOUNT_PROVIDERS = configured(url)
        client = Client()
        through(client)
        assert client.get("/")["Location"] == "/account/2fa/totp/activate/"


def test_a_provider_that_is_down_is_said_plainly(city, settings):
    settings.SOCIALACCOUNT_PROVIDERS = configured("http://127.0.0.1:9")
    answer = Client().post("/account/oidc/sso/login/")
    assert answer.status_code == 503 and "统一身份认证没有成功" in said(answer)


def test_the_page_policy_lets_the_form_lead_there_and_nowhere_else():
    values = environment.read({"JIGAI_OIDC_NAME": "认证", "JIGAI_OIDC_URL": "https://sso.example:8443/realms/city"})
    assert environment.single_sign_on_origin(values) == ["https://sso.example:8443"]
    assert environment.single_sign_on_origin(environment.read({})) == []
