"""What the pages of devices show of photos and objections."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from jigai.platform.ledger.models import Device
from jigai.platform.ledger.words import word
from jigai.platform.replies import objections, photos
from jigai.platform.replies.data import FLOW, OPEN
from jigai.platform.replies.forms import ACCEPT
from jigai.platform.replies.models import Objection, SiteCheck, Told
from jigai.platform.replies.pages import shown_photos, verdict_badge
from jigai.platform.replies.versions import versions
from jigai.platform.replies.windows import CONTESTABLE, window
from jigai.platform.screening.models import Finding
from jigai.platform.walls.actor import ANYONE

register = template.Library()


@register.inclusion_tag("replies/_device.html", takes_context=True)
def replies_of(context: dict[str, Any], device: Device) -> dict[str, Any]:
    """Show the photos of a device, the findings that can be contested with the days left, objections and verdicts."""
    request = context["request"]
    actor, today = getattr(request, "actor", ANYONE), timezone.localdate()
    filed = list(Objection.objects.filter(device=device).order_by("-pk"))
    told = {(one.check_name, one.outcome, one.rule_id): one for one in Told.objects.filter(device=device)}
    against = Finding.objects.filter(device=device, outcome__in=CONTESTABLE).order_by("pk")
    own = actor.organisation is not None and actor.organisation.pk == device.org_id
    found = shown_photos(actor, photos.of_device(device))
    return {
        "device": device,
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "photos": [one for one in found if one["photo"].withdrawn_at is None],
        "withdrawn": [one for one in found if one["photo"].withdrawn_at is not None],
        "accept": ACCEPT,
        "may_add": actor.may(photos.ADD),
        "against": [_contestable(one, told, filed, today) for one in against] if device.gone_at is None else [],
        "may_file": own and actor.may(objections.FILE),
        "objections": [(one, FLOW.states[one.state], word("check", one.check_name)) for one in filed],
        "versions": [(each, verdict_badge(each.verdict)) for each in versions(device)] if device.site_id else [],
        "check": SiteCheck.objects.filter(site=device.site_id, state="open", items__device=device).first(),
    }


def _contestable(one: Finding, told: dict[Any, Told], filed: list[Objection], today: Any) -> dict[str, Any]:
    query = urlencode({"check": one.check_name, "rule": one.rule_id})
    same = (each for each in filed if (each.check_name, each.rule_id) == (one.check_name, one.rule_id))
    return {
        "check": word("check", one.check_name),
        "outcome": word("outcome", one.outcome),
        "rule": one.rule_id,
        "window": window(told.get((one.check_name, one.outcome, one.rule_id)), today),
        "open": next((each for each in same if each.state in OPEN), None),
        "url": f"{reverse('replies:new', args=[one.device_id])}?{query}",
    }


@register.simple_tag
def reply_state(device: Device) -> str:
    """Return the word that a reply is open on a device (答复中), empty where none is."""
    return FLOW.states["open"].label if objections.open_of([device.pk]) else ""
