"""Objections: the list, filing one, its page, every step, and the letter that answers it."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jigai.platform.imports.storage import StorageFullError
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.replies import deciding, letters, objections, photos
from jigai.platform.replies.data import FLOW
from jigai.platform.replies.forms import ObjectForm, StepForm, UpholdForm, refuse
from jigai.platform.replies.models import Objection
from jigai.platform.replies.pages import contestable_fields, finding_words, objection_page
from jigai.platform.replies.pictures import PhotoRefusedError, content_of
from jigai.platform.replies.tables import OBJECTIONS, TOLD
from jigai.platform.replies.windows import window_of
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs("ledger.view")
def index(request: SiteRequest) -> HttpResponse:
    """List objections."""
    listing = OBJECTIONS.answer(request)
    return render(request, "web/_list.html" if request.htmx else "replies/list.html", {"listing": listing})


@needs("ledger.view")
def told(request: SiteRequest) -> HttpResponse:
    """List the findings enterprises were told of, and how long each can still be contested."""
    listing = TOLD.answer(request)
    return render(request, "web/_list.html" if request.htmx else "replies/told.html", {"listing": listing})


@needs(objections.FILE)
def new(request: SiteRequest, pk: int) -> HttpResponse:
    """Object to one finding of a device; which one stands in the address."""
    asked = (request.GET.get("check", ""), request.GET.get("rule", ""))
    finding = objections.finding_of(request.actor, pk, *asked)
    device, today = finding.device, timezone.localdate()
    known = DeviceState.objects.get(device=device, superseded_at__isnull=True).values
    names = contestable_fields(finding)
    window = window_of(finding, today)

    def form(**given: Any) -> ObjectForm:
        return ObjectForm(names, known, photos.of_device(device), **given)

    def act(values: dict[str, Any], version: int) -> Done:
        sent = _take_in(request, device, values["photos"])
        proofs = [*values.get("kept", []), *sent]
        made = objections.file(
            request.actor, finding, values["reason"], values["words"], values["values"], proofs, today
        )
        return Done(reverse("replies:objection", args=[made.pk]), FLOW.steps[_filed(made)].done)

    back = reverse("ledger:device", args=[pk]) + f"?check={finding.check_name}"
    return form_page(
        request, form, act, title=_("对判定提出异议"), back=back, button=_("提出异议"), template="replies/new.html",
        sub=str(device), said=finding_words(objections.frozen(finding)), window=window,
    )  # fmt: skip


def _filed(made: Objection) -> str:
    return "file_late" if made.late else "file"


def _take_in(request: SiteRequest, device: Device, files: list[Any]) -> list[int]:
    """Keep the photos of a form; what is refused is said at the field, and nothing is filed."""
    made = []
    for file in files:
        try:
            made.append(photos.add(request.actor, device.pk, content_of(file), file_name=file.name or "").pk)
        except PhotoRefusedError as error:
            raise refuse(f"{file.name}：{error}") from error
        except StorageFullError as error:
            raise refuse(error.strerror or str(error)) from error
    return made


@needs("ledger.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show an objection: what was found, what is said against it, what was answered, what came of it."""
    one = objections.get(request.actor, pk)
    return render(request, "replies/objection.html", objection_page(request.actor, one, timezone.localdate()))


@needs("ledger.view")
def step(request: SiteRequest, pk: int, key: str) -> HttpResponse:
    """Take a step; who may is said by the step itself."""
    taken = FLOW.button(key)
    if taken is None:
        raise Http404
    request.actor.require(taken.capability)
    one = objections.get(request.actor, pk)
    back = reverse("replies:objection", args=[pk])
    upheld = key == "uphold"
    photographed = taken.yes("photos")
    names = list(one.corrected) if upheld else []
    known = DeviceState.objects.get(device=one.device, superseded_at__isnull=True).values

    def form(**given: Any) -> StepForm | UpholdForm:
        return UpholdForm(names, known, one.corrected, **given) if upheld else StepForm(photos=photographed, **given)

    def act(values: dict[str, Any], version: int) -> Done:
        if upheld:
            today = timezone.localdate()
            deciding.uphold(request.actor, pk, values["words"], values["values"], today, version=version)
        else:
            sent = _take_in(request, one.device, values.get("photos") or [])
            objections.take(request.actor, pk, key, values["words"], proofs=sent, version=version)
        return Done(back, taken.done)

    return form_page(
        request, form, act, title=taken.label, back=back, button=taken.label, version=one.version,
        sub=_("%(device)s：%(reason)s") % {"device": one.device, "reason": one.words[:80]},
    )  # fmt: skip


@needs("ledger.view")
def letter(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand out the draft of the written answer as a Word document."""
    one = objections.get(request.actor, pk)
    if one.decided_at is None:
        raise Http404
    target = io.BytesIO()
    letters.write(one, target)
    answer = HttpResponse(target.getvalue(), content_type=WORD)
    name = _("异议答复_%(device)s_%(day)s.docx") % {"device": one.device.identifier, "day": f"{one.decided_at:%Y%m%d}"}
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
