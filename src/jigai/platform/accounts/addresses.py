"""Where a request came from, as far as the reverse proxies in front can be trusted."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of the visitor.

    With ``JIGAI_PROXIES`` proxies in front, it is the entry the outermost of them added to ``X-Forwarded-For``;
    what the visitor wrote there before that is not believed. Something that is no address gives the direct one.
    """
    direct = request.META.get("REMOTE_ADDR", "") or "127.0.0.1"
    if not settings.PROXIES:
        return direct
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if len(chain) < settings.PROXIES:
        return direct
    try:
        return str(ip_address(chain[-settings.PROXIES]))
    except ValueError:
        return direct
