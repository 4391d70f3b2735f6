"""One real browser: an enterprise registers, its county approves, the head signs in and invites a hand who joins."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.platform.accounts.signing import PASSWORD
from tests.platform.accounts.test_second_factor import code_for
from tests.platform.chromium import chromium

from jigai.platform.accounts.models import Membership, Registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
OWN = "Furnace-2026-ok"


def sign_in(page, site, name, password):
    page.goto(f"{site}/account/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser, live_server):
    """A fresh browser window; what it complains of in its console fails the test."""
    complaints, opened = [], []

    def fresh(width=1440):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(context)
        return page

    yield fresh
    for context in opened:
        context.close()
    assert [one for one in complaints if "status of 4" not in one] == []


def test_from_registration_to_a_second_hand(city, live_server, visit):
    site, applicant = live_server.url, visit(390)
    applicant.goto(f"{site}/account/login/")
    applicant.get_by_role("link", name="企业注册").click()
    applicant.fill("#id_credit_code", "9135 0100 M000 100Y 44")
    assert applicant.locator("text=校验不通过").is_visible()
    applicant.fill("#id_credit_code", "9135 0100 m000 100Y 43")
    assert applicant.locator("text=校验通过").is_visible()
    applicant.fill("#id_name", "南坡铸造有限公司")
    applicant.select_option("#id_manager_code", "510402")
    applicant.fill("#id_contact", "孙七")
    applicant.fill("#id_phone", "13900001234")
    for field in ("#id_password1", "#id_password2"):
        applicant.fill(field, OWN)
    applicant.click("text=提交申请")
    applicant.wait_for_selector("text=申请已受理")
    name = applicant.inner_text("#name")

    officer = visit()
    sign_in(officer, site, "county_officer_510402", PASSWORD)
    officer.goto(f"{site}/account/registrations/")
    officer.click("text=南坡铸造有限公司")
    officer.click("button[value=approve]")
    officer.wait_for_selector("text=申请人可以登录")

    applicant.reload()
    applicant.click("text=去登录")
    sign_in(applicant, site, name, OWN)
    applicant.goto(f"{site}/account/hands/")
    applicant.fill("#id_name", "周八")
    applicant.select_option("#id_role_key", "enterprise_finance")
    applicant.click("text=生成邀请链接")
    link = applicant.inner_text("#link")

    hand = visit()
    hand.goto(link)
    hand.fill("#id_phone", "13700001111")
    for field in ("#id_password1", "#id_password2"):
        hand.fill(field, "Ledger-2026-ok")
    hand.click("text=建立账号并加入")
    hand.wait_for_selector("text=您的登录名是")
    joined = Membership.objects.get(user__name="周八")
    sign_in(hand, site, joined.user.username, "Ledger-2026-ok")
    hand.wait_for_selector(".side")
    assert joined.organisation.credit_code == Registration.unscoped.get().credit_code


@pytest.mark.slow
def test_the_screen_of_someone_gone_locks_and_unlocks(city, live_server, visit, settings):
    page = visit()
    page.clock.install()
    sign_in(page, live_server.url, "county_officer_510402", PASSWORD)
    page.goto(f"{live_server.url}/account/me/?tab=1")
    page.clock.fast_forward((settings.IDLE_MINUTES + 1) * 60 * 1000)
    page.wait_for_selector("text=屏幕已锁定")
    assert page.locator(".side").count() == 0
    page.fill("#lock_password", PASSWORD)
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/account/me/?tab=1")


@pytest.mark.slow
def test_a_code_from_the_phone_and_a_key_from_the_pocket(city, live_server, visit, settings):
    settings.SECOND_FACTOR_ENFORCED = True
    cache.clear()
    page, site = visit(), live_server.url
    sign_in(page, site, "county_officer_510402", PASSWORD)
    page.wait_for_selector("text=启用手机验证器")
    page.fill("#id_code", code_for(page.input_value("#secret")))
    page.click("form.form button[type=submit]")
    page.wait_for_selector("text=去工作台")

    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    page.goto(f"{site}/account/2fa/webauthn/add/")
    page.fill("#id_name", "工作证密钥")
    page.click("#add_key")
    page.wait_for_selector("text=安全密钥已添加")

    page.click("summary.top__btn")
    page.click(".who__menu >> text=退出")
    sign_in(page, site, "county_officer_510402", PASSWORD)
    page.wait_for_selector("text=第二步验证")
    page.click("#use_key")
    page.wait_for_selector(".side")
