"""The list of surveys, and what one comes to: coverage and quality by managing unit and industry."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.ledger.columns import ledger_table
from jigai.platform.campaigns import lists, services
from jigai.platform.campaigns.data import FLOW, OPEN, rule, template_columns, words
from jigai.platform.campaigns.figures import Part, parts, rows_of, total
from jigai.platform.campaigns.models import Campaign, Deadline, Step
from jigai.platform.campaigns.reminding import REMIND
from jigai.platform.campaigns.tables import CAMPAIGNS
from jigai.platform.enterprises import reference
from jigai.platform.enterprises.rules import governs
from jigai.platform.imports.views import XLSX
from jigai.platform.jobs.services import submit
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.reports.template import write_subject_template

BY = ("manager", "division")
"""How the overview is split; also the filter of the list behind it."""
FEW = 12
"""Entries listed on the page itself where there are no more; an enterprise sees its sites there."""


@needs("campaign.view")
def index(request: SiteRequest) -> HttpResponse:
    """List surveys."""
    listing = CAMPAIGNS.answer(request, may_run=request.actor.may(lists.RUN))
    return render(request, "web/_list.html" if request.htmx else "campaigns/list.html", {"listing": listing})


@needs("campaign.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a survey: before the start who would report, afterwards who has and how good it is."""
    campaign = services.get_campaign(request.actor, pk)
    context: dict[str, Any] = {
        "campaign": campaign,
        "may_run": request.actor.may(lists.RUN),
        "scope_words": _scope(campaign),
    }
    if campaign.status == Campaign.Status.DRAFT:
        return render(request, "campaigns/draft.html", context | _draft(campaign))
    by = request.GET.get("by", "")
    by = by if by in BY else BY[0 if request.actor.scope.everything else 1]
    rows = rows_of(campaign)
    if by == "manager":
        names = {one.code: str(one) for one in ManagingUnit.objects.all()}
        found = parts(rows, lambda row: row.manager, names)
    else:
        found = parts(rows, lambda row: row.industry, reference.divisions(timezone.localdate()))
    whole = total(rows)
    context |= {
        "by": by,
        "parts": found,
        "whole": whole,
        "low": rule("low_coverage"),
        "measures": words("measures"),
        "chart": _chart(found, reverse("campaigns:entries", args=[pk]), by),
        "deadlines": Deadline.objects.filter(campaign=campaign),
        "today": timezone.localdate(),
        "open": sum(whole.states[key] for key in OPEN),
        "remindable": [(FLOW.states[key], whole.states[key]) for key in OPEN if whole.states[key]],
        "may_remind": request.actor.may(REMIND) and campaign.status == Campaign.Status.RUNNING,
        "late": sum(row.late for row in rows),
        "moved": sum(row.changed for row in rows),
        "may_export": request.actor.may("export.make"),
        "may_verify": request.actor.may("campaign.verify"),
        "split": governs(request.actor),
        "few": rows if whole.should <= FEW else [],
        "states": FLOW.states,
    }
    return render(request, "campaigns/page.html", context)


def _draft(campaign: Campaign) -> dict[str, Any]:
    """Return who would be on the list if the survey started now."""
    named = list(lists.on_list(campaign).select_related("site"))
    sites = lists.proposed(campaign).exclude(pk__in=[one.site_id for one in named])
    names = {one.code: str(one) for one in ManagingUnit.objects.all()}
    counts: dict[str, int] = {}
    for code in [*sites.values_list("manager_code", flat=True), *(one.manager_code for one in named)]:
        counts[code] = counts.get(code, 0) + 1
    by_unit = [(names.get(code, code), number) for code, number in sorted(counts.items())]
    return {"named": named, "by_unit": by_unit, "number": sum(counts.values())}


def _scope(campaign: Campaign) -> str:
    units = {one.code: str(one) for one in ManagingUnit.objects.all()}
    divisions = reference.divisions(timezone.localdate())
    said = [
        _("%(year)s 年规上名单") % {"year": campaign.year},
        "、".join(units.get(code, code) for code in campaign.units) or _("全部管理主体"),
        "、".join(divisions.get(code, code) for code in campaign.industries) or _("全部行业"),
    ]
    return " · ".join(said)


def _chart(found: list[Part], url: str, by: str) -> dict[str, Any]:
    """Return what the picture draws: a bar a part, cut by state; each piece knows the list behind it."""
    return {
        "names": [one.name for one in found],
        "keys": [one.key for one in found],
        "series": [
            {
                "key": key,
                "name": said.label,
                "badge": said.badge,
                "values": [one.states[key] for one in found],
            }
            for key, said in reversed(FLOW.states.items())
        ],
        "url": url,
        "by": by,
    }


@needs("campaign.view")
def amendments(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what was changed after the start, what asks for a decision, and what was done last."""
    campaign = services.get_campaign(request.actor, pk)
    running = campaign.status == Campaign.Status.RUNNING
    context = {
        "campaign": campaign,
        "may_run": running and request.actor.may(lists.RUN),
        "amendments": lists.amendments(campaign),
        "deadlines": Deadline.objects.filter(campaign=campaign),
        "extensions": Step.objects.filter(entry__campaign=campaign, kind="extend").select_related("entry"),
        "not_listed": lists.not_listed(campaign) if running else [],
        "ended": lists.ended(campaign) if running else [],
    }
    return render(request, "campaigns/changes.html", context)


@require_POST
@needs("campaign.view")
def export(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the workbook of a survey made, and go to its job."""
    campaign = services.get_campaign(request.actor, pk)
    if campaign.status == Campaign.Status.DRAFT:
        return redirect("campaigns:page", pk)
    job = submit(request.actor, "campaigns.export", {"campaign": pk}, campaign.name)
    return redirect("jobs:job", job.pk)


@needs("campaign.view")
def template(request: HttpRequest) -> HttpResponse:
    """Hand out the ledger template: what decides most devices, in one table for all kinds."""
    asked = template_columns()
    columns = [replace(ledger_table().attribute(name), required=needed) for name, needed in asked.items()]
    target = io.BytesIO()
    advice = [str(_("不必非用本表：企业自己的台账原样上传也可以，系统会认列。"))]
    write_subject_template(replace(ledger_table(), attributes=tuple(columns)), target, advice)
    name = content_disposition_header(as_attachment=True, filename=f"{ledger_table().zh}填报表.xlsx") or ""
    return HttpResponse(target.getvalue(), content_type=XLSX, headers={"Content-Disposition": name})
