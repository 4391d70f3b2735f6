"""The list of devices, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jigai.platform.ledger import services
from jigai.platform.ledger.evidence import evidence, findings
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.tables import DEVICES, devices
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import kind_word, missing_words, tone, word
from jigai.platform.places.models import ManagingUnit
from jigai.platform.screening.models import Run
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


@needs("ledger.view")
def index(request: SiteRequest) -> HttpResponse:
    """List devices."""
    listing = DEVICES.answer(request, subtitle=_sentence(), may_take=request.actor.may(CAPABILITY))
    return render(request, "web/_list.html" if request.htmx else "ledger/list.html", {"listing": listing})


def _sentence() -> str:
    waiting = devices().filter(verdict="must_replace").count()
    return _("其中必须淘汰 %(n)s 行。") % {"n": f"{waiting:,}"} if waiting else ""


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
        "history": services.changes(history, without),
    }
    return render(request, "ledger/device.html", context)


def _head(one: Device, kind: str) -> dict[str, Any]:
    unit = ManagingUnit.objects.filter(code=one.manager_code).first()
    return {"kind": kind_word(one.kind) if one.kind else kind, "manager": str(unit or one.manager_code)}
