"""The jobs app's own chores."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jigai.platform.jobs import files
from jigai.platform.jobs.claims import WORKER
from jigai.platform.jobs.handlers import recurring
from jigai.platform.jobs.models import Job
from jigai.platform.walls.scope import use_scope


@recurring("jobs.sweep", every=3600)
def sweep() -> None:
    """Take away the files of jobs that ended longer ago than files are kept; what was done stays on record."""
    before = timezone.now() - timedelta(days=settings.JOB_DAYS)
    with transaction.atomic(), use_scope(WORKER):
        old = set(Job.objects.filter(finished_at__lt=before).values_list("pk", flat=True))
    place = settings.DATA_DIR / "jobs"
    if not place.is_dir():
        return
    for folder in place.iterdir():
        if folder.name.isdigit() and int(folder.name) in old:
            files.remove(int(folder.name))
