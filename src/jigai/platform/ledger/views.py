"""The list of devices, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.enterprises.models import Line
from jigai.platform.ledger import guide, offered, services
from jigai.platform.ledger.acts import stands
from jigai.platform.ledger.claiming import open_lines
from jigai.platform.ledger.evidence import evidence, findings
from jigai.platform.ledger.label_views import address_of
from jigai.platform.ledger.labels import code_of
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.reading import nameplate_of
from jigai.platform.ledger.seen_by import seers
from jigai.platform.ledger.tables import DEVICES
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import kind_word, missing_words, tone, word
from jigai.platform.places.models import ManagingUnit
from jigai.platform.screening.models import Run
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.totals import AT_ONCE

HOW = {
    "upload": gettext_lazy("台账上报"),
    "entry": gettext_lazy("逐台录入"),
    "edit": gettext_lazy("更正"),
    "reply": gettext_lazy("按答复更正"),
    "split": gettext_lazy("拆分"),
    "merge": gettext_lazy("合并"),
    "gone": gettext_lazy("登记已不在"),
    "moved": gettext_lazy("移至另一厂区"),
    "still": gettext_lazy("登记仍在"),
    "back": gettext_lazy("恢复"),
}
"""What brought a state, in words."""
TOGETHER = ("split", "merge", "gone")
"""Steps that touch several devices, whose others are named."""
MOST_NAMED = 200


@needs("ledger.view")
def index(request: SiteRequest) -> HttpResponse:
    """List devices."""
    may_take = request.actor.may(CAPABILITY)
    claims = open_lines().count() if may_take else 0
    listing = DEVICES.answer(request, subtitle=_sentence(), may_take=may_take, claims=claims)
    return render(request, "web/_list.html" if request.htmx else "ledger/list.html", {"listing": listing})


def _sentence() -> str:
    """Say how many must go; of very many only that they are."""
    rows = Device.objects.filter(verdict="must_replace", gone_at=None).order_by()
    waiting = int(offered.kept("must_replace", lambda: [str(rows[: AT_ONCE + 1].count())])[0])
    if not waiting:
        return ""
    return _("其中必须淘汰 %(n)s 行。") % {"n": f"{waiting:,}" if waiting <= AT_ONCE else _("%d 以上") % AT_ONCE}


@needs("ledger.view")
def identified(request: SiteRequest, identifier: str) -> HttpResponse:
    """Lead from the identifier on a label to the page of the device."""
    return redirect("ledger:device", services.by_identifier(request.actor, identifier).pk)


@needs("ledger.view")
def device(request: SiteRequest, pk: int) -> HttpResponse:
    """Show one device: how its plate is read, what was found and why, and everything that was ever said of it."""
    one = services.get_device(request.actor, pk)
    history, without = list(services.states(one)), services.hidden(request.actor)
    run = Run.objects.filter(pk=one.run_id or 0).first()
    told = services.explained(history[0], run.as_of if run else None, one.industry_code)
    listed = findings(told)
    chosen = next((each for each in listed if each.check == request.GET.get("check")), listed[0])
    context = {
        "device": one,
        "head": _head(one, told.kind_zh),
        "run": run,
        "as_of": told.as_of,
        "verdict": {"state": tone("verdict", told.verdict), "word": word("verdict", told.verdict)},
        "differs": bool(one.verdict) and one.verdict != told.verdict,
        "missing": missing_words(told.device.get("missing") or ""),
        "parameters": services.parameters(history[0], told, without),
        "findings": listed,
        "chosen": chosen,
        "evidence": evidence(chosen, history[0], told),
        "history": _history(services.changes(history, without)),
        "qr": code_of(address_of(request, one)),
        "reading": nameplate_of(one, told),
        "directions": guide.of_device(one),
        **_doing(request, one, history[0]),
    }
    return render(request, "ledger/device.html", context)


def _doing(request: SiteRequest, one: Device, last: DeviceState) -> dict[str, Any]:
    """What the one who acts may do to the device, and what of it can be taken back."""
    if not request.actor.may(CAPABILITY):
        return {"may_take": False}
    act = last.act if last.act_id else None
    return {
        "may_take": one.gone_at is None,
        "lines": Line.objects.filter(site=one.site_id, retired=None) if one.gone_at is None else (),
        "undoable": act if act and act.what != "bulk" and not stands(act) else None,
    }


def _history(changes: list[Any]) -> list[dict[str, Any]]:
    """Return the states with what they changed, and the other devices the same step touched."""
    acts = {state.act_id for state, _pairs in changes if state.act_id and state.how in TOGETHER}
    others: dict[int, list[Device]] = {}
    for state in DeviceState.objects.filter(act__in=acts).select_related("device").order_by("pk")[:MOST_NAMED]:
        others.setdefault(state.act_id or 0, []).append(state.device)
    return [
        {
            "state": state,
            "pairs": pairs,
            "word": HOW.get(state.how, ""),
            "others": [each for each in others.get(state.act_id or 0, []) if each.pk != state.device_id],
        }
        for state, pairs in changes
    ]


@needs("ledger.view")
def seen(request: SiteRequest, pk: int) -> HttpResponse:
    """Show who else sees a device, and what of it they do not."""
    one = services.get_device(request.actor, pk)
    return render(request, "ledger/seen.html", {"device": one, "seers": seers(one)})


def _head(one: Device, kind: str) -> dict[str, Any]:
    unit = ManagingUnit.objects.filter(code=one.manager_code).first()
    return {"kind": kind_word(one.kind) if one.kind else kind, "manager": str(unit or one.manager_code)}
