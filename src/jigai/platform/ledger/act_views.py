"""Pages where people say what became of devices: gone, split, merged, put right, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger import editing, silent, splitting
from jigai.platform.ledger.acts import ActRefusedError, in_force
from jigai.platform.ledger.device_forms import EditForm, GoneForm, MergeForm, SplitForm, compared, initial
from jigai.platform.ledger.models import Act, Device
from jigai.platform.ledger.services import get_device, gone_since, picked
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, done, form_page
from jigai.platform.web.undo import offer

LIST = "ledger:list"


def told(request: SiteRequest, message: str, acts: Iterable[Act]) -> None:
    """Say what was done, with a button that takes it back."""
    button = format_html(
        '<form method="post" action="{}" class="undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="btn btn-sm">{}</button></form>',
        reverse("ledger:act_undo"),
        get_token(request),
        format_html_join("", '<input type="hidden" name="act" value="{}">', ((one.pk,) for one in acts)),
        _("撤销"),
    )
    messages.success(request, format_html("{} {}", message, button))


def nothing_picked(request: SiteRequest, url: str) -> HttpResponse:
    """Send back who came without ticking anything."""
    messages.warning(request, _("请先在清单里勾选要办理的条目。"))
    return redirect(url)


def _refused(error: ActRefusedError) -> ValidationError:
    return ValidationError(str(error))


@needs(CAPABILITY)
def gone(request: SiteRequest) -> HttpResponse:
    """Ask what became of devices, and record it."""
    devices = picked(request.actor, request.GET.getlist("pick"))
    if not devices:
        return nothing_picked(request, reverse(LIST) + "?problem=silent")
    own = {one.legal_person_id for one in devices}
    sites = Site.objects.filter(legal_person__in=own, active=True).exclude(pk__in={one.site_id for one in devices})

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            acts = _say(request, [one.pk for one in devices], values)
        except ActRefusedError as error:
            raise _refused(error) from error
        if values["what"] == "moved":
            editing.screen_again(request.actor, acts)
        told(request, _("已登记 %(n)d 行设备的去向。") % {"n": len(devices)}, acts)
        alone = len(devices) == 1
        return Done(reverse("ledger:device", args=[devices[0].pk]) if alone else reverse(LIST) + "?problem=silent")

    return form_page(
        request,
        partial(GoneForm, sites=list(sites) if len(own) == 1 else []),
        act,
        title=_("登记去向"),
        back=reverse(LIST) + "?problem=silent",
        crumb=_("设备"),
        sub=_("登记后设备移出清单和统计，页面和历史保留，可随时撤销。"),
        template="ledger/act.html",
        devices=devices,
    )


def _say(request: SiteRequest, numbers: Sequence[int], values: dict[str, Any]) -> list[Act]:
    actor, today = request.actor, timezone.localdate()
    match values["what"]:
        case "dismantled":
            return silent.dismantled(actor, numbers, values["on"], values["record_no"], today)
        case "sold":
            return silent.sold(actor, numbers, values["on"], values["buyer"], today)
        case "moved":
            return silent.moved(actor, numbers, int(values["site"]), values["reason"])
        case _still:
            return silent.still_there(actor, numbers, values["reason"])


@needs(CAPABILITY)
def split(request: SiteRequest, pk: int) -> HttpResponse:
    """Split a line of several machines into numbered ones, some or all."""
    device = get_device(request.actor, pk)
    url = reverse("ledger:device", args=[pk])
    asked = request.GET.get("count", "")
    most = min(device.quantity or 1, splitting.MOST)
    count = min(int(asked), most) if asked.isdecimal() and len(asked) < 5 and int(asked) else most

    def act(values: dict[str, Any], version: int) -> Done:
        numbers = values["numbers"].splitlines()
        try:
            made = splitting.split(request.actor, pk, version, numbers, values["reason"])
        except ActRefusedError as error:
            raise _refused(error) from error
        editing.screen_again(request.actor, [made])
        told(request, _("已拆出 %(n)d 台，各台有自己的页面和标识。") % {"n": len(numbers)}, [made])
        return Done(reverse(LIST) + f"?enterprise={device.legal_person_id}&q=" + (device.code or device.model))

    return form_page(
        request,
        SplitForm,
        act,
        title=_("拆成单台"),
        back=url,
        crumb=str(device),
        sub=_("这一行有 %(n)s 台。") % {"n": device.quantity or "—"},
        initial={"numbers": "\n".join(splitting.proposed_numbers(device, count))},
        version=device.version,
        button=_("拆分"),
        template="ledger/split.html",
        device=device,
        count=count,
        most=most,
    )


@needs(CAPABILITY)
def merge(request: SiteRequest) -> HttpResponse:
    """Say that several devices are one."""
    asked = request.GET.getlist("pick")
    if lost := gone_since(request.actor, asked):
        messages.error(request, splitting.not_there(lost))
        return redirect(LIST)
    devices = picked(request.actor, asked)
    if len(devices) < 2:
        messages.warning(request, _("请勾选同一厂区的两台以上设备，再点“合并”。"))
        return redirect(LIST)
    values = {number: state.values for number, state in in_force(one.pk for one in devices).items()}

    def act(said: dict[str, Any], version: int) -> Done:
        keep = int(said["keep"])
        others = [one.pk for one in devices if one.pk != keep]
        holds: dict[str, Any] = {}
        for number in (*others, keep):
            holds |= values[number]
        try:
            holds |= {"quantity": said["quantity"]}
            made = splitting.merge(request.actor, keep, others, version, holds, said["reason"])
        except ActRefusedError as error:
            raise _refused(error) from error
        editing.screen_again(request.actor, [made])
        told(request, _("已合并为一台，其余 %(n)d 台移出清单，历史保留。") % {"n": len(others)}, [made])
        return Done(reverse("ledger:device", args=[keep]))

    return form_page(
        request,
        partial(MergeForm, devices=devices),
        act,
        title=_("合并为一台"),
        back=reverse(LIST),
        crumb=_("设备"),
        sub=_("保留的一台没有填的参数，用其余各台的补上。"),
        button=_("合并"),
        initial={"keep": str(devices[0].pk), "quantity": max(one.quantity or 1 for one in devices)},
        version=splitting.version_of(devices),
        template="ledger/merge.html",
        devices=devices,
        rows=compared(devices, values),
    )


@needs(CAPABILITY)
def edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Put values of a device right, with the reason."""
    device = get_device(request.actor, pk)
    known = in_force([pk])[pk].values
    items = editing.editable(request.actor, device, known)
    forms: list[EditForm] = []

    def make(**kwargs: Any) -> EditForm:
        forms.append(EditForm(attributes=items, known=known, **kwargs))
        return forms[-1]

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            made = editing.edit(request.actor, pk, version, forms[-1].changes(), values["reason"])
        except ActRefusedError as error:
            raise _refused(error) from error
        editing.screen_again(request.actor, [made])
        told(request, _("已更正，原来的值在历史里。"), [made])
        return Done(reverse("ledger:device", args=[pk]))

    return form_page(
        request,
        make,
        act,
        title=_("更正“%(what)s”") % {"what": device},
        back=reverse("ledger:device", args=[pk]),
        crumb=str(device),
        sub=_("只改有误的项；改过的项不再对应台账单元格。"),
        initial=initial(known, items),
        version=device.version,
    )


@require_POST
@needs(CAPABILITY)
def line(request: SiteRequest, pk: int) -> HttpResponse:
    """Say which production line a device belongs to."""
    text = request.POST.get("line", "")
    event = editing.choose_line(request.actor, pk, int(text) if text.isdecimal() and len(text) < 16 else None)
    url = reverse("ledger:device", args=[pk])
    return done(request, Done(url, _("已记下所在产线。"), offer(event, CAPABILITY, url)))


@require_POST
@needs(CAPABILITY)
def undo(request: SiteRequest) -> HttpResponse:
    """Take acts back, the latest first; where one cannot be, none is."""
    numbers = sorted(
        {int(one) for one in request.POST.getlist("act") if one.isdecimal() and len(one) < 16}, reverse=True
    )
    acts = [get_act(request.actor, number) for number in numbers]
    if not acts:
        return nothing_picked(request, reverse(LIST))
    touched = Device.objects.filter(states__act__in=acts).distinct()
    back = reverse("ledger:device", args=[touched[0].pk]) if len(touched[:2]) == 1 else reverse(LIST)
    try:
        for one in acts:
            take_back(request.actor, one)
    except ActRefusedError as error:
        messages.error(request, str(error))
        return redirect(back)
    editing.screen_again(request.actor, acts)
    messages.success(request, _("已撤销，设备恢复原状；历史里仍看得到这次登记。"))
    return redirect(back)
