"""All tasks, those of one organisation, the line of months, what is late, and what a month brought."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.accounts.models import Organisation
from jigai.platform.duties import picture, reminding, summary, telling
from jigai.platform.duties.adopting import current
from jigai.platform.duties.bodies import OFFICES, open_bodies
from jigai.platform.duties.claims import open_steps
from jigai.platform.duties.data import FLOW, RUN, rule
from jigai.platform.duties.overdue import Late, overdue
from jigai.platform.duties.services import of_organisation
from jigai.platform.duties.tables import DUTIES
from jigai.platform.jobs.services import submit
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest

_FIRST: Final = date(2000, 1, 1)
"""The first day what was late can be asked for."""


@needs("duty.view")
def index(request: SiteRequest) -> HttpResponse:
    """List the tasks of the plan with how far each is."""
    adopted = current()
    listing = DUTIES.answer(
        request,
        subtitle=telling.title_of_plan(),
        states=summary.states(),
        tab="list",
        adopted=adopted,
        may_run=request.actor.may(RUN),
        asked=open_bodies(adopted.plan_id).count() if adopted and request.actor.may(RUN) else 0,
        own_office=_own(request),
    )
    return render(request, "web/_list.html" if request.htmx else "duties/list.html", {"listing": listing})


def _own(request: SiteRequest) -> int:
    """Return the number of one's own organisation where it is one that tasks are given to."""
    organisation = request.actor.organisation
    return organisation.pk if organisation and organisation.kind in OFFICES else 0


@needs("duty.view")
def organisations(request: SiteRequest) -> HttpResponse:
    """List who has what, and how each organisation is doing."""
    today = timezone.localdate()
    month = _month(request, today)
    context = {
        "tab": "organisations",
        "own": _own(request),
        "month": month,
        "offices": summary.offices(month, overdue(today)),
        "plan": telling.title_of_plan(),
    }
    return render(request, "duties/organisations.html", context)


@needs("duty.view")
def organisation(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what one organisation has taken on (认领的任务), and what the plan names it for."""
    found = Organisation.objects.filter(pk=pk, kind__in=OFFICES).first()
    if found is None:
        raise Http404
    late: dict[int, Late] = {}
    for one in overdue(timezone.localdate()):
        if one.share is not None and one.share.organisation_id == pk:
            late.setdefault(one.share.pk, one)
    rows = [
        (share, FLOW.states[share.state], late.get(share.pk), open_steps(request.actor, share))
        for share in of_organisation(pk).order_by("role", "duty__position")
    ]
    own = _own(request)
    context = {
        "tab": "own" if own == pk else "organisations",
        "own": own,
        "organisation": found,
        "named": [row for row in rows if row[0].state == "unclaimed"],
        "held": [row for row in rows if row[0].state != "unclaimed"],
        "is_own": own == pk,
        "plan": telling.title_of_plan(),
    }
    return render(request, "duties/organisation.html", context)


@needs("duty.view")
def timeline(request: SiteRequest) -> HttpResponse:
    """Show all milestones and progress on one line of months."""
    adopted = current()
    context = {
        "tab": "timeline",
        "own": _own(request),
        "plan": telling.title_of_plan(),
        "line": picture.draw(adopted, timezone.localdate()) if adopted else None,
    }
    return render(request, "duties/timeline.html", context)


@needs("duty.view")
def late(request: SiteRequest) -> HttpResponse:
    """List what is late on a day, the longest first."""
    on = _day(request.GET.get("on", ""), timezone.localdate())
    context = {
        "tab": "overdue",
        "own": _own(request),
        "plan": telling.title_of_plan(),
        "on": on,
        "today": timezone.localdate(),
        "late": overdue(on),
        "escalate": rule("escalate"),
        "may_export": request.actor.may("export.make"),
        "may_call": request.actor.may(RUN) and request.actor.may("notice.send"),
    }
    return render(request, "duties/overdue.html", context)


@require_POST
@needs("duty.view")
def export(request: SiteRequest) -> HttpResponse:
    """Queue the workbook of what is late, and go to its job."""
    request.actor.require("export.make")
    on = _day(request.POST.get("on", ""), timezone.localdate())
    job = submit(request.actor, "duties.overdue", {"on": on.isoformat()})
    messages.success(request, _("已开始导出，完成后可在本页下载。"))
    return redirect("jobs:job", job.pk)


@require_POST
@needs("duty.run")
def call(request: SiteRequest) -> HttpResponse:
    """Urge everyone who is late today."""
    count = reminding.call(request.actor, overdue(timezone.localdate()), timezone.now())
    messages.success(request, _("已催办 %(n)d 件；当天催过的不重复。") % {"n": count})
    return redirect("duties:overdue")


@needs("duty.view")
def overview(request: SiteRequest) -> HttpResponse:
    """Show what a month brought, for the heads."""
    today = timezone.localdate()
    month = _month(request, today)
    context = {
        "tab": "overview",
        "own": _own(request),
        "plan": telling.title_of_plan(),
        "found": summary.month_of(month, today),
        "month": month,
        "months": _months(today),
    }
    return render(request, "duties/overview.html", context)


def _day(said: str, today: date) -> date:
    """Return the day that was asked for; today where that is none, one to come, or one no plan reaches back to."""
    try:
        asked = date.fromisoformat(said)
    except ValueError:
        return today
    return asked if _FIRST <= asked <= today else today


def _months(today: date) -> list[date]:
    """Return the last twelve months, the newest first."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(12)]
    return [date(year, month + 1, 1) for year, month in months]


def _month(request: SiteRequest, today: date) -> date:
    """Return the month the address asks for, last month where it asks for none: this one is not over."""
    try:
        found = date.fromisoformat(request.GET.get("month", "") + "-01")
    except ValueError:
        return _months(today)[1]
    return found if found in _months(today) else _months(today)[1]
