"""What the frame around every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from jigai.platform.walls.actor import ANYONE
from jigai.platform.web.help import help_for
from jigai.platform.web.navigation import groups_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the names, links and counts of the frame."""
    actor = getattr(request, "actor", ANYONE)
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "actor": actor,
        "memberships": getattr(request, "memberships", []),
        "city": settings.CITY_NAME,
        "demo": settings.DEMO,
        "second_factor_off": settings.DEMO and settings.SECOND_FACTOR == "off_for_demo",
        "one_office": not settings.POSTGRES,
        "idle_minutes": settings.IDLE_MINUTES,
        "html_language": "en" if language.startswith("en") else "zh-Hans",
        "navigation": groups_for(actor, request.path, language),
        "page_help": help_for(request.resolver_match.view_name if request.resolver_match else "", language),
        "unread": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    from jigai.platform.notices.services import unread_count

    return unread_count(request.actor)  # type: ignore[attr-defined]
