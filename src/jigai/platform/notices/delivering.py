"""Carry the outbox out: each delivery tried, put off longer each time it fails, and given up in the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jigai.platform.notices import adapters
from jigai.platform.notices.data import waits
from jigai.platform.notices.models import Delivery
from jigai.platform.notices.services import OUTBOX
from jigai.platform.walls.scope import use_scope

log = logging.getLogger("jigai.notices")

BATCH = 50
ADAPTERS: dict[str, Callable[[Delivery], None]] = {
    Delivery.Channel.MAIL: adapters.mail,
    Delivery.Channel.FILE: adapters.file,
}


def deliver() -> int:
    """Try whatever is due and return how many went out."""
    due = Q(next_at__isnull=True) | Q(next_at__lte=timezone.now())
    with transaction.atomic(), use_scope(OUTBOX):
        waiting = Delivery.objects.filter(due, state=Delivery.State.WAITING, channel__in=_configured())
        numbers = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_try(number) for number in numbers)


def _try(number: int) -> bool:
    """Try one: what is to be sent is read first, and no transaction is open while the other side makes us wait."""
    with transaction.atomic(), use_scope(OUTBOX):
        rows = Delivery.objects.select_related("notice__user", "notice__org")
        delivery = rows.filter(pk=number, state=Delivery.State.WAITING).first()
        if delivery is None:
            return False
        # Counted before it is tried: a worker that dies in the attempt does not try for ever.
        delivery.attempts += 1
        wait = waits()[min(delivery.attempts, len(waits())) - 1]
        delivery.next_at = timezone.now() + wait
        delivery.save(update_fields=["attempts", "next_at"])
    error = ""
    try:
        ADAPTERS[delivery.channel](delivery)
    except (OSError, SMTPException) as problem:
        error = f"{type(problem).__name__}: {problem}"[:300]
        log.warning("notice %s by %s: %s", delivery.notice_id, delivery.channel, error)
    with transaction.atomic(), use_scope(OUTBOX):
        delivery.error = error
        if not error:
            delivery.state, delivery.sent_at, delivery.next_at = Delivery.State.SENT, timezone.now(), None
        elif delivery.attempts >= len(waits()):
            delivery.state, delivery.next_at = Delivery.State.GIVEN_UP, None
        delivery.save(update_fields=["error", "state", "sent_at", "next_at"])
    return not error


def _configured() -> list[str]:
    ways = [Delivery.Channel.MAIL] if settings.MAIL_URL else []
    return [*ways, *([Delivery.Channel.FILE] if settings.NOTICE_DIR else [])]
