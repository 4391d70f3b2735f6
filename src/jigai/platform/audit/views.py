"""Pages of the trail: the list, one event, and the check of the chain."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jigai.platform.audit import chain
from jigai.platform.audit.actions import word
from jigai.platform.audit.models import Event, Forwarding, Link
from jigai.platform.audit.tables import EVENTS
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.guards import needs
from jigai.platform.walls.personal import own_rows


@require_GET
@needs("audit.read")
def list_events(request: HttpRequest) -> HttpResponse:
    """List who did what when."""
    template = "web/_list.html" if request.htmx else "audit/list.html"  # type: ignore[attr-defined]
    return render(request, template, {"listing": EVENTS.answer(request)})


@require_GET
@needs("audit.read")
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show one event, before and after side by side, and its place in the chain."""
    found = Event.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    link = Link.objects.filter(event_number=number).first()
    return render(
        request,
        "audit/event.html",
        {"event": found, "action": word(found.action), "changes": changes(found), "link": link},
    )


@require_http_methods(["GET", "POST"])
@needs("audit.verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Show where the chain stands and what the last checks found; begin a check."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        first, last = request.POST.get("first", "").strip(), request.POST.get("last", "").strip()
        if all(not part or (part.isdigit() and int(part) > 0) for part in (first, last)):
            job = submit(actor, "audit.verify", {"first": int(first or 1), "last": int(last) if last else None})
            return redirect("jobs:job", job.pk)
        messages.error(request, _("链序号要写成大于 0 的整数；不填就从头验证到尾。"))
    with own_rows(actor):
        done = Job.objects.filter(kind="audit.verify", owner=actor.user).order_by("-created_at")
        checks = list(done[:5])
    return render(
        request,
        "audit/verify.html",
        {
            "head": chain.head(),
            "algorithm": chain.algorithm().upper(),
            "waiting": chain.pending().count(),
            "forwarding": Forwarding.objects.filter(pk=1).first(),
            "checks": checks,
            "last": next((one for one in checks if one.state == Job.State.DONE), None),
        },
        status=400 if request.method == "POST" else 200,
    )


def changes(event: Event) -> list[dict[str, Any]]:
    """Return the fields of an event with what stood there before and after, and whether they differ."""
    before, after = event.before or {}, event.after or {}
    return [
        {
            "field": event.label(key),
            "before": before.get(key, ""),
            "after": after.get(key, ""),
            "changed": event.before is not None and before.get(key) != after.get(key),
        }
        for key in dict.fromkeys([*before, *after])
    ]
