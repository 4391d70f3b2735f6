"""Who changed since a moment: the append-only tables tell it by when their rows were recorded and superseded (D16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.db.models import Q, QuerySet

from jigai.platform.accounts.models import Membership, SignIn
from jigai.platform.audit.models import Event
from jigai.platform.campaigns.models import Entry, Step
from jigai.platform.enterprises.models import LegalPerson, Line, Site
from jigai.platform.ledger.models import DeviceState, OpenLine
from jigai.platform.registers.models import PublicVersion, RegisterVersion
from jigai.platform.screening.models import ObsoleteStep, SiteRun

_OWNER: Final = {"legal_person": "legal_person", "line": "line__site__legal_person", "site": "site__legal_person"}
"""Field of a table of enterprises → the way to the legal person, the nearest first."""


def owners(since: datetime) -> set[int | None]:
    """Return the numbers of the legal persons of whom something was recorded or ended since; None: of nobody."""
    found: set[int | None] = set()
    for rows, path in _tables(since):
        found.update(rows.order_by().values_list(path, flat=True).distinct())
    if PublicVersion.objects.filter(_since(since, "recorded_at", "superseded_at")).exists():
        found.add(None)
    return found | _edited(since)


def _tables(since: datetime) -> Iterator[tuple[QuerySet[Any], str]]:
    """Yield the rows recorded or ended since, with the way to their legal person."""
    for model in apps.get_app_config("enterprises").get_models():
        names = {one.name for one in model._meta.get_fields()}
        moments = [one for one in ("recorded_at", "superseded_at") if one in names]
        path = next((way for name, way in _OWNER.items() if name in names), None)
        if "recorded_at" in moments and path:
            yield model._default_manager.filter(_since(since, *moments)), path
    yield SiteRun.objects.filter(_since(since, "since", "superseded_at")), "site__legal_person"
    yield ObsoleteStep.objects.filter(_since(since, "recorded_at")), "device__legal_person"
    yield DeviceState.objects.filter(_since(since, "recorded_at")), "site__legal_person"
    yield OpenLine.objects.filter(_since(since, "recorded_at")), "site__legal_person"
    versions = RegisterVersion.objects.filter(_since(since, "recorded_at", "superseded_at"))
    yield versions, "entry__legal_person"
    yield Step.objects.filter(_since(since, "recorded_at")), "entry__legal_person"
    moved = ("listed_at", "removed_at", "campaign__started_at", "campaign__closed_at")
    yield Entry.objects.filter(_since(since, *moved)), "legal_person"
    signed = Membership.objects.filter(user__in=SignIn.objects.filter(started_at__gte=since).values("user"))
    yield LegalPerson.objects.filter(org__in=signed.values("organisation")), "pk"


def _since(since: datetime, *moments: str) -> Q:
    found = Q()
    for one in moments:
        found |= Q(**{f"{one}__gte": since})
    return found


def _edited(since: datetime) -> set[int | None]:
    """Return the owners of enterprises, sites and lines that were edited or moved: their rows tell no moment."""
    found: set[int | None] = set()
    for model, path in ((LegalPerson, "pk"), (Site, "legal_person"), (Line, "site__legal_person")):
        events = Event.objects.filter(at__gte=since, object_type=model._meta.label_lower)
        numbers = [int(one) for one in set(events.values_list("object_id", flat=True)) if one.isdigit()]
        found.update(model.objects.filter(pk__in=numbers).values_list(path, flat=True))
    return found
