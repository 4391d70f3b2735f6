"""Entries of registers for the search of the top bar."""

from __future__ import annotations

from django.urls import reverse

from jigai.platform.home.search import Hit
from jigai.platform.registers.definition import registers
from jigai.platform.registers.models import PublicEntry, RegisterEntry
from jigai.platform.walls.actor import Actor


def find(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Return the entries in scope whose name holds every one of ``words``."""
    if not actor.may("register.view") or not words.strip():
        return []
    known = registers()
    hits: list[Hit] = []
    for model in (RegisterEntry, PublicEntry):
        rows = model.objects.filter(register__in=list(known)).order_by("title")
        rows = rows.filter(versions__superseded_at__isnull=True, versions__removed=False)
        for part in words.split():
            rows = rows.filter(title__icontains=part)
        for entry in rows[: limit - len(hits)]:
            url = reverse("registers:entry", args=[entry.register, entry.pk])
            hits.append(Hit(entry.title, url, str(known[entry.register].title_here)))
    return hits
