"""A survey in a real browser: the head reports, the county sends back and verifies, the city opens a bar and closes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.platform.chromium import chromium

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(name="chromium", scope="module")
def _chromium():
    with chromium() as lent:
        yield lent


@pytest.fixture
def visit(chromium, live_server, survey):
    """Open a page in a role; at the end no page has complained."""
    complaints, pages = [], {}

    def go(role, path):
        if role not in pages:
            context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            session = survey.city.client(role).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            pages[role] = context.new_page()
            pages[role].on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            pages[role].on("dialog", lambda dialog: dialog.accept())
        pages[role].goto(live_server.url + path)
        return pages[role]

    yield go
    for page in pages.values():
        page.context.close()
    assert complaints == []


def test_from_the_head_to_the_record(visit, survey):
    survey.fill(rows=12)
    own, whole = f"/campaigns/entries/{survey.entry().pk}/", f"/campaigns/{survey.campaign.pk}/"
    head = visit("enterprise_head", "/")
    head.get_by_role("link", name="报送", exact=True).click()
    head.get_by_role("link", name="报送", exact=True).click()
    expect(head.get_by_text("12 行")).to_be_visible()
    head.get_by_role("button", name="报送").click()
    expect(head.get_by_text("已报送，等县区核对。", exact=True)).to_be_visible()

    county = visit("county_officer", "/")
    county.get_by_role("link", name="核对", exact=True).click()
    county.get_by_placeholder("不符的写明哪里不符").first.fill("铭牌写 55 kW")
    county.get_by_role("button", name="不符").first.click()
    expect(county.get_by_text("抽查不符").first).to_be_visible()
    county.get_by_role("link", name="退回", exact=True).click()
    county.get_by_label("期限").fill((timezone.localdate() + timedelta(days=5)).isoformat())
    county.get_by_label("要补正什么").fill("对照铭牌改功率")
    county.get_by_role("button", name="退回").click()
    expect(county.get_by_text("已退回并通知企业。")).to_be_visible()

    head = visit("enterprise_head", own)
    head.get_by_placeholder("改了什么，或为什么不改").fill("已改为 55 kW")
    head.get_by_role("button", name="答复").click()
    head.get_by_role("link", name="报送", exact=True).click()
    head.get_by_role("button", name="报送").click()
    county = visit("county_officer", own)
    expect(county.get_by_text("已改为 55 kW")).to_be_visible()
    county.get_by_role("link", name="核对通过").click()
    county.get_by_role("button", name="核对通过").click()

    city = visit("city_officer", whole)
    bars = city.locator("#cover svg")
    expect(bars).to_be_visible()
    box = city.locator("#cover").bounding_box()
    city.mouse.click(box["x"] + box["width"] / 2, box["y"] + 36 + (box["height"] - 44) * 0.25)
    city.wait_for_url("**/entries/?manager=510402&state=verified")
    expect(city.get_by_role("link", name="东风轧钢有限公司")).to_be_visible()
    city = visit("city_officer", whole)
    city.get_by_role("button", name="全部提醒").click()
    expect(city.get_by_text("提醒了 1 个厂区、3 人")).to_be_visible()
    city.get_by_role("link", name="结束并存档").click()
    city.get_by_role("button", name="结束并存档").click()
    expect(city.get_by_text("数字、名单和校验值已存档")).to_be_visible()
    expect(city.get_by_role("link", name="沿用为下一年")).to_be_visible()
