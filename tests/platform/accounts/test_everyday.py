"""Everyday moments in a real browser: a phone, another language, another membership, a lock-out, a lost session."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from tests.platform.accounts.signing import PASSWORD
from tests.platform.accounts.test_journey import sign_in
from tests.platform.chromium import chromium

from jigai.platform.accounts.models import Membership, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
OFFICER = "county_officer_510402"


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


def no_sideways_scroll(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_switching_memberships_and_language_on_a_phone(city, live_server, phone):
    user = city.people["enterprise_head"]
    Membership.objects.create(user=user, organisation=city.west_enterprise.org, role_key="enterprise_head")
    sign_in(phone, live_server.url, user.username, PASSWORD)
    phone.click("summary.top__btn")
    phone.click(".who__menu >> text=西山水泥有限公司")
    phone.wait_for_selector("text=西山水泥有限公司 · 企业负责人”身份办理")
    phone.goto(f"{live_server.url}/account/hands/")
    assert "西山水泥有限公司" in phone.inner_text(".ph__sub")
    phone.click("summary.top__btn")
    phone.click(".who__menu >> text=English")
    phone.wait_for_selector("h1:has-text('Our people')")
    assert phone.url.endswith("/account/hands/"), "the page stays"
    assert User.objects.get(pk=user.pk).language == "en"
    assert no_sideways_scroll(phone)


def test_the_lock_out_counts_down(city, live_server, desk, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(desk, live_server.url, OFFICER, "nope")
    desk.wait_for_selector("text=登录已锁定")
    place = desk.locator("[data-seconds]")
    first = place.inner_text()
    assert re.fullmatch(r"(29|30):\d\d", first)
    desk.wait_for_function("text => document.querySelector('[data-seconds]').textContent !== text", arg=first)


@pytest.mark.slow
def test_a_session_lost_under_one_s_hands_leads_back_to_the_form(city, live_server, desk):
    sign_in(desk, live_server.url, OFFICER, PASSWORD)
    desk.goto(f"{live_server.url}/account/me/?from=menu")
    desk.fill("#id_name", "新名字")
    Session.objects.all().delete()
    desk.click("form.form button[type=submit]")
    desk.wait_for_selector("#id_login")
    assert desk.locator("text=您已退出登录").is_visible()
    desk.fill("#id_login", OFFICER)
    desk.fill("#id_password", PASSWORD)
    desk.click("form.form button[type=submit]")
    desk.wait_for_url("**/account/me/?from=menu")


@pytest.mark.slow
def test_the_third_sign_in_ends_the_first_and_says_so(city, live_server, desk, browser, settings):
    settings.SESSIONS_PER_USER = 2
    sign_in(desk, live_server.url, OFFICER, PASSWORD)
    others = [browser.new_context(locale="zh-CN") for _ in range(2)]
    for context in others:
        sign_in(context.new_page(), live_server.url, OFFICER, PASSWORD)
    desk.goto(f"{live_server.url}/account/me/")
    desk.wait_for_selector("text=同时在线数超出上限")
    for context in others:
        context.close()


@pytest.mark.slow
def test_a_reason_is_asked_before_someone_is_disabled(city, live_server, phone):
    sign_in(phone, live_server.url, "system_admin_510402", PASSWORD)
    pk = city.people["county_head"].pk
    phone.goto(f"{live_server.url}/account/people/{pk}/")
    phone.click("summary:has-text('停用')")
    assert no_sideways_scroll(phone)
    phone.click("button:has-text('确认停用')")
    assert User.objects.get(pk=pk).is_active, "the browser asks for the reason first"
    phone.fill("#reason_active", "退休")
    phone.click("button:has-text('确认停用')")
    phone.wait_for_selector("text=账号已停用，其登录已全部结束")
    assert not User.objects.get(pk=pk).is_active


def test_the_demo_is_marked_on_the_sign_in_and_every_page(city, live_server, desk, settings):
    settings.DEMO, settings.SECOND_FACTOR, settings.SECOND_FACTOR_ENFORCED = True, "off_for_demo", True
    desk.goto(f"{live_server.url}/account/login/")
    assert desk.locator(".demo:not(.one-office)").is_visible()
    sign_in(desk, live_server.url, OFFICER, PASSWORD)
    for path in ("/", "/account/me/", "/account/registrations/", "/account/grants/matrix/"):
        desk.goto(live_server.url + path)
        assert "第二因素已关闭" in desk.inner_text(".demo:not(.one-office)"), path
