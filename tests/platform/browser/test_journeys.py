"""People at their own work, from the side bar to what is recorded, in a real browser."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone
from tests.platform.accounts.signing import PASSWORD, sign_in
from tests.platform.chromium import chromium
from tests.platform.enterprises.helpers import acting
from tests.platform.web_forms.chromium import page_of

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.enterprises import above_scale, sheets
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import AboveScale, Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
YEAR = sheets.reporting_year(timezone.localdate())


def test_the_city_officer_keeps_the_list_of_a_year_and_makes_it_final(city, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("city_officer"), errors)
        page.goto(reverse("enterprises:above_scale", args=[YEAR]))
        for name in (city.east_enterprise.name, city.west_enterprise.name):
            page.get_by_role("link", name="列入企业").click()
            page.locator("#id_person").press_sequentially(name[:4], delay=20)
            page.get_by_role("option", name=name).click()
            page.get_by_role("button", name="列入", exact=True).click()
            page.get_by_text(f"已列入“{name}”。").wait_for()
        page.locator("tr", has_text=city.west_enterprise.name).get_by_role("link", name="移出").click()
        page.get_by_role("button", name="移出", exact=True).click()
        page.fill("#id_reason", "点错了")
        page.get_by_role("button", name="移出", exact=True).click()
        page.get_by_text("移出名单").first.wait_for()
        page.get_by_role("button", name="撤销").click()
        page.locator("td", has_text=city.west_enterprise.name).wait_for()
        page.get_by_role("link", name="定稿", exact=True).click()
        page.get_by_role("button", name="定稿", exact=True).click()
        page.get_by_text(f"{YEAR} 年名单已定稿。").wait_for()
        page.locator("tr", has_text=city.east_enterprise.name).get_by_role("link", name="移出").click()
        page.fill("#id_reason", "停产退库")
        page.get_by_role("button", name="移出", exact=True).click()
        page.get_by_text("定稿之后有更正").wait_for()
        page.get_by_role("link", name="看定稿时的名单").click()
        page.locator("td", has_text=city.east_enterprise.name).wait_for()
    assert AboveScale.unscoped.filter(superseded_at__isnull=True).count() == 1
    assert errors == []


def test_one_hand_makes_the_account_and_another_gives_the_role(city, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("system_admin"), errors)
        page.goto("/account/people/")
        page.get_by_role("link", name="建立账号").click()
        bureau = Organisation.objects.get(kind="county_bureau", manager_code="510402")
        page.select_option("#id_organisation", str(bureau.pk))
        page.fill("#id_username", "wangwu")
        page.fill("#id_name", "王五")
        page.get_by_role("button", name="建立账号").click()
        first = page.locator("#initial").inner_text()
        assert len(first) >= 10
        page.reload()
        assert page.locator("#initial").count() == 0, "shown once"

        guard = page_of(browser, live_server, city.client("security_admin"), errors)
        made = User.objects.get(username="wangwu")
        guard.goto(reverse("accounts:grant", args=[made.pk]))
        guard.get_by_text("还没有角色").wait_for()
        guard.select_option("#id_role_key", "county_officer")
        guard.select_option("#id_organisation", str(bureau.pk))
        guard.fill("#id_reason", "新到岗")
        guard.get_by_role("button", name="授予", exact=True).click()
        guard.get_by_text("角色已授予").wait_for()
        assert sign_in("wangwu", first).answer.status_code == 302

        guard.locator("summary", has_text="收回").click()
        guard.fill("input[name=reason] >> nth=0", "调离")
        guard.get_by_role("button", name="确认收回").click()
        guard.get_by_text("角色已收回").wait_for()
    assert not Membership.objects.get(user=made).active
    assert errors == []


def test_the_security_administrator_ends_a_lock_out(city, live_server, settings):
    errors = []
    name = "county_officer_510402"
    for _again in range(settings.AXES_FAILURE_LIMIT):
        sign_in(name, "wrong password")
    assert AccessAttempt.objects.filter(username=name).exists()
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("security_admin"), errors)
        page.goto("/account/grants/locked/")
        page.locator("summary", has_text="解除").click()
        page.fill("input[name=reason]", "本人电话确认")
        page.get_by_role("button", name="确认解除").click()
        page.get_by_text("锁定已解除").wait_for()
        page.get_by_text("现在没有被锁定的登录名").wait_for()
    assert sign_in(name, PASSWORD).answer.status_code == 302
    assert errors == []


def test_the_second_of_two_who_edit_a_site_is_told_and_chooses(city, live_server):
    errors = []
    url = reverse("enterprises:site_edit", args=[city.east_site.pk])
    with chromium() as browser:
        county = page_of(browser, live_server, city.client("county_officer"), errors)
        head = page_of(browser, live_server, city.client("enterprise_head"), errors)
        county.goto(url)
        head.goto(url)
        county.fill("#id_address", "东区一号路 1 号")
        county.get_by_role("button", name="保存").click()
        county.get_by_text("东区一号路 1 号").first.wait_for()
        head.fill("#id_address", "东区二号路 2 号")
        head.fill("#id_name", "轧钢一厂")
        head.get_by_role("button", name="保存").click()
        head.get_by_text("两人同时修改，请选择").wait_for()
        assert Site.unscoped.get(pk=city.east_site.pk).address == "东区一号路 1 号", "nothing is overwritten unseen"
        head.get_by_label("东区二号路 2 号").check()
        head.get_by_role("button", name="按所选保存").click()
        head.get_by_text("东区二号路 2 号").first.wait_for()
    site = Site.unscoped.get(pk=city.east_site.pk)
    assert (site.address, site.name) == ("东区二号路 2 号", "轧钢一厂")
    assert errors == []


def test_the_audit_administrator_follows_a_change_of_a_financial_figure(city, live_server):
    errors = []
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "main_revenue", "84322", explain_later=True)
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("audit_admin"), errors)
        page.goto("/audit/?action=fact.set")
        page.locator("tbody a").first.click()
        page.get_by_text("已隐藏").first.wait_for()
        text = page.locator("main").inner_text()
        assert "main_revenue" in text and "84322" not in text
        page.goto("/audit/")
        assert page.locator("select[name=action]").input_value() == "fact.set", "the filter is still there"
    assert errors == []


def test_the_county_opens_from_its_workbench_exactly_what_waits(city, live_server):
    errors = []
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.west_enterprise, YEAR, "")
    with acting(city, "enterprise_head") as actor:
        sheets.add_step(actor, city.east_enterprise, YEAR, "submit", "")
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("county_officer"), errors)
        page.goto("/")
        page.get_by_role("link", name="核对", exact=True).first.click()
        page.get_by_role("link", name="退回", exact=True).click()
        page.fill("#id_comment", "用电量请附结算单")
        page.get_by_role("button", name="退回", exact=True).click()
        page.get_by_text("已退回企业修改").wait_for()
        page.goto(reverse("enterprises:reporting", args=[YEAR]))
        page.get_by_text("自愿填报").first.wait_for()
    assert errors == []
