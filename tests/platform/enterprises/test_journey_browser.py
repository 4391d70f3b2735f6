"""The yearly figures in a real browser: filled, submitted, returned, corrected, confirmed."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from tests.platform.chromium import chromium
from tests.platform.enterprises.helpers import GOOD, acting
from tests.platform.web_forms.chromium import page_of

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.attributes import attributes, is_financial, of_site
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import Fact
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

YEAR = sheets.reporting_year(timezone.localdate())


def row(page, city, name):
    key = f"{name}@{city.east_site.pk}" if of_site(attributes()[name]) else name
    return page.locator(f'[id="f-{key}"]')


def enter(page, city, name, value):
    """Type a figure and wait until its row says that it is saved."""
    field = row(page, city, name).locator("select, input[type=text]").first
    with page.expect_response(lambda answer: f"/enter/{name}" in answer.url):
        if field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.press("Tab")
    row(page, city, name).get_by_text("已保存").wait_for()


def step(page, word, comment=""):
    """Take a step with the sheet."""
    page.get_by_role("link", name=word, exact=True).click()
    if comment:
        page.fill("#id_comment", comment)
    page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_load_state()


def current():
    with transaction.atomic(), use_scope(command_scope("test")):
        return {fact.attribute: fact for fact in Fact.objects.filter(year=YEAR, superseded_at__isnull=True)}


def test_the_year_from_filling_to_confirmed(city, live_server):
    errors = []
    url = reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "600")
        set_fact(actor, city.east_enterprise, YEAR - 1, "rd_tools_used", "是")
    with chromium() as browser:
        hand = page_of(browser, live_server, city.client("enterprise_equipment"), errors)
        hand.goto(url)
        assert row(hand, city, "output_value").count() == 0, "financial figures are not for the equipment hand"
        assert hand.get_by_text("5 项财务数据由财务人员填写").is_visible()
        row(hand, city, "rd_tools_used").get_by_role("button", name="与上年相同").click()
        row(hand, city, "rd_tools_used").get_by_text("已保存").wait_for()
        for name, value in GOOD.items():
            if not is_financial(attributes()[name]) and name not in ("employees", "rd_tools_used", "key_processes_nc"):
                enter(hand, city, name, value)
        nc = row(hand, city, "key_processes_nc")
        nc.locator("input[type=text]").fill("30")
        nc.locator("input[type=text]").press("Tab")
        row(hand, city, "key_processes_nc").get_by_text("多于关键工序总数（24）").wait_for()
        enter(hand, city, "key_processes_nc", "15")
        people = row(hand, city, "employees")
        people.locator("input[type=text]").fill("2400")
        people.locator("input[type=text]").press("Tab")
        row(hand, city, "employees").get_by_text("变化超过 2 倍").wait_for()
        assert "employees" not in current()
        row(hand, city, "employees").get_by_label("请写明原因").fill("并入冷轧公司")
        row(hand, city, "employees").get_by_label("请写明原因").press("Tab")
        row(hand, city, "employees").get_by_text("已保存").wait_for()
        assert current()["employees"].note == "并入冷轧公司"
        assert current()["rd_tools_used"].status == "same"
        assert hand.get_by_role("link", name="报送", exact=True).count() == 0

        purse = page_of(browser, live_server, city.client("enterprise_finance"), errors)
        purse.goto(url)
        for name, value in GOOD.items():
            if is_financial(attributes()[name]):
                enter(purse, city, name, value)
        assert purse.get_by_role("link", name="报送", exact=True).count() == 0, "the head alone submits"

        head = page_of(browser, live_server, city.client("enterprise_head"), errors)
        head.goto(url)
        head.get_by_text("必填项已填齐").wait_for()
        step(head, "报送")
        head.get_by_text("已报送，等县区核对。", exact=True).wait_for()
        assert head.locator("#sheet input[type=text]").count() == 0

        county = page_of(browser, live_server, city.client("county_officer"), errors)
        county.goto(reverse("enterprises:reporting", args=[YEAR]) + "?state=submitted")
        county.get_by_role("link", name="打开").click()
        assert county.get_by_text("并入冷轧公司").is_visible()
        step(county, "退回", "电力请按结算单核对")
        county.get_by_text("已退回企业修改").wait_for()

        head.goto(url)
        head.get_by_text("退回：电力请按结算单核对").wait_for()
        enter(head, city, "electricity", "12,500")
        step(head, "报送")
        county.goto(url)
        assert county.get_by_text("12,500").is_visible()
        step(county, "确认")
        county.get_by_text("已确认。").wait_for()
        county.goto(
            reverse(
                "enterprises:fact_history", args=[city.east_enterprise.pk, YEAR, f"electricity@{city.east_site.pk}"]
            )
        )
        assert county.locator("tbody tr").count() == 2
    facts = current()
    assert facts["electricity"].value == "12500"
    assert {name: facts[name].value for name in ("coal", "machinery_net", "digital_level")} == {
        name: GOOD[name] for name in ("coal", "machinery_net", "digital_level")
    }
    with acting(city, "county_officer"):
        assert sheets.state_of(city.east_enterprise, YEAR).key == "confirmed"
    assert errors == []


@pytest.mark.slow
def test_two_people_fill_the_same_figure(city, live_server):
    errors = []
    url = reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])
    with chromium() as browser:
        first = page_of(browser, live_server, city.client("enterprise_head"), errors)
        second = page_of(browser, live_server, city.client("enterprise_equipment"), errors)
        first.goto(url)
        second.goto(url)
        enter(first, city, "employees", "640")
        field = row(second, city, "employees").locator("input[type=text]")
        field.fill("655")
        field.press("Tab")
        row(second, city, "employees").get_by_text("填了 640，您填的是 655").wait_for()
        assert current()["employees"].value == "640"
        row(second, city, "employees").get_by_role("button", name="用我的").click()
        row(second, city, "employees").get_by_text("已保存").wait_for()
    assert current()["employees"].value == "655"
    assert errors == []


@pytest.mark.slow
def test_a_session_that_expires_while_filling_loses_nothing(city, live_server):
    errors = []
    url = reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("enterprise_head"), errors)
        page.goto(url)
        Session.objects.all().delete()
        field = row(page, city, "employees").locator("input[type=text]")
        field.fill("640")
        field.press("Tab")
        page.wait_for_url("**/account/login/**")
        page.locator("input[name=login]").fill(city.people["enterprise_head"].username)
        page.locator("input[name=password]").fill("correct horse battery")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**" + url)
        page.get_by_role("button", name="恢复上次未提交的内容").click()
        assert row(page, city, "employees").locator("input[type=text]").input_value() == "640"
        page.get_by_role("button", name="全部保存").click()
        page.get_by_text("已保存 1 项").wait_for()
    assert current()["employees"].value == "640"
    assert errors == []
