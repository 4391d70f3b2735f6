"""A task in a real browser: the city assigns, the department reports with evidence, the city confirms; what stays late
reaches the city head."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from tests.platform.chromium import chromium
from tests.platform.duties.conftest import at

from jigai.platform.duties import reminding

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(name="chromium", scope="module")
def _chromium():
    with chromium() as lent:
        yield lent


@pytest.fixture
def visit(chromium, live_server, stage):
    """Open a page in a role; at the end no page has complained."""
    complaints, pages = [], {}

    def go(role, path, *, west=False):
        if (role, west) not in pages:
            context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            session = stage.city.client(role, west=west).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            page = pages[role, west] = context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("dialog", lambda dialog: dialog.accept())
        pages[role, west].goto(live_server.url + path)
        return pages[role, west]

    yield go
    for page in pages.values():
        page.context.close()
    assert complaints == []


def test_from_the_plan_to_a_confirmed_completion(visit, stage, tmp_path):
    stage.day = timezone.localdate()
    own = reverse("duties:page", args=[stage.duty("K7.5").pk])
    city = visit("city_officer", own)
    expect(city.locator("mark").first).to_contain_text("20 家以上")
    city.get_by_role("link", name="指定承担单位").click()
    city.get_by_label("承担单位").select_option(label="市财政局")
    city.get_by_role("button", name="指定").click()
    expect(city.get_by_text("已指定 市财政局 承担并通知。")).to_be_visible()

    offered = reverse("duties:page", args=[stage.duty("K9.1").pk])
    other = visit("dept_officer", offered, west=True)
    other.get_by_role("link", name="认领任务").click()
    other.get_by_role("button", name="认领").click()
    expect(other.get_by_text("已申请认领 1 项，等市级经办确认。")).to_be_visible()
    city = visit("city_officer", "/")
    expect(city.get_by_text("确认认领：K9.1")).to_be_visible()
    city = visit("city_officer", offered)
    city.get_by_role("link", name="同意认领", exact=True).click()
    city.get_by_role("button", name="同意认领").click()
    expect(city.get_by_text("已同意认领并通知该单位。")).to_be_visible()

    proof = tmp_path / "名单.pdf"
    proof.write_bytes(b"%PDF-1.7 list")
    department = visit("dept_officer", own, west=True)
    department.get_by_role("link", name="报进展").click()
    department.get_by_label("进度").fill("100")
    department.get_by_label("本月进展").fill("第二批名单已公布")
    department.get_by_label("数据").fill("绿色工厂：20 家")
    department.get_by_label("佐证材料").set_input_files(proof)
    department.get_by_role("button", name="报送").click()
    expect(department.get_by_role("link", name="名单.pdf")).to_be_visible()
    with department.expect_download() as got:
        department.get_by_role("link", name="名单.pdf").click()
    assert got.value.path().read_bytes() == b"%PDF-1.7 list"
    department.get_by_role("link", name="登记", exact=True).last.click()
    department.get_by_label("依据").fill("省厅公布的名单")
    department.get_by_role("button", name="保存").click()
    expect(department.get_by_text("已登记节点。")).to_be_visible()
    department.get_by_role("link", name="报办结").click()
    department.get_by_label("完成情况").fill("已达到 20 家")
    department.get_by_role("button", name="报办结").click()

    city = visit("city_officer", own)
    city.get_by_placeholder("写明哪一步、要办什么").fill("请附公示截图")
    city.get_by_role("button", name="写意见").click()
    expect(city.get_by_text("请附公示截图").first).to_be_visible()
    city.get_by_role("link", name="确认办结").click()
    city.get_by_role("button", name="确认办结").click()
    expect(city.get_by_text("已确认办结。").first).to_be_visible()
    expect(city.get_by_role("heading", level=1)).to_contain_text("已完成")


def test_what_stays_late_reaches_the_head(visit, stage):
    today = timezone.localdate()
    stage.day = today - timedelta(days=75)
    stage.assign("K8.1")
    reminding.by_schedule(today, at(today))
    head = visit("city_head", "/")
    head.get_by_role("link", name="查看", exact=True).first.click()
    expect(head.get_by_role("heading", name="逾期清单")).to_be_visible()
    head.get_by_role("link", name="K8.1 按标准推广节能环保绿色装备").first.click()
    expect(head.get_by_text("提醒（报市级负责人）").first).to_be_visible()
    head = visit("city_head", reverse("notices:list"))
    expect(head.get_by_text("K8.1").first).to_be_visible()
    head = visit("city_head", reverse("duties:timeline"))
    expect(head.locator("svg.gantt .m-stop").first).to_be_visible()
