"""The chain: every link holds a hash over its event and over the link before (SM3 where present, else SHA-256)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from jigai.platform.audit.models import ChainHead, Event, Link
from jigai.platform.audit.numbers import span
from jigai.platform.walls.scope import command_scope, use_scope

START: Final = "0" * 64
"""Hash before the first link."""

CHAIN = command_scope("audit chain: every event is linked, whoever wrote it")
BATCH: Final = 500
LATE: Final = span(timedelta(days=1))
"""How far behind the newest linked event one that was committed late may lie; older ones are not looked for, so that
linking costs the same however long the trail is, and an event smuggled into the past stays outside the chain."""
FIELDS: Final = tuple(field.attname for field in Event._meta.concrete_fields)


def algorithm() -> str:
    """Return the hash new links are made with."""
    return "sm3" if "sm3" in hashlib.algorithms_available else "sha256"


def hash_of(event: Mapping[str, Any], position: int, previous: str, name: str) -> str:
    """Return the hash of a link over all its event says, its position and the hash before it."""
    said = {key: event[key] for key in FIELDS}
    said["at"] = event["at"].isoformat()
    said |= {"position": position, "previous_hash": previous}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return f"{name}:{hashlib.new(name, text.encode()).hexdigest()}"


def link_after_commit() -> None:
    """Link what the present transaction writes as soon as it is committed; once, however many events those are."""
    if not any(entry[1] is _link_all for entry in connection.run_on_commit):
        transaction.on_commit(_link_all, robust=True)


def _link_all() -> None:
    link_pending()


def link_pending() -> int:
    """Link every event that is not in the chain yet, oldest first, and return how many there were.

    Runs right after the transaction that wrote them; what a crash left behind is linked by the next one, or by the
    worker.
    """
    linked = 0
    while True:
        with transaction.atomic(), use_scope(CHAIN):
            found = _link_some()
        linked += found
        if found < BATCH:
            return linked


def head() -> ChainHead:
    """Return the newest link, as the head remembers it."""
    return ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1, hash=START)


def pending() -> Any:
    """Return the events that are not in the chain."""
    return Event.objects.filter(~Exists(Link.objects.filter(event_number=OuterRef("number"))))


def _link_some() -> int:
    top = ChainHead.objects.select_for_update().filter(pk=1).first()
    if top is None:
        # Two processes may both find none: one insert stands, both then wait for its lock.
        ChainHead.objects.bulk_create([ChainHead(pk=1, hash=START)], ignore_conflicts=True)
        top = ChainHead.objects.select_for_update().get(pk=1)
    waiting = pending().filter(number__gt=top.newest - LATE).order_by("number")
    events = list(waiting.values(*FIELDS)[:BATCH])
    links = []
    name = algorithm()
    for event in events:
        position = top.position + 1
        link = Link(position=position, event_number=event["number"], previous_hash=top.hash)
        link.hash = hash_of(event, position, top.hash, name)
        links.append(link)
        top.position, top.hash, top.newest = position, link.hash, max(top.newest, link.event_number)
    if links:
        Link.objects.bulk_create(links)
        top.save()
    return len(links)
