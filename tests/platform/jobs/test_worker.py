"""The worker beside the work: signs of life, chores, being woken, and a database that goes away."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from tests.platform.jobs import handlers  # noqa: F401  registers the kinds of jobs
from tests.platform.jobs.bench import until

from jigai.platform.jobs import claims, services, worker
from jigai.platform.jobs import handlers as registry
from jigai.platform.jobs.chores import Chores
from jigai.platform.jobs.execution import SignOfLife
from jigai.platform.jobs.models import Chore, Job
from jigai.platform.jobs.task import Task
from jigai.platform.walls.scope import command_scope, current_scope, use_scope

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = command_scope("tests look")


@pytest.fixture
def chore(monkeypatch):
    """The only chore there is, and how often it was done."""
    done = []
    monkeypatch.setattr(registry, "_recurring", {})
    monkeypatch.setattr(registry, "discover", lambda: None)
    registry.recurring("test.chore", every=60)(lambda: done.append(1))
    return done


def taken(city, **arguments):
    with transaction.atomic():
        services.submit(city.actor("city_officer"), "test.steps", {"steps": 1, **arguments})
    return claims.claim("worker one")


def row(job):
    with transaction.atomic(), use_scope(LOOK):
        return Job.objects.get(pk=job.pk)


def test_a_sign_of_life_renews_the_lease_and_shows_progress(city, settings):
    settings.LEASE_SECONDS = 4
    job = taken(city)
    task = Task(job, city.actor("city_officer"))
    first = row(job).lease_until
    with SignOfLife(task):
        task.how_far = {"done": 3, "total": 9, "text": "第三"}
        until(lambda: row(job).done == 3, seconds=15)
        until(lambda: row(job).lease_until > first + timedelta(seconds=1), seconds=15)
    assert (row(job).total, row(job).text) == (9, "第三")


def test_a_sign_of_life_hears_that_the_job_is_cancelled(city, settings):
    settings.LEASE_SECONDS = 4
    job = taken(city)
    task = Task(job, city.actor("city_officer"))
    with SignOfLife(task):
        with transaction.atomic():
            services.cancel(city.actor("city_officer"), job.pk)
        until(task.cancelled.is_set, seconds=15)
    with pytest.raises(claims.CancelledError):
        task.check()


def test_a_sign_of_life_hears_that_the_job_is_lost(city, settings):
    settings.LEASE_SECONDS = 4
    job = taken(city)
    task = Task(job, city.actor("city_officer"))
    with SignOfLife(task):
        with transaction.atomic(), use_scope(LOOK):
            Job.objects.update(worker="worker two")
        until(task.lost.is_set, seconds=15)


def test_progress_between_steps_is_written_but_not_too_often(city):
    job = taken(city)
    task = Task(job, city.actor("city_officer"))
    for number in range(50):
        task.progress(number, 50)
    assert row(job).done < 49
    task._shown = 0
    task.progress(50, 50, "好")
    assert (row(job).done, row(job).text) == (50, "好")


def test_reading_sees_one_moment(city):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite reads statement by statement")
    from jigai.platform.accounts.models import Organisation

    job = taken(city)
    task = Task(job, city.actor("city_officer"))

    def meanwhile():
        Organisation.objects.create(kind="bank", name="新银行")
        connection.close()

    with task.reading():
        before = Organisation.objects.count()
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()
        assert Organisation.objects.count() == before
        assert current_scope().everything
    assert Organisation.objects.count() == before + 1


def test_a_new_job_wakes_the_worker(city):
    """Not at its next look: on PostgreSQL it is told."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot wake anybody")
    from jigai.platform.postgres import wake

    waited = []

    def sleeper():
        wake.listen()
        ready.set()
        start = time.monotonic()
        wake.wait(30)
        waited.append(time.monotonic() - start)
        connection.close()

    ready = threading.Event()
    thread = threading.Thread(target=sleeper)
    thread.start()
    ready.wait(10)
    with transaction.atomic():
        services.submit(city.actor("city_officer"), "test.steps", {"steps": 1})
    thread.join(35)
    assert waited[0] < 20


def test_the_worker_goes_on_when_the_database_comes_back(city, monkeypatch, chore):
    stop = threading.Event()
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.05)
    calls = []

    def claim(name):
        calls.append(name)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        stop.set()

    monkeypatch.setattr(claims, "claim", claim)
    assert worker.run(stop=stop) == 0
    assert len(calls) == 2


def test_a_chore_is_done_when_due_by_one_worker(db, chore):
    one, two = Chores("one", threading.Event()), Chores("two", threading.Event())
    one.round()
    two.round()
    assert chore == [1]
    Chore.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    two.round()
    assert chore == [1, 1]
    two.round(everything=True)
    assert chore == [1, 1, 1]


def test_a_chore_another_holds_is_left_alone_until_its_worker_is_dead(db, chore):
    Chore.objects.create(key="test.chore", worker="other", lease_until=timezone.now() + timedelta(seconds=60))
    one = Chores("one", threading.Event())
    one.round()
    assert chore == []
    Chore.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    one.round()
    assert chore == [1]


def test_a_chore_that_fails_is_noted_and_keeps_no_other_back(db, chore):
    def fails():
        raise RuntimeError("no luck")

    registry.recurring("a.fails", every=1)(fails)
    Chores("one", threading.Event()).round()
    assert chore == [1]
    noted = Chore.objects.get(key="a.fails")
    assert noted.error == "RuntimeError: no luck"
    assert noted.due_at


def test_two_apps_cannot_do_the_same_kind():
    def run(task):
        return {}

    run.__module__ = "somewhere.else"
    with pytest.raises(ValueError, match="already"):
        registry.handler("test.steps", title="x")(run)
    assert registry.handlers()["test.steps"].run.__module__ == "tests.platform.jobs.handlers"


def test_every_kind_of_ours_has_a_title_and_a_known_capability():
    from jigai.platform.walls.capabilities import capabilities

    for one in registry.handlers().values():
        assert str(one.title)
        assert not one.capability or one.capability in capabilities(), one.kind
