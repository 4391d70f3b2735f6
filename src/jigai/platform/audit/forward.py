"""Hand the trail to a log collector by syslog (RFC 5424), in the order of the chain, losing nothing.

The mark of what was handed over moves on only when the collector has taken it. By TCP (RFC 6587) the collector's
closing of the connection is the sign: a message may come twice after a failure, never not at all. By UDP nobody can
know what arrived; it is there for collectors that know nothing else.
"""

from __future__ import annotations

import json
import socket
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jigai.platform.audit.chain import CHAIN
from jigai.platform.audit.models import Event, Forwarding, Link
from jigai.platform.audit.secrets import shown
from jigai.platform.walls.scope import use_scope

PRIORITY: Final = 13 * 8 + 5
"""Facility *log audit*, severity *notice*."""
BATCH: Final = 200
PATIENCE: Final = 10.0
"""Seconds to wait for a collector."""
LARGEST_DATAGRAM: Final = 60_000


def forward() -> int:
    """Hand over what has not been yet and return how many events; the state says what went wrong."""
    if not settings.SYSLOG:
        return 0
    sent = 0
    while True:
        with transaction.atomic(), use_scope(CHAIN):
            mark, _ = Forwarding.objects.get_or_create(pk=1)
            messages = _next(mark.position)
        if not messages:
            return sent
        try:
            _send([text for _, text in messages])
        except OSError as error:
            mark.failing_since = mark.failing_since or timezone.now()
            mark.error = str(error)[:300]
            mark.save(update_fields=["failing_since", "error"])
            return sent
        # Only from where this batch began: another worker that was slow must not set the mark back.
        fresh = {"position": messages[-1][0], "at": timezone.now(), "failing_since": None, "error": ""}
        Forwarding.objects.filter(pk=1, position=mark.position).update(**fresh)
        sent += len(messages)


def message(event: Event, link: Link, host: str) -> bytes:
    """Return an event as one syslog message: what is filtered on as structured data, all of it as JSON text."""
    named = {
        "position": link.position,
        "hash": link.hash,
        "action": event.action,
        "actor": event.actor,
        "organisation": event.actor_org,
        "address": event.address,
        "object": f"{event.object_type}:{event.object_id}" if event.object_type else "",
    }
    data = " ".join(f'{key}="{_escaped(str(value))}"' for key, value in named.items() if value)
    open_ = shown(event)  # nobody knows who reads the collector
    said = {"name": event.object_name, "before": open_.before, "after": open_.after, "reason": open_.reason}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    at = event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")
    return f"<{PRIORITY}>1 {at} {host} jigai - audit [jigai@32473 {data}] \ufeff{text}".encode()


def collector() -> tuple[str, str, int]:
    """Return protocol, host and port of ``JIGAI_SYSLOG``: ``host:port`` is TCP, ``udp://host:port`` is UDP."""
    given = settings.SYSLOG if "://" in settings.SYSLOG else f"tcp://{settings.SYSLOG}"
    parts = urlsplit(given)
    return parts.scheme, parts.hostname or "localhost", parts.port or 514


def _next(position: int) -> list[tuple[int, bytes]]:
    links = list(Link.objects.filter(position__gt=position).order_by("position")[:BATCH])
    events = Event.objects.in_bulk([link.event_number for link in links])
    host = socket.gethostname() or "-"
    return [
        (link.position, message(events[link.event_number], link, host)) for link in links if link.event_number in events
    ]


def _send(messages: list[bytes]) -> None:
    protocol, host, port = collector()
    if protocol == "udp":
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.connect((host, port))
            for one in messages:
                datagrams.send(one[:LARGEST_DATAGRAM])
        return
    with socket.create_connection((host, port), timeout=PATIENCE) as stream:
        for one in messages:
            stream.sendall(f"{len(one)} ".encode() + one)
        stream.shutdown(socket.SHUT_WR)
        # The collector closes when it has read to the end; anything else (reset, silence) raises and is sent again.
        while stream.recv(4096):
            pass


def _escaped(value: str) -> str:
    for sign in ("\\", '"', "]"):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", " ")
