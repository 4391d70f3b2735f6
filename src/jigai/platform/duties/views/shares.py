"""What an organisation does with its share of a task, and what the city office decides about it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.duties import claims, progress
from jigai.platform.duties.data import FLOW, REPORT
from jigai.platform.duties.forms import PersonForm, ReportForm, StepForm
from jigai.platform.duties.models import Report, Share
from jigai.platform.duties.overdue import months_owed
from jigai.platform.duties.services import get_share
from jigai.platform.imports.storage import StorageFullError
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page


def _page(share: Share) -> str:
    return reverse("duties:page", args=[share.duty_id])


@needs("duty.view")
def step(request: SiteRequest, pk: int, key: str) -> HttpResponse:
    """Take a step with a share: take it on, report it completed, confirm, send back, release."""
    kind = FLOW.button(key)
    if kind is None:
        raise Http404
    request.actor.require(kind.capability)
    share = get_share(request.actor, pk)
    if kind.capability == REPORT and not claims.own(request.actor, share):
        raise PermissionDenied(REPORT)

    def act(values: dict[str, Any], version: int) -> Done:
        claims.take_step(request.actor, share, version, key, timezone.now(), values["comment"])
        return Done(_page(share), kind.done)

    return form_page(
        request,
        partial(StepForm, kind),
        act,
        title=kind.label,
        sub=f"{share.duty} · {share.organisation}",
        back=_page(share),
        button=kind.label,
        crumb=share.duty.key,
        version=share.version,
    )


@needs("duty.report")
def report(request: SiteRequest, pk: int) -> HttpResponse:
    """Report the progress of a month."""
    share = get_share(request.actor, pk)
    if not claims.own(request.actor, share):
        raise PermissionDenied(REPORT)
    months, chosen = _months(share, timezone.localdate())

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            progress.report(
                request.actor,
                share,
                values["month"],
                values["text"],
                values["percent"],
                timezone.now(),
                figures=values["figures"],
                files=values["evidence"],
                reason=values["reason"],
            )
        except StorageFullError as error:
            raise ValidationError({"evidence": error.strerror or str(error)}) from error
        return Done(_page(share), _("已报 %(month)s 进展。") % {"month": f"{values['month']:%Y-%m}"})

    return form_page(
        request,
        partial(ReportForm, months),
        act,
        title=_("报进展"),
        sub=f"{share.duty} · {share.organisation}",
        back=_page(share),
        button=_("报送"),
        crumb=share.duty.key,
        initial={"month": chosen, "percent": share.percent},
    )


def _months(share: Share, today: date) -> tuple[list[tuple[str, str]], str]:
    """Return the months that can be reported, the newest first, and the first that is missing."""
    said = set(Report.objects.filter(share=share).values_list("month", flat=True))
    owed = months_owed(share.since or today, today)
    all_months = [*owed, today.replace(day=1)]
    words = {month: f"{month:%Y-%m}" + (_("（已报，更正）") if month in said else "") for month in all_months}
    chosen = next((month for month in all_months if month not in said), all_months[-1])
    return [(f"{month:%Y-%m}", words[month]) for month in reversed(all_months)], f"{chosen:%Y-%m}"


@needs("duty.report")
def person(request: SiteRequest, pk: int) -> HttpResponse:
    """Note who looks after a task in one's own organisation."""
    share = get_share(request.actor, pk)
    if not claims.own(request.actor, share):
        raise PermissionDenied(REPORT)

    def act(values: dict[str, Any], version: int) -> Done:
        claims.set_person(request.actor, share, version, values["person"], values["phone"])
        return Done(_page(share), _("已登记责任人。"))

    return form_page(
        request,
        PersonForm,
        act,
        title=_("责任人"),
        sub=f"{share.duty} · {share.organisation}",
        back=_page(share),
        crumb=share.duty.key,
        version=share.version,
        initial={"person": share.person, "phone": share.phone},
    )
