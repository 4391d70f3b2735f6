"""Devices for the search of the top bar."""

from __future__ import annotations

from contextlib import suppress

from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.home.search import Hit
from jigai.platform.ledger.identifiers import NotAnIdentifierError, number_of
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.tables import by_words
from jigai.platform.walls.actor import Actor


def find(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Return the device an identifier names, else those found by name, model or number."""
    if not actor.may("ledger.view") or not words.strip():
        return []
    rows = Device.objects.filter(gone_at__isnull=True).select_related("site")
    with suppress(NotAnIdentifierError):
        named = rows.filter(pk=min(number_of(words), 2**62)).first()
        if named:
            return [_hit(named)]
    return [_hit(one) for one in by_words(rows, words).order_by("pk")[:limit]]


def _hit(one: Device) -> Hit:
    about = " · ".join(part for part in (one.model, one.site.enterprise_name if one.site else "") if part)
    return Hit(str(one), reverse("ledger:device", args=[one.pk]), _("设备"), about)
