"""The devices of an enterprise on its page, by verdict: lines, machines and power, each leading to the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.panels import Panel
from jigai.platform.ledger.models import Device, OpenLine
from jigai.platform.ledger.services import VIEW
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import choices, tone
from jigai.platform.walls.actor import Actor


def panels(actor: Actor, person: LegalPerson) -> Iterable[Panel]:
    """Offer the panel to who may see devices."""
    if not actor.may(VIEW):
        return
    url = f"{reverse('ledger:list')}?enterprise={person.pk}"
    rows = by_verdict(Device.objects.filter(legal_person=person, gone_at=None), url)
    context: dict[str, Any] = {
        "rows": rows,
        "total": {name: sum(row[name] or 0 for row in rows) for name in ("lines", "machines", "power")},
        "silent": sum(row["silent"] for row in rows),
        "claims": OpenLine.objects.filter(site__legal_person=person, settled_at=None).count(),
        "url": url,
        "person": person,
        "may_take": actor.may(CAPABILITY),
    }
    yield Panel(_("设备"), "ledger/_enterprise.html", context, url if rows else "", order=20)


def by_verdict(devices: QuerySet[Device], url: str) -> list[dict[str, Any]]:
    """Return lines, machines and power of devices by verdict, the gravest first, those not judged last.

    ``url`` is the list they are all in; each row leads to its part.
    """
    machines = Coalesce(F("quantity"), 1)
    power = Cast(F("power_kw"), FloatField()) * machines
    told = {
        row["verdict"]: row
        for row in devices.order_by()
        .values("verdict")
        .annotate(
            lines=Count("pk"),
            machines=Sum(machines),
            power=Sum(power),
            silent=Count("pk", filter=Q(silent_since__isnull=False)),
        )
    }
    order = [*choices("verdict"), ("", _("尚未筛查"))]
    rows = []
    for key, word in order:
        if key in told:
            part = f"&verdict={key}" if key else "&problem=unjudged"
            state = tone("verdict", key) if key else "idle"
            rows.append({**told[key], "word": word, "state": state, "url": url + part})
    return rows
