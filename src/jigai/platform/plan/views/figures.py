"""The list behind a figure, and having figures computed as they were known on an earlier day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jigai.plan.registry import registry
from jigai.platform.plan import services, tables, words
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.wording import english


@require_GET
@needs(services.VIEW)
def contributions(request: SiteRequest, indicator: str) -> HttpResponse:
    """List who adds what to a figure; the filters are in the address."""
    one = registry().get(indicator)
    if one is None:
        raise Http404
    listing = tables.listing(one)
    objective = services.objective_of(indicator)
    answer = listing.answer(request)
    context = {
        "listing": answer,
        "indicator": one,
        "definition": one.definition if not english() else one.formula_en,
        "formula": one.formula_en if english() else one.formula_zh,
        "period": words.period(period) if (period := tables.period_of(request, one)) else "",
        "objective": objective,
        "known_on": tables.day_of(request),
    }
    return render(request, "web/_list.html" if request.htmx else "plan/contributions.html", context)


@require_POST
@needs(services.MANAGE)
def compute(request: SiteRequest) -> HttpResponse:
    """Have all figures computed as known on a day; the job tells how far it is."""
    try:
        day = date.fromisoformat(request.POST.get("known_on", ""))
        job = services.compute_as_known(request.actor, day, timezone.localdate())
    except (ValueError, ValidationError) as error:
        said = error.messages[0] if isinstance(error, ValidationError) else _("请选今天以前的一天。")
        messages.error(request, said)
        return redirect("plan:board")
    messages.success(request, _("已开始按 %(day)s 已知的数据计算，算好后可从任务页回到看板。") % {"day": day})
    return redirect(reverse("jobs:job", args=[job.pk]))
