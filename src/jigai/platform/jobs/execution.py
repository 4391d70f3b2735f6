"""Do one job that has been taken: as its owner, with signs of life, to an end that is written down."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.jobs import claims, files
from jigai.platform.jobs.errors import CancelledError, InterruptedWorkError, JobError, LeaseLostError, plain
from jigai.platform.jobs.handlers import handlers
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.task import Task
from jigai.platform.jobs.telling import tell_owner
from jigai.platform.walls.actor import Actor, command
from jigai.platform.walls.scope import Scope, use_scope

log = logging.getLogger("jigai.jobs")

SHOW_EVERY = 1.0
"""Seconds between two looks of the sign of life at how far the job is."""


def execute(job: Job, stop: threading.Event | None = None) -> None:
    """Do ``job``, which this worker has claimed, and write down how it ended; never raises what the job raised."""
    language = job.owner.language if job.owner else settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            result = _do(job, stop)
        except LeaseLostError:
            log.warning("job %s (%s): taken up by another worker", job.pk, job.kind)
        except InterruptedWorkError:
            with transaction.atomic(), use_scope(claims.WORKER):
                claims.release(job)
            log.info("job %s (%s): put back into the queue", job.pk, job.kind)
        except CancelledError:
            _end(job, Job.State.CANCELLED, "job.stopped")
        except Exception as error:
            # Whatever a handler raises must end in a state its owner can read, or the job would run for ever.
            if not isinstance(error, JobError):
                log.exception("job %s (%s) failed", job.pk, job.kind)
            _end(job, Job.State.FAILED, "job.failed", error=plain(error, job.pk))
        else:
            _end(job, Job.State.DONE, "job.done", result=result)


def owner_actor(job: Job) -> Actor:
    """Return who the job acts for, with what they may see and do today; ``JobError`` when they no longer can."""
    if job.owner is None:
        return command(f"job {job.kind}")
    if not job.owner.is_active:
        raise JobError(_("发起人“%(name)s”的账号已停用，任务没有执行。请由在岗人员重新发起。") % {"name": job.owner})
    post = job.membership
    if post is None or not post.active or not post.organisation.active:
        raise JobError(
            _("发起人“%(name)s”已不在原来的岗位，任务没有执行。请由在岗人员重新发起。") % {"name": job.owner}
        )
    from jigai.platform.accounts.acting import actor_for

    return actor_for(post)


def as_data(scope: Scope) -> dict[str, Any]:
    """Return a scope as it is kept with the job."""
    return {
        "everything": scope.everything,
        "managers": sorted(scope.managers),
        "orgs": sorted(scope.orgs),
        "sites": sorted(scope.sites),
    }


def _do(job: Job, stop: threading.Event | None) -> dict[str, Any]:
    handler = handlers().get(job.kind)
    if handler is None:
        raise JobError(_("本版本软件不认识这类任务（%(kind)s），没有执行。") % {"kind": job.kind})
    actor = owner_actor(job)
    if handler.capability:
        actor.require(handler.capability)
    with transaction.atomic(), use_scope(claims.WORKER):
        claims.renew(job, seen=as_data(actor.scope))
    task = Task(job, actor, stop)
    with SignOfLife(task):
        result = handler.run(task)
    with transaction.atomic(), use_scope(claims.WORKER):
        claims.renew(job, **task.how_far)
    return result


def _end(job: Job, state: str, action: str, **changes: Any) -> None:
    try:
        with transaction.atomic(), use_scope(claims.WORKER):
            claims.close(job, state, **changes)
            ended = Job.objects.select_related("owner", "membership__organisation").get(pk=job.pk)
            record(command("worker"), action, ended, after={"state": state, "kind": job.kind})
            tell_owner(ended)
    except LeaseLostError:
        log.warning("job %s (%s): taken up by another worker", job.pk, job.kind)
        return
    if state != Job.State.DONE:
        files.sweep_drafts(job.pk)
    log.info("job %s (%s): %s", job.pk, job.kind, state)


class SignOfLife:
    """A second thread that keeps the lease while the work goes on, shows progress, and hears when to stop.

    Inside a transaction of the caller nothing of the job can be seen from outside, so there it does not start.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sign of life of job {task.job.pk}", daemon=True)
        self._wanted = not connection.in_atomic_block

    def __enter__(self) -> None:
        if self._wanted:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._wanted:
            self._thread.join()

    def _run(self) -> None:
        every = min(SHOW_EVERY, settings.LEASE_SECONDS / 4)
        said: dict[str, Any] = dict(self._task.how_far)
        last = time.monotonic()
        try:
            while not self._over.wait(every):
                how_far = dict(self._task.how_far)
                try:
                    with transaction.atomic(), use_scope(claims.WORKER):
                        claims.look(self._task.job)
                        if how_far != said or time.monotonic() - last > settings.LEASE_SECONDS / 4:
                            claims.renew(self._task.job, **how_far)
                            said, last = how_far, time.monotonic()
                except CancelledError:
                    self._task.cancelled.set()
                except LeaseLostError:
                    self._task.lost.set()
                    return
                except DatabaseError as error:
                    # The database may be restarting; the lease outlasts a few missed signs.
                    log.warning("job %s: sign of life missed: %s", self._task.job.pk, error)
                    connection.close()
        finally:
            connection.close()
