"""Tell the owner how a job ended, when they have probably gone on to something else."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.jobs.models import Job
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import command

LONG = timedelta(seconds=20)
"""From this on a job that went well is worth a notice; one that failed always is."""


def tell_owner(job: Job) -> None:
    """Send the owner a notice, once for each end of the job."""
    if job.owner is None or job.membership is None or job.state == Job.State.CANCELLED:
        return
    long = job.finished_at and job.started_at and job.finished_at - job.started_at >= LONG
    if job.state == Job.State.DONE and not long:
        return
    title = _("任务完成：%(title)s") if job.state == Job.State.DONE else _("任务失败：%(title)s")
    send(
        command("worker"),
        to=job.membership,
        kind="job",
        title=title % {"title": job.title},
        text=job.error or str((job.result or {}).get("text", "")),
        url=reverse("jobs:job", args=[job.pk]),
        key=f"job:{job.pk}:{job.attempt}:{job.state}",
    )
