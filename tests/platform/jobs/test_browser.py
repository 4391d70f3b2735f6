"""In a real browser: a job's page follows the job by itself, an export ends in a file, no page breaks the policy."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import expect
from tests.platform.chromium import chromium
from tests.platform.jobs import handlers  # noqa: F401  registers the kinds of jobs

from jigai.platform.jobs import services, worker
from jigai.platform.jobs.models import Job
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = command_scope("tests look")


@pytest.fixture(name="chromium", scope="module")
def _chromium():
    with chromium() as lent:
        yield lent


@pytest.fixture
def visit(chromium, live_server, city):
    """Open a page in a role; at the end no page has complained and none was wider than its window."""
    complaints: list[str] = []
    contexts = []

    def go(role, path, width=1440):
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        session = city.client(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def submit(city, kind="test.steps", **arguments):
    with transaction.atomic():
        return services.submit(city.actor("county_officer"), kind, arguments or {"steps": 1})


def test_the_page_of_a_job_follows_it(visit, city):
    job = submit(city)
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.update(state="running", done=1, total=4, worker="w", attempt=1)
    page = visit("county_officer", f"/jobs/{job.pk}/")
    expect(page.locator("progress")).to_have_attribute("value", "25")
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.update(done=3)
    expect(page.locator("progress")).to_have_attribute("value", "75", timeout=10_000)
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.update(state="done", result={"text": "全部完成"})
    expect(page.get_by_text("全部完成")).to_be_visible(timeout=10_000)
    assert page.locator("progress").count() == 0


@pytest.mark.slow
def test_a_job_is_cancelled_by_clicks(visit, city):
    job = submit(city)
    page = visit("county_officer", f"/jobs/{job.pk}/", width=390)
    page.get_by_role("link", name="取消任务").click()
    page.get_by_label("原因（可不填）").fill("文件传错了")
    page.get_by_role("button", name="取消任务").click()
    expect(page.get_by_text("已取消", exact=True).first).to_be_visible()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("正在排队")).to_be_visible()


@pytest.mark.slow
def test_a_list_becomes_a_file(visit, city, tmp_path):
    submit(city)
    worker.run(once=True)
    page = visit("county_officer", "/jobs/")
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_text("已开始导出")).to_be_visible()
    worker.run(once=True)
    link = page.get_by_role("link", name="下载任务")
    expect(link).to_be_visible(timeout=10_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "list.xlsx")
    assert download.value.suggested_filename.endswith(".xlsx")
    assert (tmp_path / "list.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.slow
def test_notices_are_read_by_clicks(visit, city):
    for title in ("第一条", "第二条", "第三条"):
        send(command("test"), to=city.people["county_officer"], kind="system", title=title)
    page = visit("county_officer", "/notices/", width=390)
    expect(page.locator(".top__n")).to_have_text("3")
    page.get_by_role("button", name="标为已读：第二条").click()
    expect(page.locator(".top__n")).to_have_text("2")
    page.get_by_role("link", name="第一条").click()
    expect(page.get_by_role("heading", name="第一条")).to_be_visible()
    page.goto(page.url.rsplit("/", 2)[0] + "/")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_text("没有未读的通知")).to_be_visible()
    assert page.locator(".top__n").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 390])
def test_the_trail_is_verified_by_clicks(visit, city, width):
    page = visit("audit_admin", "/audit/", width)
    page.get_by_role("link", name="验证审计链").click()
    page.get_by_role("button", name="开始验证").click()
    expect(page.get_by_role("heading", name="验证审计链")).to_be_visible()
    worker.run(once=True)
    expect(page.get_by_text("审计链完整")).to_be_visible(timeout=10_000)
