"""Asking for work, doing it in the owner's scope, stopping it, trying again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from tests.platform.jobs import handlers

from jigai.platform.accounts.models import Membership
from jigai.platform.audit.models import Event
from jigai.platform.home.todo import todos_for
from jigai.platform.jobs import claims, files, services, worker
from jigai.platform.jobs.errors import CancelledError, InterruptedWorkError, JobError, LeaseLostError
from jigai.platform.jobs.execution import execute
from jigai.platform.jobs.models import Job, JobStep
from jigai.platform.jobs.task import Task
from jigai.platform.notices.models import Notice
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LOOK = command_scope("tests look")


def job_of(city, kind, role="city_officer", west=False, **arguments):
    return services.submit(city.actor(role, west=west), kind, arguments)


def again(job):
    with transaction.atomic(), use_scope(LOOK):
        return Job.objects.select_related("owner").get(pk=job.pk)


def events(action):
    with transaction.atomic(), use_scope(LOOK):
        return list(Event.objects.filter(action=action).order_by("number"))


def steps_done():
    return [event.after["step"] for event in events("test.step")]


def test_a_job_is_done_and_says_what_came_of_it(city):
    job = job_of(city, "test.steps", steps=3)
    assert job.title == "分步任务"
    assert worker.run(once=True) == 1
    done = again(job)
    assert (done.state, done.result, done.done, done.total) == ("done", {"text": "全部完成"}, 3, 3)
    assert done.percent == 100
    assert steps_done() == [0, 1, 2]
    assert [event.actor for event in events("test.step")] == [job.owner.username] * 3
    assert [event.action for event in events("job.done")] == ["job.done"]


def test_jobs_are_taken_up_in_the_order_they_came(city):
    first, second = job_of(city, "test.steps", steps=1), job_of(city, "test.steps", steps=1)
    assert claims.claim("a").pk == first.pk
    assert claims.claim("b").pk == second.pk
    assert claims.claim("c") is None


def test_asking_takes_the_capability_of_the_kind(city):
    with pytest.raises(PermissionDenied):
        job_of(city, "list.export", role="bank")
    with pytest.raises(KeyError):
        job_of(city, "no.such.kind")


@pytest.mark.parametrize(
    ("role", "west", "expected"),
    [
        ("city_officer", False, ["东风轧钢有限公司", "西山水泥有限公司"]),
        ("county_officer", False, ["东风轧钢有限公司"]),
        ("county_officer", True, ["西山水泥有限公司"]),
        ("bank", False, []),
    ],
)
def test_a_job_sees_what_its_owner_sees_and_outside_its_steps_nothing(city, role, west, expected):
    job = job_of(city, "test.reads", role, west)
    worker.run(once=True)
    assert again(job).result == {"inside": expected, "outside": 0}


@pytest.mark.parametrize("how", ["account", "post", "post gone", "office"])
def test_a_job_of_someone_who_has_left_is_not_done(city, how):
    job = job_of(city, "test.steps", steps=1)
    post = Membership.objects.get(pk=job.membership_id)
    if how == "account":
        post.user.is_active = False
        post.user.save()
    elif how == "post":
        post.active = False
        post.save()
    elif how == "post gone":
        with transaction.atomic(), use_scope(LOOK):
            Job.objects.update(membership=None)
    else:
        post.organisation.active = False
        post.organisation.save()
    worker.run(once=True)
    ended = again(job)
    assert ended.state == "failed"
    assert "没有执行" in ended.error
    assert "重新发起" in ended.error
    assert steps_done() == []


def test_a_capability_lost_meanwhile_stops_the_job(city):
    job = job_of(city, "test.steps", steps=1)
    Membership.objects.filter(pk=job.membership_id).update(role_key="security_admin")
    worker.run(once=True)
    assert "看自己的任务" in again(job).error


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("told", "第 3 行缺少企业名称"),
        ("full", "磁盘空间不足"),
        ("denied", "管理账号"),
        ("else", "任务编号"),
    ],
)
def test_failure_is_told_in_plain_words(city, how, words):
    job = job_of(city, "test.fails", how=how)
    worker.run(once=True)
    ended = again(job)
    assert ended.state == "failed"
    assert words in ended.error
    assert "Traceback" not in ended.error
    with transaction.atomic(), use_scope(LOOK):
        notice = Notice.objects.get(user=job.owner)
    assert (notice.kind, notice.url) == ("job", f"/jobs/{job.pk}/")
    [todo] = todos_for(city.actor("city_officer"))
    assert todo.url == f"/jobs/{job.pk}/"
    services.dismiss(city.actor("city_officer"), job.pk)
    assert todos_for(city.actor("city_officer")) == []


def test_a_kind_this_version_does_not_know_is_said(city):
    job = job_of(city, "test.steps", steps=1)
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.filter(pk=job.pk).update(kind="of.tomorrow")
    worker.run(once=True)
    assert "of.tomorrow" in again(job).error


def test_a_waiting_job_is_cancelled_at_once_and_goes_on_where_it_was_when_tried_again(city):
    actor = city.actor("city_officer")
    job = job_of(city, "test.steps", steps=2)
    services.cancel(actor, job.pk, "弄错了")
    assert again(job).state == "cancelled"
    assert worker.run(once=True) == 0
    with pytest.raises(JobError):
        services.cancel(actor, job.pk)
    services.retry(actor, job.pk)
    with pytest.raises(JobError):
        services.retry(actor, job.pk)
    worker.run(once=True)
    assert again(job).state == "done"
    assert [event.reason for event in events("job.cancelled")] == ["弄错了"]


def test_a_running_job_stops_before_its_next_step(city):
    job = claimed(city, steps=3)
    task = Task(job, city.actor("city_officer"))
    with task.step("step 0"):
        pass
    services.cancel(city.actor("city_officer"), job.pk)
    assert again(job).state == "running"
    with pytest.raises(CancelledError), task.step("step 1"):
        raise AssertionError("not to be reached")
    with transaction.atomic(), use_scope(LOOK):
        assert list(JobStep.objects.values_list("key", flat=True)) == ["step 0"]
    execute(job)
    assert again(job).state == "cancelled"


def claimed(city, kind="test.steps", **arguments):
    job_of(city, kind, **arguments)
    return claims.claim("worker one")


def test_a_worker_that_lost_its_job_writes_nothing_more(city):
    job = claimed(city, steps=1)
    task = Task(job, city.actor("city_officer"))
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    other = claims.claim("worker two")
    assert other.attempt == 2
    with pytest.raises(LeaseLostError), task.step("step 0"):
        pass
    task.lost.set()
    with pytest.raises(LeaseLostError):
        task.check()
    execute(job)
    assert steps_done() == []
    execute(other)
    assert steps_done() == [0]
    assert again(job).state == "done"


def test_the_work_of_a_step_is_undone_when_the_job_is_lost_in_the_middle(city):
    job = claimed(city, steps=1)
    task = Task(job, city.actor("city_officer"))
    with pytest.raises(LeaseLostError), task.step("step 0"):
        handlers.record(task.actor, "test.step", after={"step": 0})
        with use_scope(LOOK):
            Job.objects.update(worker="worker two", attempt=2)
    assert steps_done() == []


def test_a_step_is_done_once(city):
    job = claimed(city, steps=1)
    task = Task(job, city.actor("city_officer"))
    with task.step("a"):
        pass
    assert task.is_done("a")
    with pytest.raises(ValueError, match="ask is_done"), task.step("a"):
        pass
    assert Task(job, city.actor("city_officer")).is_done("a")
    with pytest.raises(IntegrityError), transaction.atomic(), use_scope(LOOK):
        JobStep.objects.create(job=job, key="a")


def test_a_failed_step_leaves_nothing(city):
    job = claimed(city, steps=1)
    task = Task(job, city.actor("city_officer"))
    with pytest.raises(JobError), task.step("a"):
        handlers.record(task.actor, "test.step", after={"step": 0})
        raise JobError("x")
    assert steps_done() == []
    assert not task.is_done("a")


def test_a_worker_told_to_stop_puts_the_job_back(city):
    job = claimed(city, steps=1)
    execution_stop = threading.Event()
    execution_stop.set()
    with pytest.raises(InterruptedWorkError), Task(job, city.actor("city_officer"), execution_stop).step("a"):
        pass
    execute(job, execution_stop)
    back = again(job)
    assert (back.state, back.attempt, back.worker, back.lease_until) == ("queued", 0, "", None)


def test_a_job_whose_workers_keep_dying_is_given_up(city, settings):
    job = job_of(city, "test.steps", steps=1)
    for number in range(settings.JOB_ATTEMPTS):
        assert claims.claim(f"worker {number}").pk == job.pk
        with transaction.atomic(), use_scope(LOOK):
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claims.claim("one more") is None
    assert "运行了 3 次都中途停止" in again(job).error


def test_another_persons_job_is_not_there(city):
    job = job_of(city, "test.file", "county_officer", kilobytes=1)
    worker.run(once=True)
    name = "list.txt"
    for role, west in (("county_officer", True), ("city_officer", False), ("county_head", False), ("auditor", False)):
        actor = city.actor(role, west=west)
        with pytest.raises(Http404):
            services.find(actor, job.pk)
        with pytest.raises(Http404):
            services.fetch(actor, job.pk, name)
        with pytest.raises(Http404):
            services.cancel(actor, job.pk)
        with pytest.raises(Http404):
            services.dismiss(actor, job.pk)
    assert services.fetch(city.actor("county_officer"), job.pk, name).read_bytes() == b"x" * 1024
    manager = city.actor("system_admin")
    assert services.find(manager, job.pk).pk == job.pk
    with pytest.raises(Http404):
        services.fetch(manager, job.pk, name)
    assert [event.after for event in events("job.file_fetched")] == [{"file": name}]


def test_files_stay_away_from_who_sees_less_than_when_they_were_made(city):
    job = job_of(city, "test.file", "city_officer", kilobytes=1)
    worker.run(once=True)
    actor = city.actor("city_officer")
    assert services.fetch(actor, job.pk, "list.txt").exists()
    Membership.objects.filter(pk=job.membership_id).update(role_key="enterprise_head")
    with pytest.raises(Http404):
        services.fetch(actor, job.pk, "list.txt")


@pytest.mark.parametrize("name", ["../secret", "other.txt", ".list.txt", "..", ""])
def test_only_files_named_in_the_result_are_handed_out(city, name):
    job = job_of(city, "test.file", kilobytes=1)
    worker.run(once=True)
    with pytest.raises(Http404):
        services.fetch(city.actor("city_officer"), job.pk, name)
    with pytest.raises(ValueError, match="plain file name"):
        Task(claimed(city, steps=1), city.actor("city_officer")).file("../out")


def test_files_are_taken_away_after_a_time(city, settings):
    job = job_of(city, "test.file", kilobytes=1)
    worker.run(once=True)
    assert files.folder(job.pk).exists()
    with transaction.atomic(), use_scope(LOOK):
        Job.objects.update(finished_at=timezone.now() - timedelta(days=settings.JOB_DAYS + 1))
    worker.run(once=True)
    assert not files.folder(job.pk).exists()
    assert again(job).state == "done"


def test_a_role_without_any_scope_has_its_own_jobs_too(city):
    job = job_of(city, "test.steps", "system_admin", steps=1)
    worker.run(once=True)
    assert services.find(city.actor("system_admin"), job.pk).state == "done"


def test_the_server_itself_can_ask(city):
    job = services.submit(command("nightly"), "test.reads", {})
    worker.run(once=True)
    assert len(again(job).result["inside"]) == 2
