"""From the board down to the enterprise and back, and the meeting page by its keys, in a real browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.platform.campaigns.conftest import whole
from tests.platform.chromium import chromium
from tests.platform.people import EAST, WEST
from tests.platform.plan.boards import TEXTILES, adds, in_force, keep, months
from tests.platform.plan.test_sources import ENTRY
from tests.platform.plan.test_sources import MOTORS as MOTOR
from tests.platform.web_forms.chromium import page_of

from jigai.platform.ledger.stating import add

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


def test_a_figure_of_machines_opens_down_to_the_device_and_back(city, live_server):
    """Board, list of machines in one county, the device, and back to the same list."""
    in_force()
    with whole():
        device = add(city.actor("city_officer"), city.east_site.pk, MOTOR, "entry", "盘点", source=ENTRY)
    keep("obsolete_closed", "2026-10", 0, 10, should=10)
    keep("obsolete_closed", "2026-10", 0, 10, should=10, part=("manager", EAST))
    adds(
        city.east_enterprise,
        "obsolete_closed",
        "2026-10",
        0,
        10,
        kind="device",
        key=str(device.pk),
        label="电机 JO2-42-4",
    )
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("city_officer"), errors)
        page.goto("/plan/?year=2026&month=10&partition=manager_code")
        page.locator("a.obj", has_text="落后设备").click()
        page.wait_for_url("**o=O12**")
        page.locator("#detail table.units a.num", has_text="0.0").first.click()
        link = page.get_by_role("link", name="电机 JO2-42-4")
        link.wait_for()
        listed = page.url
        assert f"manager={EAST}" in listed and "period=2026-10" in listed
        link.click()
        page.wait_for_url(f"**{reverse('ledger:device', args=[device.pk])}")
        page.locator("h1").wait_for()
        page.go_back()
        page.wait_for_url(listed)
        assert page.locator("select[name=manager]").input_value() == EAST
    assert errors == []


def test_the_board_of_a_second_city_works_as_the_first(city, live_server):
    """Other objectives, units and numbers out of another plan file, and no other code."""
    in_force(TEXTILES)
    keep("nc_rate", 2025, 47, 100, should=100)
    keep("green_factories", 2026, 4, should=4)
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("city_officer"), errors)
        page.goto("/plan/?year=2026")
        page.locator("a.obj", has_text="数字化改造覆盖率").wait_for()
        assert page.locator("a.obj").count() == 6
        page.locator("a.obj", has_text="数控化率").click()
        page.locator("#detail", has_text="47.0").wait_for()
        assert page.get_by_text("攀枝花").count() == 0
        page.goto(reverse("plan:meeting"))
        page.get_by_text("6 项目标").first.wait_for()
    assert errors == []
