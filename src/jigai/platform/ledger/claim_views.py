"""Pages of lines to claim: the list, one line beside its candidates, and one answer for many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.ledger import claiming
from jigai.platform.ledger.act_views import nothing_picked, told
from jigai.platform.ledger.acts import ActRefusedError
from jigai.platform.ledger.editing import screen_again
from jigai.platform.ledger.models import Act, OpenLine
from jigai.platform.ledger.tables import CLAIMS, WHY
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import attribute_word, with_unit
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.pages import Done, form_page

LIST = "ledger:claims"


@needs(CAPABILITY)
def index(request: SiteRequest) -> HttpResponse:
    """List the lines that wait for an answer, and those answered."""
    waiting = claiming.open_lines().count()
    said = _("%(n)s 行等您认领：系统拿不准是哪一台，没有替您猜。") % {"n": f"{waiting:,}"} if waiting else ""
    listing = CLAIMS.answer(request, subtitle=said)
    return render(request, "web/_list.html" if request.htmx else "ledger/claims.html", {"listing": listing})


@needs(CAPABILITY)
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a line beside the devices it may be."""
    line = claiming.get_line(request.actor, pk)
    found = claiming.candidates(line)
    return render(request, "ledger/claim.html", {
        "line": line,
        "name": line.values.get("name") or line.values.get("model") or str(line),
        "why": WHY[line.why],
        "candidates": [{"device": one, "rows": claiming.beside(line, one)} for one in found],
        "said": [(attribute_word(name), with_unit(name, value)) for name, value in line.values.items()],
        "next": _next(line),
        "waiting": claiming.open_lines().filter(site=line.site_id).count(),
    })  # fmt: skip


def _next(line: OpenLine) -> OpenLine | None:
    """Return the line to look at after this one: of the same site first."""
    rows = claiming.open_lines().exclude(pk=line.pk).order_by("pk")
    return rows.filter(site=line.site_id).first() or rows.first()


@require_POST
@needs(CAPABILITY)
def answer(request: SiteRequest, pk: int) -> HttpResponse:
    """Take the answer to one line: the device it is, or a new machine."""
    line = claiming.get_line(request.actor, pk)
    following = _next(line)
    try:
        acts, said = _answered(request, line)
    except ActRefusedError as error:
        messages.error(request, str(error))
        return redirect("ledger:claim", pk)
    screen_again(request.actor, acts)
    told(request, said, acts)
    return redirect("ledger:claim", following.pk) if following else redirect(LIST)


def _answered(request: SiteRequest, line: OpenLine) -> tuple[list[Act], str]:
    device = request.POST.get("device", "")
    if device == "new":
        acts = claiming.claim_as_new(request.actor, [line.pk])
        return acts, _("已作为新设备入库。原用这个编号的设备若已换下，请登记去向。")
    if not device.isdecimal() or len(device) > 15:
        raise ActRefusedError(_("请选是哪一台，或“是一台新设备”。"))
    return claiming.claim(request.actor, {line.pk: int(device)}), _("已认领，台账的值已记到这台设备上。")


def _picked(texts: list[str]) -> list[OpenLine]:
    """Return the lines ticked that are still open; ``Http404`` where one is not in scope."""
    numbers = {int(one) for one in texts if one.isdecimal() and len(one) < 16}
    found = list(claiming.open_lines().filter(pk__in=numbers).order_by("pk"))
    if len(found) != len(numbers) and OpenLine.objects.filter(pk__in=numbers).count() != len(numbers):
        raise Http404
    return found


@require_POST
@needs(CAPABILITY)
def many(request: SiteRequest) -> HttpResponse:
    """Give many lines the same answer: each its only candidate, or all of them new machines."""
    lines = _picked(request.POST.getlist("pick"))
    if not lines:
        return nothing_picked(request, reverse(LIST))
    try:
        if request.POST.get("as") == "new":
            acts = claiming.claim_as_new(request.actor, [one.pk for one in lines])
            said = _("%(n)d 行已作为新设备入库。")
        else:
            acts = claiming.claim(request.actor, claiming.only_candidates(lines))
            said = _("%(n)d 行已认领。")
    except ActRefusedError as error:
        messages.error(request, str(error))
        return redirect(LIST)
    screen_again(request.actor, acts)
    told(request, said % {"n": sum(one.lines.count() for one in acts)}, acts)
    return redirect(LIST)


@needs(CAPABILITY)
def disown(request: SiteRequest) -> HttpResponse:
    """Say that lines are none of the site's devices, with the reason."""
    lines = _picked(request.GET.getlist("pick"))
    if not lines:
        return nothing_picked(request, reverse(LIST))

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            acts = claiming.disown(request.actor, [one.pk for one in lines], values["reason"])
        except ActRefusedError as error:
            raise ValidationError(str(error)) from error
        told(request, _("%(n)d 行已登记为不是本厂设备。") % {"n": len(lines)}, acts)
        return Done(reverse(LIST))

    sub = _("共 %(n)d 行。原行保留；以后的台账里同样的行不再问，撤销后再问。") % {"n": len(lines)}
    title = _("不是本厂的设备")
    return form_page(request, ReasonForm, act, title=title, back=reverse(LIST), crumb=_("待认领的台账行"), sub=sub)
