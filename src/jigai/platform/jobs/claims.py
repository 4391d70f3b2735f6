"""Who holds a job: taking it, showing signs of life, letting go; two workers never hold one job.

A worker's right to write is checked in the same transaction as what it writes: a job taken up by another meanwhile
answers ``LeaseLostError`` and the transaction is undone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from jigai.platform.jobs.errors import CancelledError, LeaseLostError
from jigai.platform.jobs.models import Job
from jigai.platform.walls.scope import command_scope, use_scope

WORKER = command_scope("worker: takes up the jobs of everyone")
"""Scope of the bookkeeping; the work itself runs in the scope of the owner."""


def claim(worker: str) -> Job | None:
    """Take the job that has waited longest, or one whose worker has died; nothing where none waits.

    Times are those of the database, so that the clocks of several servers need not agree.
    """
    with transaction.atomic(), use_scope(WORKER):
        while True:
            waiting = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
            job = Job.objects.select_for_update(skip_locked=True).filter(waiting).order_by("created_at", "pk").first()
            if job is None:
                return None
            if job.cancel_requested:
                close(job, Job.State.CANCELLED)
            elif job.attempt >= settings.JOB_ATTEMPTS:
                close(job, Job.State.FAILED, error=_gave_up(job.attempt))
            else:
                break
        job.attempt += 1
        job.worker = worker
        job.state = Job.State.RUNNING
        Job.objects.filter(pk=job.pk).update(
            state=job.state,
            attempt=job.attempt,
            worker=worker,
            lease_until=_lease(),
            started_at=job.started_at or Now(),
            error="",
        )
        return job


def look(job: Job) -> None:
    """Check that the job is still ours and wanted; ``LeaseLostError`` or ``CancelledError`` say it is not."""
    wanted = held(job).values_list("cancel_requested", flat=True).first()
    if wanted is None:
        raise LeaseLostError(job.pk)
    if wanted:
        raise CancelledError(job.pk)


def renew(job: Job, **changes: Any) -> None:
    """Show a sign of life and write down how far it is; ``LeaseLostError`` when another has taken it up."""
    if not held(job).update(lease_until=_lease(), **changes):
        raise LeaseLostError(job.pk)


def release(job: Job) -> None:
    """Put a job back into the queue; that the worker had to stop does not count as an attempt."""
    held(job).update(state=Job.State.QUEUED, worker="", lease_until=None, attempt=F("attempt") - 1)


def close(job: Job, state: str, **changes: Any) -> None:
    """End a job that this worker holds, or has just locked."""
    same = Job.objects.filter(pk=job.pk, attempt=job.attempt, worker=job.worker)
    if not same.update(state=state, lease_until=None, finished_at=Now(), **changes):
        raise LeaseLostError(job.pk)
    job.state = state


def held(job: Job) -> Any:
    """Return the row, if the worker that took ``job`` still holds it."""
    return Job.objects.filter(pk=job.pk, worker=job.worker, attempt=job.attempt, state=Job.State.RUNNING)


def _lease() -> Any:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


def _gave_up(times: int) -> str:
    return _(
        "运行了 %(times)s 次都中途停止（进程被终止或服务器重启），不再自动重试。"
        "已完成的步骤保留着；请系统管理员检查内存和日志后点“重试”。"
    ) % {"times": times}
