"""Have the board made into papers, as it is looked at."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jigai.platform.jobs.services import submit
from jigai.platform.plan.papers.jobs import KINDS
from jigai.platform.plan.services import VIEW
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.views.board import ask_of, looked_at
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


@require_POST
@needs(VIEW)
def make(request: SiteRequest, form: str) -> HttpResponse:
    """Have the paper made by a job, with the filter of the page, and go to the job."""
    plan = in_force()
    if plan is None or form not in KINDS:
        raise Http404
    ask = ask_of(looked_at(request, plan))
    said = {
        "form": form,
        "period": ask.period.key,
        "known_on": ask.known_on.isoformat() if ask.known_on else "",
        "partition": ask.partition,
    }
    job = submit(request.actor, "plan.papers", said, str(KINDS[form]))
    return redirect("jobs:job", job.pk)
