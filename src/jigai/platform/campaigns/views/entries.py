"""The list of those who should report, those to telephone, and the page of one with its steps and notes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.campaigns import lists, notes, services, steps
from jigai.platform.campaigns.data import FLOW, REPORTED
from jigai.platform.campaigns.figures import Ledger
from jigai.platform.campaigns.forms import StepForm
from jigai.platform.campaigns.models import Campaign, Note, Step
from jigai.platform.campaigns.phone import PHONE
from jigai.platform.campaigns.standing import last_report, state_of
from jigai.platform.campaigns.tables import ENTRIES
from jigai.platform.enterprises.rules import governs
from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.taking import CAPABILITY as TAKE
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page


@needs("campaign.view")
def index(request: SiteRequest, pk: int) -> HttpResponse:
    """List who should report in a survey, with how far each is."""
    campaign = services.get_campaign(request.actor, pk)
    listing = ENTRIES.answer(request, campaign=campaign, subtitle=campaign.name)
    return render(request, "web/_list.html" if request.htmx else "campaigns/entries.html", {"listing": listing})


@needs("campaign.verify")
def phone(request: SiteRequest, pk: int) -> HttpResponse:
    """List those who have not reported with whom to call, and note calls in place."""
    campaign = services.get_campaign(request.actor, pk)
    listing = PHONE.answer(request)
    context = {"campaign": campaign, "listing": listing, "states": FLOW.states, "here": request.get_full_path()}
    return render(request, "campaigns/phone.html", context)


@needs("campaign.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show one entry: its state, what its ledger comes to, what can be done, and everything that was done."""
    entry = services.get_entry(request.actor, pk)
    running = entry.campaign.status == Campaign.Status.RUNNING
    report = last_report(entry)
    state = FLOW.states[state_of(entry)]
    changed = report is not None and DeviceState.objects.filter(site=entry.site, recorded_at__gt=report.recorded_at)
    ledger = Ledger(**entry.final["ledger"]) if entry.final else steps.ledger_of(entry)
    may_verify = request.actor.may(notes.VERIFY) and running
    context = {
        "entry": entry,
        "campaign": entry.campaign,
        "state": state,
        "reported": state.key in REPORTED,
        "ledger": ledger,
        "report": report,
        "then": Ledger(**report.figures) if report else None,
        "changed": bool(changed) and entry.final is None and bool(changed and changed.exists()),
        "steps": steps.open_steps(request.actor, entry),
        "faults": steps.faults(entry)
        if request.actor.may("campaign.report") and state.key not in REPORTED and running
        else [],
        "taken": [(one, FLOW.steps[one.kind]) for one in Step.objects.filter(entry=entry).order_by("-pk")],
        "notes": notes.notes_of(request.actor, entry),
        "reminders": entry.reminders.order_by("-pk")[:5] if governs(request.actor) else [],
        "drawn": notes.drawn(entry) if may_verify and state.key in REPORTED else [],
        "may_verify": may_verify,
        "may_answer": request.actor.may(TAKE) and running and not governs(request.actor),
        "may_take": request.actor.may(TAKE) and running,
        "may_run": request.actor.may(lists.RUN) and running and entry.removed_at is None,
        "today": timezone.localdate(),
        "site": entry.site,
    }
    return render(request, "campaigns/entry.html", context)


@needs("campaign.view")
def step(request: SiteRequest, pk: int, key: str) -> HttpResponse:
    """Take a step with an entry: report, take back, send back, verify, extend."""
    kind = FLOW.button(key)
    if kind is None:
        raise Http404
    request.actor.require(kind.capability)
    entry = services.get_entry(request.actor, pk)
    url = reverse("campaigns:entry", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        steps.take_step(
            request.actor,
            entry,
            version,
            key,
            comment=values["comment"],
            due=values.get("due"),
            nothing=values.get("nothing", False),
        )
        return Done(url, kind.done)

    form = partial(StepForm, kind)
    reports = key in steps.REPORTS
    ledger = steps.ledger_of(entry) if reports else None
    return form_page(
        request,
        form,
        act,
        title=kind.label,
        sub=f"{entry.site.enterprise_name} · {entry.site.name}" if entry.site else "",
        back=url,
        button=kind.label,
        crumb=entry.campaign.name,
        version=entry.version,
        template="campaigns/step.html",
        faults=steps.faults(entry) if reports else [],
        ledger=ledger,
        open_notes=notes.unanswered(entry) if reports else 0,
        entry=entry,
    )


@require_POST
@needs("campaign.verify")
def note(request: SiteRequest, pk: int) -> HttpResponse:
    """Note a call, a comment or a spot check, and return to where it was written."""
    entry = services.get_entry(request.actor, pk)
    said = request.POST
    device = said.get("device", "")
    try:
        notes.add(
            request.actor,
            entry,
            said.get("kind", ""),
            said.get("text", ""),
            device=int(device) if device.isdecimal() and len(device) < 18 else None,
            file_name=said.get("file_name", ""),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已记录。"))
    if said.get("kind") == Note.Kind.CALL and "phone" in said:
        return redirect(f"{reverse('campaigns:phone', args=[entry.campaign_id])}?{_query(said.get('phone', ''))}")
    return redirect("campaigns:entry", pk)


def _query(path: str) -> str:
    """Return the query of the page a call was noted on, whatever else was sent as one."""
    return path.partition("?")[2][:500].replace("\n", "").replace("\r", "")


@require_POST
@needs("campaign.view")
def answer(request: SiteRequest, pk: int) -> HttpResponse:
    """Answer a comment for the enterprise."""
    request.actor.require(TAKE)
    entry = services.get_entry(request.actor, pk)
    number = request.POST.get("note", "")
    try:
        found = int(number) if number.isdecimal() and len(number) < 18 else 0
        notes.answer(request.actor, entry, found, request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已答复。"))
    return redirect("campaigns:entry", pk)
