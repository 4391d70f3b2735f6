"""From the board down to the enterprise and back, and the meeting page by its keys, in a real browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.platform.chromium import chromium
from tests.platform.people import EAST, WEST
from tests.platform.plan.boards import adds, in_force, keep, months
from tests.platform.web_forms.chromium import page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def figures(city):
    in_force()
    months()
    keep("nc_rate", 2025, 5, 8, should=8)
    keep("nc_rate", 2025, 3, 4, should=4, part=("manager", EAST))
    keep("nc_rate", 2025, 2, 4, should=4, part=("manager", WEST))
    adds(city.east_enterprise, "nc_rate", 2025, "0.75")
    adds(city.west_enterprise, "nc_rate", 2025, "0.5")
    return city


def test_a_figure_opens_down_to_the_enterprise_and_back_keeps_the_filter(figures, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, figures.client("city_officer"), errors)
        page.goto("/plan/?year=2025&partition=manager_code")
        page.locator("a.obj", has_text="关键工序数控化率").click()
        page.wait_for_url("**o=O8**")
        assert "year=2025" in page.url
        page.locator("#chart svg").wait_for()
        page.locator("#detail table.units a.num", has_text="75.0").click()
        page.locator("td", has_text=figures.east_enterprise.name).first.wait_for()
        listed = page.url
        assert f"manager={EAST}" in listed
        assert page.locator("td", has_text=figures.west_enterprise.name).count() == 0
        page.get_by_role("link", name=figures.east_enterprise.name).click()
        page.wait_for_url(f"**{reverse('enterprises:page', args=[figures.east_enterprise.pk])}")
        page.go_back()
        page.wait_for_url(listed)
        assert page.locator("select[name=manager]").input_value() == EAST
        page.go_back()
        page.wait_for_url("**/plan/?**")
        assert "year=2025" in page.url
        assert page.locator("a.obj.on", has_text="关键工序数控化率").count() == 1
        page.locator("#detail").get_by_role("link", name="展开这项目标").click()
        page.get_by_role("link", name="按管理主体").click()
        page.locator("#bars svg").wait_for()
        assert "year=2025" in page.url
    assert errors == []


def test_the_meeting_page_turns_by_keys_and_leaves_with_escape(figures, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, figures.client("city_head"), errors)
        page.goto(reverse("plan:meeting"))
        page.get_by_text("15 项目标").first.wait_for()
        page.keyboard.press("ArrowRight")
        page.locator(".slide.on h1", has_text="新增设备投资").wait_for()
        size = page.locator(".slide.on .room__fig b").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert size >= 72, "readable from the back row"
        page.keyboard.press("End")
        page.locator(".slide.on h1", has_text="行业整体设备新度").wait_for()
        page.keyboard.press("ArrowRight")
        page.locator(".slide.on h1", has_text="15 项目标").wait_for()
        page.keyboard.press("Space")
        assert page.locator("[data-auto]").get_attribute("aria-pressed") == "true"
        page.reload()
        page.locator("[data-to='8']").click()
        page.locator(".slide.on h1", has_text="关键工序数控化率").wait_for()
        page.keyboard.press("Escape")
        page.wait_for_url("**/plan/?**")
    assert errors == []
