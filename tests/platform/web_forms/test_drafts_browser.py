"""What is typed survives an expired session; the search box works by keyboard; drafts end where they should."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from tests.platform.chromium import chromium
from tests.platform.web_forms.chromium import page_of

from jigai.platform.enterprises.models import Line
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

BRING_BACK = "恢复上次未提交的内容"


def drafts(page):
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length")


def sign_in(page, user):
    page.locator("input[name=login]").fill(user.username)
    page.locator("input[name=password]").fill("correct horse battery")
    page.locator("input[name=password]").press("Enter")


def test_what_was_typed_is_back_after_the_session_expired(city, live_server):
    from django.db import transaction

    errors = []
    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("enterprise_head"), errors)
        page.goto(url)
        page.fill("#id_name", "3 号轧线")
        page.fill("#id_capacity", "60")
        page.select_option("#id_capacity_unit", "万吨")
        Session.objects.all().delete()
        page.get_by_role("button", name="保存").click()
        page.wait_for_url("**/account/login/**")
        sign_in(page, city.people["enterprise_head"])
        page.wait_for_url("**" + url)
        assert page.input_value("#id_name") == ""
        page.get_by_role("button", name=BRING_BACK).click()
        assert page.input_value("#id_name") == "3 号轧线"
        assert page.input_value("#id_capacity_unit") == "万吨"
        page.fill("#id_product", "线材")
        page.get_by_role("button", name="保存").click()
        page.get_by_text("已新增产线“3 号轧线”").wait_for()
        assert drafts(page) == 0
        page.goto(url)
        assert page.get_by_role("button", name=BRING_BACK).count() == 0
    with transaction.atomic(), use_scope(command_scope("test")):
        assert Line.objects.get().capacity == 60
    assert errors == []


def test_a_draft_can_be_dropped_and_ends_with_signing_out(city, live_server):
    errors = []
    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("enterprise_head"), errors)
        page.goto(url)
        page.fill("#id_name", "草稿")
        page.reload()
        page.get_by_role("button", name="不要了").click()
        assert drafts(page) == 0
        page.fill("#id_name", "又一个")
        assert drafts(page) == 1
        page.goto("/")
        assert drafts(page) == 1, "looking elsewhere does not end a draft that was not sent"
        page.locator("details.who summary").click()
        page.get_by_role("button", name="退出").click()
        page.wait_for_load_state()
        assert drafts(page) == 0
    assert errors == []


def test_a_double_click_or_going_back_creates_one(city, live_server):
    from django.db import transaction

    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("enterprise_head"), [])
        page.goto(url)
        page.fill("#id_name", "1 号线")
        page.fill("#id_product", "线材")
        page.get_by_role("button", name="保存").dblclick()
        page.locator(".dt").get_by_text("1 号线").first.wait_for()
        page.go_back()
        page.fill("#id_product", "线材")
        page.get_by_role("button", name="保存").click()
        page.get_by_text("没有重复办理").wait_for()
    with transaction.atomic(), use_scope(command_scope("test")):
        assert Line.objects.count() == 1


def test_the_search_box_works_by_keyboard_and_fills_other_fields(city, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("county_officer"), errors)
        page.goto(reverse("enterprises:edit", args=[city.east_enterprise.pk]))
        box = page.locator("#id_industry_code")
        assert box.input_value() == "3130 钢压延加工"
        box.fill("")
        box.press_sequentially("liangang", delay=20)
        page.get_by_text("没有匹配的行业小类").wait_for()
        box.fill("")
        box.press_sequentially("lg", delay=20)
        page.get_by_role("option", name="3120 炼钢").wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        box.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        box.fill("3120")
        page.get_by_role("option", name="3120 炼钢").wait_for()
        box.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == "id_industry_code_1"
        box.press("Enter")
        assert box.input_value() == "3120 炼钢"
        page.goto(reverse("enterprises:line_new", args=[city.east_site.pk]))
        page.locator("#id_product").press_sequentially("焦炭", delay=20)
        page.get_by_role("option", name="捣固焦炉").click()
        assert page.input_value("#id_product") == "焦炭"
        assert page.input_value("#id_process") == "捣固焦炉"
        assert page.input_value("#id_unit_energy_unit") == "kgce/t"
    assert errors == []
