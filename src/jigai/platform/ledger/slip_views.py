"""Pages of return slips: the table of a bulk, the list of all, and the one an enterprise opens."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.imports import storage
from jigai.platform.jobs.models import Job
from jigai.platform.ledger import slips
from jigai.platform.ledger.bulk import BulkRefusedError, get_bulk
from jigai.platform.ledger.slip_lists import OF_BULK, SLIPS
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


@needs(CAPABILITY)
def of_bulk(request: SiteRequest, pk: int) -> HttpResponse:
    """List the files of a bulk with problems, whom each goes back to, and what is wanted."""
    bulk = get_bulk(request.actor, pk)
    listing = OF_BULK.answer(
        request,
        title=_("退回单：%(bulk)s") % {"bulk": bulk},
        bulk=bulk,
        tally=slips.tally(bulk),
        job=Job.objects.filter(pk=bulk.slips_job_id or 0).first(),
    )
    return render(request, "web/_list.html" if request.htmx else "ledger/slips_of_bulk.html", {"listing": listing})


@require_POST
@needs(CAPABILITY)
def send(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the slips made and sent, or only put into one zip."""
    bulk = get_bulk(request.actor, pk)
    try:
        made = slips.order(request.actor, bulk, send="send" in request.POST)
    except BulkRefusedError as error:
        messages.error(request, str(error))
        return redirect("ledger:bulk_slips", pk)
    messages.success(request, _("已开始，完成后可在任务里下载压缩包。"))
    return redirect("jobs:job", made.slips_job_id)


@needs(slips.VIEW)
def index(request: SiteRequest) -> HttpResponse:
    """List the slips of one's scope."""
    listing = SLIPS.answer(request)
    return render(request, "web/_list.html" if request.htmx else "web/list.html", {"listing": listing})


@needs(slips.VIEW)
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what is asked; opened by the enterprise, it is seen."""
    slip = slips.look(request.actor, slips.get_slip(request.actor, pk))
    context = {"slip": slip, "name": Path(slip.file_name).name, "may_take": request.actor.may(CAPABILITY)}
    return render(request, "ledger/slip.html", context)


@needs(slips.VIEW)
def file(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand out the marked copy and the list, as one zip."""
    slip = slips.look(request.actor, slips.get_slip(request.actor, pk))
    path = storage.path_of(slip.content_hash)
    if not path.is_file():
        raise Http404
    name = f"{Path(slip.file_name).stem}_{_('退回单')}.zip"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    return answer  # type: ignore[return-value]  # Django's answers share a base alone
