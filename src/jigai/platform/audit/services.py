"""Write the audit trail, and read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from jigai.platform.audit.address import client_address
from jigai.platform.audit.chain import link_after_commit
from jigai.platform.audit.models import Event
from jigai.platform.audit.numbers import draw
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.models import Scoped


def record(
    actor: Actor,
    action: str,
    subject: models.Model | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    address: str = "",
) -> Event:
    """Write an event, in the transaction of what was done; it is linked into the chain right after the commit.

    No lock is held meanwhile: a long import and a short edit do not wait for each other's place in the chain.

    Args:
        actor: who did it.
        action: what was done, a key of ``actions.csv`` such as ``site.edited``.
        subject: what it was done to; its scope columns become those of the event.
        before: the fields that changed, as they were.
        after: the same fields, as they are.
        reason: why, where the page asks for it.
        address: where it came from; the request in hand says so by itself.
    """
    event = Event(
        number=draw(),
        at=timezone.now(),
        actor=actor.label[:150],
        actor_org=str(actor.organisation or "")[:120],
        address=address or client_address(),
        action=action,
        object_type=subject._meta.label_lower if subject else "",
        object_id=str(subject.pk) if subject else "",
        object_name=str(subject)[:200] if subject else "",
        before=_plain(before),
        after=_plain(after),
        reason=reason[:500],
        **_columns(actor, subject),
    )
    # Without asking the row back: who acts may add an event that they will not see.
    Event.unscoped.bulk_create([event])
    link_after_commit()
    return event


def history(actor: Actor, subject: models.Model, limit: int = 20) -> QuerySet[Event]:
    """Return what was done to one record, the newest first, for ``audit/_history.html``.

    Whoever sees the record sees who did what to it; values and addresses are on the page of the event, for those
    who read the trail.
    """
    events = Event.objects.filter(object_type=subject._meta.label_lower, object_id=str(subject.pk))
    return events.order_by("-number")[:limit]


def verify() -> int:
    """Verify the whole chain for the command line: what is found is printed, 1 is returned if it does not hold."""
    from jigai.platform.audit.command import verify_and_tell

    return verify_and_tell()


def _columns(actor: Actor, subject: models.Model | None) -> dict[str, Any]:
    if isinstance(subject, Scoped):
        return {
            "org_id": subject.org_id,
            "site_id": subject.site_id,
            "manager_code": subject.manager_code,
            "place_code": subject.place_code,
        }
    organisation = actor.organisation
    return {"org_id": organisation.pk, "manager_code": organisation.manager_code} if organisation else {}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return json.loads(json.dumps(dict(values), default=str, ensure_ascii=False)) if values is not None else None
