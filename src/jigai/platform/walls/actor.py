"""Who acts: the person, the organisation they act for, and what they may do. Services take it first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from jigai.platform.walls.scope import NOBODY, Scope

if TYPE_CHECKING:
    from jigai.platform.accounts.models import Membership, Organisation, User


@dataclass(frozen=True)
class Actor:
    """The one who acts. ``capabilities`` are keys of ``capabilities.csv``; a command acts without a user."""

    user: User | None = None
    membership: Membership | None = None
    scope: Scope = NOBODY
    capabilities: frozenset[str] = field(default_factory=frozenset)
    label: str = ""

    @property
    def organisation(self) -> Organisation | None:
        """The organisation acted for."""
        return self.membership.organisation if self.membership else None

    def may(self, capability: str) -> bool:
        """Say whether this is allowed."""
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Refuse what is not allowed; the page says which capability is missing."""
        if not self.may(capability):
            raise PermissionDenied(capability)


ANYONE = Actor()


def command(reason: str) -> Actor:
    """Return the actor of a command typed on the server: may do all, and is named in the audit trail."""
    from jigai.platform.walls.capabilities import capabilities
    from jigai.platform.walls.scope import command_scope

    return Actor(scope=command_scope(reason), capabilities=frozenset(capabilities()), label=f"command: {reason}")
