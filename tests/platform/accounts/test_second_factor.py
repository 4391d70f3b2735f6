"""The second factor: who must have one, setting it up with a real code, and what a stolen password is worth then."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from tests.platform.accounts.signing import is_in, said, sign_in

from jigai.platform.accounts import checks, second_factor
from jigai.platform.accounts.models import Membership, User
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services import grants

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SETUP = "/account/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def enforced(settings):
    settings.SECOND_FACTOR_ENFORCED = True
    cache.clear()


def code_for(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def set_up(client):
    """Do as the page says: read the secret, type the code of this moment; return the secret."""
    page = said(client.get(SETUP))
    secret = re.search(r'id="secret" value="([A-Z2-7]+)"', page)[1]
    answer = client.post(SETUP, {"code": code_for(secret)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    return secret


def test_roles_that_must_have_one_are_led_to_set_it_up(city):
    client = sign_in("county_officer_510402")
    assert client.get("/")["Location"] == SETUP
    assert client.get("/account/people/")["Location"] == SETUP
    assert "须启用第二因素" in said(client.get(SETUP))
    set_up(client)
    assert client.get("/").status_code == 200


def test_from_then_on_the_password_alone_opens_nothing(city):
    secret = set_up(sign_in("county_officer_510402"))
    client = sign_in("county_officer_510402")
    assert client.answer["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "验证码不对" in said(wrong) and not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_for(secret, 1)})
    assert client.get("/").status_code == 200


def test_a_recovery_code_stands_in_once(city):
    first = sign_in("expert_510402")
    set_up(first)
    code = re.search(r"<code>(\d+)</code>", said(first.get("/account/2fa/recovery-codes/")))[1]
    second = sign_in("expert_510402")
    second.post("/account/2fa/authenticate/", {"code": code})
    assert is_in(second)
    third = sign_in("expert_510402")
    third.post("/account/2fa/authenticate/", {"code": code})
    assert not is_in(third)


def test_guessing_codes_is_stopped(city):
    set_up(sign_in("expert_510402"))
    client = sign_in("expert_510402")
    pages = [said(client.post("/account/2fa/authenticate/", {"code": f"{n:06}"})) for n in range(7)]
    assert "验证码不对" in pages[0] and "尝试次数过多" in pages[-1]


def test_the_secret_is_not_readable_in_the_database(city):
    secret = set_up(sign_in("expert_510402"))
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)
    assert second_factor.opened(kept.data["secret"]) == secret


def test_who_must_have_one_is_data(city, settings):
    def asked(key):
        return second_factor.is_required(Membership.objects.filter(user=city.people[key]))

    for key, role in roles().items():
        assert asked(key) == (role.second_factor == "required"), key
    settings.SECOND_FACTOR = "enterprises_too"
    assert all(asked(key) for key in roles())


def test_enterprises_are_asked_by_setting(city, settings):
    client = sign_in("enterprise_head_510402")
    assert client.get("/").status_code == 200
    settings.SECOND_FACTOR = "enterprises_too"
    assert client.get("/")["Location"] == SETUP


def test_the_demo_switch_counts_in_the_demo_only_and_is_marked(city, settings):
    settings.SECOND_FACTOR = "off_for_demo"
    client = sign_in("county_officer_510402")
    assert client.get("/")["Location"] == SETUP
    assert [one.id for one in checks.second_factor_is_not_off()] == ["accounts.E001"]
    settings.DEMO = True
    page = client.get("/")
    assert page.status_code == 200 and "第二因素已关闭" in said(page)
    assert checks.second_factor_is_not_off() == []


def test_a_lost_factor_is_reset_by_the_security_administrator_only(city):
    client = sign_in("county_officer_510402")
    set_up(client)
    user = User.objects.get(username="county_officer_510402")
    with pytest.raises(Exception, match=r"role\.grant"):
        grants.reset_second_factor(city.actor("system_admin"), user, "手机丢失")
    grants.reset_second_factor(city.actor("security_admin"), user, "手机丢失，已当面核实")
    assert not second_factor.has_one(user) and not is_in(client)
    assert sign_in("county_officer_510402").get("/")["Location"] == SETUP


def test_switching_it_off_leads_back_to_setting_it_up(city):
    client = sign_in("county_officer_510402")
    set_up(client)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert client.get("/")["Location"] == SETUP


def test_pages_of_the_second_factor_open(city):
    client = sign_in("county_officer_510402")
    set_up(client)
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/"):
        assert client.get(f"/account/2fa/{path}").status_code == 200, path
    text = client.get("/account/2fa/recovery-codes/download/")
    assert len(said(text).split()) == 10


def test_delicate_steps_ask_for_the_password_again(city, settings):
    client = sign_in("county_officer_510402")
    set_up(client)
    session = client.session
    session["signed_in_at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    session.save()
    answer = client.get("/account/2fa/recovery-codes/")
    assert answer["Location"].startswith("/account/reauthenticate/?next=")
    assert "请再确认身份" in said(client.get(answer["Location"]))
    back = client.post(answer["Location"], {"password": "correct horse battery"})
    assert client.get(back["Location"]).status_code == 200


def test_recovery_codes_are_made_only_beside_a_second_factor(city, settings):
    settings.SECOND_FACTOR_ENFORCED = False
    client = sign_in("enterprise_head_510402")
    page = "/account/2fa/recovery-codes/generate/"
    assert client.post(page).status_code == 200
    assert not Authenticator.objects.exists()
    set_up(client)
    before = said(client.get("/account/2fa/recovery-codes/download/"))
    assert client.post(page).status_code == 302
    assert said(client.get("/account/2fa/recovery-codes/download/")) != before
