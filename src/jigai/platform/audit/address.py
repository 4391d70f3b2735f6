"""Where a request came from, for everything written in the trail while it is served."""

from __future__ import annotations

from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_address: ContextVar[str] = ContextVar("jigai_address", default="")


def client_address() -> str:
    """Return the address the request in hand came from; empty outside a request."""
    return _address.get()


def address_of(request: HttpRequest) -> str:
    """Return the address of the client.

    Every proxy in front adds the address it was called from at the end of ``X-Forwarded-For``; with ``JIGAI_PROXIES``
    of them the one so many places from the end is the client, and whatever stands before it the client may have
    invented.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        found = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else found
    try:
        return str(ip_address(found))
    except ValueError:
        return ""
