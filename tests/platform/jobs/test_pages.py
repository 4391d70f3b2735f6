"""The pages of jobs, as their owner, others and the system administrator see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests.platform.jobs import handlers  # noqa: F401  registers the kinds of jobs

from jigai.platform.accounts.models import User
from jigai.platform.audit.models import Event
from jigai.platform.jobs import files, services, worker
from jigai.platform.jobs.models import Job
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LOOK = command_scope("tests look")


def submit(city, kind="test.steps", role="county_officer", west=False, title="", **arguments):
    return services.submit(city.actor(role, west=west), kind, arguments or {"steps": 1}, title)


def put(job, **columns):
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.filter(pk=job.pk).update(**columns)


def page(client, path, **headers):
    answer = client.get(path, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_ones_own_only(city):
    submit(city, title="我的导入")
    submit(city, role="county_head", title="同事的导入")
    submit(city, west=True, title="西区的导入")
    said = page(city.client("county_officer"), "/jobs/")
    assert "我的导入" in said
    assert "同事的导入" not in said
    assert "西区的导入" not in said
    assert "我的导入" not in page(city.client("city_officer"), "/jobs/")


def test_who_manages_jobs_sees_all_and_fetches_nothing(city):
    job = submit(city, "test.file", title="东区清单", kilobytes=1)
    submit(city, west=True, title="西区的导入")
    worker.run(once=True)
    client = city.client("system_admin")
    said = page(client, "/jobs/")
    assert "东区清单" in said
    assert "西区的导入" in said
    said = page(client, f"/jobs/{job.pk}/")
    assert "结果文件只给发起人" in said
    assert "/files/" not in said
    assert client.get(f"/jobs/{job.pk}/files/list.txt").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"甲", "乙"}),
        ("?state=queued", {"乙"}),
        ("?state=done", {"甲"}),
        ("?kind=test.file", set()),
        ("?q=甲", {"甲"}),
    ],
)
def test_filters(city, query, expected):
    submit(city, title="甲")
    worker.run(once=True)
    submit(city, title="乙")
    said = page(city.client("county_officer"), f"/jobs/{query}")
    assert {name for name in ("甲", "乙") if f">{name}</a>" in said} == expected


def test_an_empty_list_tells_what_it_is_for(city):
    assert "还没有任务" in page(city.client("bank"), "/jobs/")


def test_a_running_job_shows_its_progress_and_asks_again(city):
    job = submit(city)
    put(job, state="running", done=1841, total=4300, text="第 1,841 行", worker="w", started_at=timezone.now())
    client = city.client("county_officer")
    said = page(client, f"/jobs/{job.pk}/")
    assert 'value="42"' in said
    assert "1,841 / 4,300" in said
    assert 'hx-trigger="every 2s"' in said
    part = page(client, f"/jobs/{job.pk}/", HTTP_HX_REQUEST="true")
    assert part.startswith('<div id="job"')
    assert "<html" not in part
    put(job, state="done", result={"text": "好了"}, finished_at=timezone.now())
    part = page(client, f"/jobs/{job.pk}/", HTTP_HX_REQUEST="true")
    assert "好了" in part
    assert "hx-trigger" not in part, "an ended job must not be asked for again"


def test_progress_without_a_known_total(city):
    job = submit(city)
    put(job, state="running", done=7, total=None)
    said = page(city.client("county_officer"), f"/jobs/{job.pk}/")
    assert "<progress" in said
    assert "value=" not in re.search("<progress[^>]*>", said).group()


def test_cancelling_asks_first_and_keeps_the_reason(city):
    job = submit(city, title="导入")
    client = city.client("county_officer")
    assert "要取消“导入”吗" in page(client, f"/jobs/{job.pk}/cancel/")
    assert services.find(city.actor("county_officer"), job.pk).state == "queued"
    assert client.post(f"/jobs/{job.pk}/cancel/", {"reason": "文件传错了"}).status_code == 302
    assert "已取消" in page(client, f"/jobs/{job.pk}/")
    with transaction.atomic(), use_scope(LOOK):
        assert Event.objects.get(action="job.cancelled").reason == "文件传错了"
    client.post(f"/jobs/{job.pk}/cancel/")
    assert "任务已经结束，不能取消" in page(client, f"/jobs/{job.pk}/")


def test_a_running_job_that_is_being_cancelled_says_so(city):
    job = submit(city)
    put(job, state="running", cancel_requested=True)
    client = city.client("county_officer")
    assert "正在取消" in page(client, f"/jobs/{job.pk}/")
    assert f"/jobs/{job.pk}/cancel/" not in page(client, f"/jobs/{job.pk}/")
    assert "正在取消" in page(client, "/jobs/")


def test_a_failed_job_says_why_and_can_be_tried_again(city):
    job = submit(city, "test.fails", how="told")
    worker.run(once=True)
    client = city.client("county_officer")
    said = page(client, f"/jobs/{job.pk}/")
    assert "第 3 行缺少企业名称" in said
    assert "重试" in said
    assert client.post(f"/jobs/{job.pk}/dismiss/").status_code == 302
    assert "不再提示" not in page(client, f"/jobs/{job.pk}/")
    assert client.post(f"/jobs/{job.pk}/retry/").status_code == 302
    assert "排队" in page(client, f"/jobs/{job.pk}/")
    client.post(f"/jobs/{job.pk}/retry/")
    assert "只有失败或已取消的任务可以重试" in page(client, f"/jobs/{job.pk}/")


def test_a_file_is_fetched_by_its_owner(city):
    job = submit(city, "test.file", kilobytes=2)
    worker.run(once=True)
    client = city.client("county_officer")
    assert f"/jobs/{job.pk}/files/list.txt" in page(client, f"/jobs/{job.pk}/")
    answer = client.get(f"/jobs/{job.pk}/files/list.txt")
    assert b"".join(answer.streaming_content) == b"x" * 2048
    assert 'attachment; filename="list.txt"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    files.remove(job.pk)
    assert "已过保存期" in page(client, f"/jobs/{job.pk}/")
    assert client.get(f"/jobs/{job.pk}/files/list.txt").status_code == 404


@pytest.mark.parametrize("what", ["", "cancel/", "retry/", "dismiss/", "files/list.txt"])
def test_nothing_of_another_persons_job_is_there(city, what):
    job = submit(city, "test.file", kilobytes=1)
    worker.run(once=True)
    for role, west in (("county_officer", True), ("county_head", False), ("city_officer", False), ("bank", False)):
        client = city.client(role, west=west)
        changing = what in {"retry/", "dismiss/"}
        assert client.get(f"/jobs/{job.pk}/{what}").status_code == (405 if changing else 404)
        if changing or what == "cancel/":
            assert client.post(f"/jobs/{job.pk}/{what}").status_code == 404
    assert services.find(city.actor("county_officer"), job.pk).state == "done"


@pytest.mark.parametrize("path", ["/jobs/1/retry/", "/jobs/1/dismiss/", "/jobs/export/"])
def test_what_changes_something_is_not_done_by_a_link(city, path):
    assert city.client("county_officer").get(path).status_code == 405


def test_who_is_not_signed_in_is_asked_to(client, db):
    for path in ("/jobs/", "/jobs/1/", "/notices/", "/audit/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/account/login" in answer["Location"]


def test_in_english(city):
    User.objects.filter(pk=city.people["county_officer"].pk).update(language="en")
    job = submit(city, "test.fails", how="full")
    worker.run(once=True)
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    said = page(client, f"/jobs/{job.pk}/")
    assert "The disk is full" in said
    assert "Retry" in said
    body = re.search(r'<div id="job".*?</section>', said, re.S).group()
    assert set(re.findall(r"[\u4e00-\u9fff]+", body)) <= {"县区经办"}, "only the person's name is Chinese"


def test_the_time_taken_is_shown(city):
    job = submit(city)
    start = timezone.now()
    put(job, state="done", started_at=start, finished_at=start + timedelta(hours=1, minutes=2, seconds=3), result={})
    assert "1:02:03" in page(city.client("county_officer"), "/jobs/")
