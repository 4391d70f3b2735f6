"""Enterprises and sites for the search of the top bar."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.enterprises.tables import by_words, with_manager
from jigai.platform.home.search import Hit
from jigai.platform.walls.actor import Actor


def find(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Return the enterprises found by name, code, former code or pinyin initials, then the sites found by name."""
    if not actor.may("enterprise.view") or not words.strip():
        return []
    persons = with_manager(by_words(LegalPerson.objects.all(), words)).order_by("name")[:limit]
    hits = [
        Hit(
            one.name,
            reverse("enterprises:page", args=[one.pk]),
            _("企业"),
            " · ".join(part for part in (one.manager_name, one.credit_code) if part),
        )
        for one in persons
    ]
    asked = Q(name__icontains=words.strip()) | Q(address__icontains=words.strip())
    sites = Site.objects.filter(asked)[: max(0, limit - len(hits))]
    url = "enterprises:site"
    return hits + [Hit(one.name, reverse(url, args=[one.pk]), _("厂区"), one.enterprise_name) for one in sites]
