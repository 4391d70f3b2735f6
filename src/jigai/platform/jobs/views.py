"""Pages of jobs: the list, one job as it goes, stopping, trying again, fetching what was made."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.platform.jobs import services
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.tables import JOBS, state_of
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.guards import needs
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import use_scope


@require_GET
@needs("job.view")
def list_jobs(request: HttpRequest) -> HttpResponse:
    """List one's own jobs; everyone's for those who manage jobs."""
    with _seen(request.actor):  # type: ignore[attr-defined]
        template = "web/_list.html" if request.htmx else "jobs/list.html"  # type: ignore[attr-defined]
        return render(request, template, {"listing": JOBS.answer(request)})


@require_GET
@needs("job.view")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one job: how far it is, refreshed while it runs, and what came of it."""
    found = services.find(request.actor, pk)  # type: ignore[attr-defined]
    template = "jobs/_state.html" if request.htmx else "jobs/job.html"  # type: ignore[attr-defined]
    return render(request, template, _context(request, found))


@require_http_methods(["GET", "POST"])
@needs("job.view")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to stop a job, and stop it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = services.find(actor, pk)
    if request.method == "GET":
        return render(request, "jobs/cancel.html", _context(request, found))
    try:
        services.cancel(actor, pk, reason=request.POST.get("reason", "").strip())
    except JobError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已要求取消。正在做的一步做完后停止，已完成的步骤保留。"))
    return redirect("jobs:job", pk)


@require_POST
@needs("job.view")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a job again that failed or was cancelled."""
    try:
        services.retry(request.actor, pk)  # type: ignore[attr-defined]
    except JobError as error:
        messages.warning(request, str(error))
    return redirect("jobs:job", pk)


@require_POST
@needs("job.view")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a failed job off the things to do."""
    services.dismiss(request.actor, pk)  # type: ignore[attr-defined]
    return redirect("jobs:list")


@require_GET
@needs("job.view")
def download(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Hand out a file that a job made, to its owner."""
    path = services.fetch(request.actor, pk, name)  # type: ignore[attr-defined]
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


def _seen(actor: Actor) -> AbstractContextManager[object]:
    return use_scope(services.everyone(actor)) if actor.may("job.manage") else own_rows(actor)


def _context(request: HttpRequest, found: Job) -> dict[str, object]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    look, word = state_of(found)
    return {
        "job": found,
        "look": look,
        "word": word,
        "own": actor.user is not None and found.owner_id == actor.user.pk,
        "files": services.files_of(found),
        "ended": found.state in {Job.State.FAILED, Job.State.CANCELLED},
    }
