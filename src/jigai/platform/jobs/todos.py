"""What waits for people: their jobs that failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import own_jobs
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.personal import own_rows

RECENT = timedelta(days=14)
MOST = 10


def todos(actor: Actor) -> Iterator[Todo]:
    """Offer one's own failed jobs of the last two weeks, until they are tried again or put aside."""
    if not actor.may("job.view"):
        return
    with own_rows(actor):
        failed = own_jobs(actor).filter(
            state=Job.State.FAILED, dismissed=False, finished_at__gte=timezone.now() - RECENT
        )
        rows = list(failed.order_by("-finished_at")[:MOST])
    for job in rows:
        yield Todo(
            title=_("任务失败：%(title)s") % {"title": job.title},
            url=reverse("jobs:job", args=[job.pk]),
            action=_("看原因"),
            detail=job.error[:80],
            source=_("任务"),
            since=timezone.localdate(job.finished_at),
        )
