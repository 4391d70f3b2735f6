"""Write the audit trail and check that nobody changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from jigai.platform.audit.models import ChainHead, Event
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.models import Scoped

START = "0" * 64
"""Hash before the first event."""


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
    """Add an event to the chain and return it.

    Args:
        actor: who did it.
        action: what was done, a key such as ``site.edited``.
        subject: what it was done to; its scope columns become those of the event.
        before: the fields that changed, as they were.
        after: the same fields, as they are.
        reason: why, where the page asks for it.
        address: where the request came from.
    """
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().filter(pk=1).first() or ChainHead(pk=1, hash=START)
        event = Event(
            number=head.number + 1,
            at=timezone.now(),
            actor=actor.label,
            actor_org=str(actor.organisation or "")[:120],
            address=address,
            action=action,
            object_type=subject._meta.label_lower if subject else "",
            object_id=str(subject.pk) if subject else "",
            object_name=str(subject)[:200] if subject else "",
            before=_plain(before),
            after=_plain(after),
            reason=reason,
            previous_hash=head.hash,
            **_columns(actor, subject),
        )
        event.hash = link(event)
        # Without asking the row back: who acts may add an event that they will not see.
        Event.unscoped.bulk_create([event])
        head.number, head.hash = event.number, event.hash
        head.save()
    return event


def link(event: Event) -> str:
    """Return the hash of an event over all it says and the hash before it (SM3 where the system has it)."""
    said = {
        field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields if field.name != "hash"
    }
    said["at"] = event.at.isoformat()
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    name = "sm3" if "sm3" in hashlib.algorithms_available else "sha256"
    return f"{name}:{hashlib.new(name, text.encode()).hexdigest()}"


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
