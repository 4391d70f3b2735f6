"""A request as views get it: the scope middleware has said who acts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jigai.platform.walls.actor import Actor


class SiteRequest(HttpRequest):
    """Django's request with who acts (``actor``) and whether a part of a page was asked for (``htmx``)."""

    actor: Actor
    htmx: Any
