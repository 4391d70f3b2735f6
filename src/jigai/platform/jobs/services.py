"""Ask for background work, follow it, stop it, try again."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.jobs import files
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.execution import owner_actor
from jigai.platform.jobs.handlers import handlers
from jigai.platform.jobs.models import Job
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import Scope, command_scope, use_scope


def submit(actor: Actor, kind: str, arguments: dict[str, Any], title: str = "") -> Job:
    """Queue a job and return it; a worker takes it up when the transaction is committed.

    Args:
        actor: whose work it is; the job sees and may do what this post sees and may do when it runs.
        kind: which handler does it; ``KeyError`` for one nobody registered.
        arguments: what the handler wants to know, plain JSON values.
        title: how it is called in lists; the handler's title where empty.
    """
    handler = handlers()[kind]
    if handler.capability:
        actor.require(handler.capability)
    job = Job(
        kind=kind,
        title=(title or str(handler.title))[:200],
        arguments=arguments,
        owner=actor.user,
        membership=actor.membership,
        org=actor.organisation,
    )
    with transaction.atomic(), use_scope(command_scope("queue a job")):
        job.save()
        record(actor, "job.submitted", job, after={"kind": kind, "arguments": arguments})
        if connection.vendor == "postgresql":
            from jigai.platform.postgres import wake

            wake.call()
    return job


def own_jobs(actor: Actor) -> QuerySet[Job]:
    """Return the jobs the person asked for, in whatever post; use it within ``own_rows`` (``walls.personal``)."""
    return Job.objects.filter(owner=actor.user) if actor.user else Job.objects.none()


def find(actor: Actor, pk: int) -> Job:
    """Return one's own job, or anyone's for those who manage jobs; ``Http404`` for anything else."""
    if actor.may("job.manage"):
        with transaction.atomic(), use_scope(everyone(actor)):
            job = _with_owner(Job.objects).filter(pk=pk).first()
    else:
        with own_rows(actor):
            job = _with_owner(own_jobs(actor)).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def everyone(actor: Actor) -> Scope:
    """Return the scope in which jobs of all people are seen; for those who manage jobs only."""
    actor.require("job.manage")
    return Scope(label=f"{actor.label}: manages jobs", everything=True)


def cancel(actor: Actor, pk: int, reason: str = "") -> Job:
    """Ask a job to stop: a waiting one stops at once, a running one after its present step, which is kept."""
    job = find(actor, pk)
    with transaction.atomic(), use_scope(command_scope("cancel a job")):
        job = Job.objects.select_for_update().get(pk=job.pk)
        if not job.open:
            raise JobError(_("任务已经结束，不能取消。"))
        before = {"state": job.state, "cancel_requested": job.cancel_requested}
        job.cancel_requested = True
        if job.state == Job.State.QUEUED:
            job.state = Job.State.CANCELLED
        job.save(update_fields=["state", "cancel_requested"])
        after = {"state": job.state, "cancel_requested": True}
        record(actor, "job.cancelled", job, before=before, after=after, reason=reason)
    return job


def retry(actor: Actor, pk: int) -> Job:
    """Queue a job again that failed or was cancelled; the steps it has done are not done again."""
    job = find(actor, pk)
    with transaction.atomic(), use_scope(command_scope("retry a job")):
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state not in {Job.State.FAILED, Job.State.CANCELLED}:
            raise JobError(_("只有失败或已取消的任务可以重试。"))
        before = {"state": job.state, "error": job.error}
        job.state, job.error, job.cancel_requested = Job.State.QUEUED, "", False
        job.attempt, job.worker, job.finished_at, job.dismissed = 0, "", None, False
        job.save()
        record(actor, "job.retried", job, before=before, after={"state": job.state})
        if connection.vendor == "postgresql":
            from jigai.platform.postgres import wake

            wake.call()
    return job


def dismiss(actor: Actor, pk: int) -> None:
    """Take a failed job off one's list of things to do; it stays in the list of jobs."""
    with own_rows(actor):
        if not own_jobs(actor).filter(pk=pk).update(dismissed=True):
            raise Http404


def fetch(actor: Actor, pk: int, name: str) -> Any:
    """Return the path of a file of one's own finished job.

    Only its owner gets it, and only while they still hold the post and see as much as when it was made: whoever
    has lost a county does not keep fetching its lists. Everything else is ``Http404``.
    """
    with own_rows(actor):
        job = _with_owner(own_jobs(actor)).filter(pk=pk, state=Job.State.DONE).first()
    if job is None or name not in {one["name"] for one in (job.result or {}).get("files", [])}:
        raise Http404
    try:
        now = owner_actor(job)
    except JobError as error:
        raise Http404 from error
    handler = handlers().get(job.kind)
    path = files.folder(job.pk) / name
    allowed = handler is None or not handler.capability or now.may(handler.capability)
    if not (allowed and now.scope.covers(_scope(job.seen)) and path.is_file()):
        raise Http404
    record(actor, "job.file_fetched", job, after={"file": name})
    return path


def files_of(job: Job) -> list[dict[str, Any]]:
    """Return the files a job made, each with whether it is still kept."""
    made = (job.result or {}).get("files", [])
    return [{**one, "kept": (files.folder(job.pk) / one["name"]).is_file()} for one in made]


def _scope(data: dict[str, Any]) -> Scope:
    return Scope(
        everything=data["everything"],
        managers=frozenset(data["managers"]),
        orgs=frozenset(data["orgs"]),
        sites=frozenset(data["sites"]),
    )


def _with_owner(rows: Any) -> QuerySet[Job]:
    return rows.select_related("owner", "membership__organisation")
