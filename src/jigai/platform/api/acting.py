"""From the header of a request to who acts."""

from __future__ import annotations

from django.http import HttpRequest

from jigai.platform.api.services import MARK, actor_of_secret
from jigai.platform.walls.actor import ANYONE, Actor

ROOT = "/api/v1/"
"""Below this address requests are made with a token, never with a browser's session."""


def actor_of_token(request: HttpRequest) -> Actor:
    """Return who acts by the token in ``Authorization: Bearer …``; anyone without one that is good."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(MARK) or len(secret) > 100:
        return ANYONE
    return actor_of_secret(secret) or ANYONE
