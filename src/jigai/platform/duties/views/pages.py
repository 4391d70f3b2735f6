"""The page of a task with the plan's text beside it, and what is done on it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.audit.services import history
from jigai.platform.duties import claims, evidence, progress, remarks, telling
from jigai.platform.duties.data import COMMENT, FLOW, REPORT, RUN
from jigai.platform.duties.forms import AssignForm, ClaimForm, MilestoneForm
from jigai.platform.duties.overdue import overdue
from jigai.platform.duties.services import get_duty, get_milestone
from jigai.platform.imports.storage import StorageFullError
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page


def _page(pk: int) -> str:
    return reverse("duties:page", args=[pk])


@needs("duty.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a task: what the plan says, who has it, its milestones, progress, comments and reminders."""
    duty = get_duty(request.actor, pk)
    shares = telling.shares_of(duty)
    own = next((one for one in shares if claims.own(request.actor, one)), None)
    today = timezone.localdate()
    context = {
        "today": today,
        "duty": duty,
        "state": FLOW.states[duty.state],
        "excerpt": telling.excerpt(duty),
        "sectors": telling.sectors(duty),
        "shares": [(one, FLOW.states[one.state], claims.open_steps(request.actor, one)) for one in shares],
        "children": telling.children(duty),
        "milestones": telling.milestones(request.actor, duty),
        "timeline": telling.timeline(duty),
        "remarks": remarks.remarks_of(duty),
        "late": [one for one in overdue(today) if one.duty.pk == duty.pk],
        "own": own,
        "may_claim": request.actor.may(REPORT)
        and not duty.ended_at
        and (own is None or own.state in ("unclaimed", "refused", "released")),
        "may_assign": request.actor.may(RUN) and not duty.gathers and not duty.ended_at,
        "may_report": own is not None and request.actor.may(REPORT) and FLOW.states[own.state].yes("active"),
        "may_comment": request.actor.may(COMMENT),
        "history": history(request.actor, duty),
    }
    return render(request, "duties/page.html", context)


@needs("duty.report")
def claim(request: SiteRequest, pk: int) -> HttpResponse:
    """Take a task on for one's own organisation."""
    duty = get_duty(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        made = claims.claim(request.actor, duty, values["role"], timezone.now())
        waiting = sum(one.state == "proposed" for one in made)
        if waiting:
            return Done(_page(pk), _("已申请认领 %(n)d 项，等市级经办确认。") % {"n": waiting})
        return Done(_page(pk), _("已认领 %(n)d 项，请按月报进展。") % {"n": len(made)})

    sub = _("含它的全部分任务中还没有单位牵头的。") if duty.gathers else duty.clause
    return form_page(
        request, ClaimForm, act, title=_("认领任务"), sub=f"{duty} · {sub}", back=_page(pk), button=_("认领"),
        crumb=duty.key, initial={"role": "lead"},
    )  # fmt: skip


@needs("duty.run")
def assign(request: SiteRequest, pk: int) -> HttpResponse:
    """Give a task to an organisation."""
    duty = get_duty(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        share = claims.assign(
            request.actor, duty, values["organisation"], values["role"], timezone.now(), values["comment"]
        )
        return Done(_page(pk), _("已指定 %(who)s 承担并通知。") % {"who": share.organisation})

    return form_page(
        request, AssignForm, act, title=_("指定承担单位"), sub=str(duty), back=_page(pk), button=_("指定"),
        crumb=duty.key, initial={"role": "lead"},
    )  # fmt: skip


@needs("duty.report")
def milestone(request: SiteRequest, pk: int) -> HttpResponse:
    """Note that a milestone was reached, or take that back."""
    point = get_milestone(request.actor, pk)
    if not progress.may_note(request.actor, point):
        raise PermissionDenied(REPORT)

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            progress.note_milestone(
                request.actor, point, values["reached_on"], values["text"], timezone.now(), values["evidence"], version
            )
        except StorageFullError as error:
            raise ValidationError({"evidence": error.strerror or str(error)}) from error
        return Done(_page(point.duty_id), _("已登记节点。"))

    return form_page(
        request,
        partial(MilestoneForm),
        act,
        title=_("登记节点"),
        sub=f"{point.title} · {point.due:%Y-%m-%d}",
        back=_page(point.duty_id),
        crumb=point.duty.key,
        version=point.version,
        initial={"reached_on": point.reached_on or timezone.localdate()},
    )


@require_POST
@needs("duty.comment")
def remark(request: SiteRequest, pk: int) -> HttpResponse:
    """Comment on a task."""
    duty = get_duty(request.actor, pk)
    wanted = request.POST.get("share", "")
    share = next((one for one in telling.shares_of(duty) if str(one.pk) == wanted), None)
    try:
        remarks.add(request.actor, duty, request.POST.get("text", ""), timezone.now(), share)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已写意见并通知有关单位。"))
    return redirect(_page(pk) + "#remarks")


@require_POST
@needs("duty.comment")
def answer(request: SiteRequest, pk: int) -> HttpResponse:
    """Answer a comment."""
    duty = get_duty(request.actor, pk)
    number = request.POST.get("remark", "")
    try:
        found = int(number) if number.isdecimal() and len(number) < 18 else 0
        remarks.answer(request.actor, duty, found, request.POST.get("text", ""), timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已答复。"))
    return redirect(_page(pk) + "#remarks")


@needs("duty.view")
def evidence_file(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand out a file of evidence as it came: never shown, never guessed at."""
    found, data = evidence.fetch(request.actor, pk)
    response = HttpResponse(data, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = content_disposition_header(True, found.file_name) or "attachment"
    return response
