"""What opens an operation: a token that holds its capability."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from jigai.platform.walls.actor import Actor

CHANGING: Final = ("ledger.take", "screening.run")
"""Capabilities beyond those to view that operations of the interface need; tokens may be issued with them."""


class Token(HttpBearer):
    """Opens an operation to tokens that hold ``capability``; the middleware has found out who acts."""

    def __init__(self, capability: str) -> None:
        super().__init__()
        self.capability = capability

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return who acts, or nobody; refuse who may not."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.user is None:
            return None
        if self.capability:
            actor.require(self.capability)
        return actor
