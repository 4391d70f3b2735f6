"""From a request to who acts: the membership in use decides scope and capabilities."""

from __future__ import annotations

from django.http import HttpRequest

from jigai.platform.accounts.models import Membership, User
from jigai.platform.walls.actor import ANYONE, Actor
from jigai.platform.walls.scope import Scope

MEMBERSHIP = "membership"
"""Session key: the membership in use."""


def scope_of(membership: Membership) -> Scope:
    """Return what a membership sees (D12, D13)."""
    organisation = membership.organisation
    label = f"{membership.user.username}@{organisation.pk}/{membership.role_key}"
    own = frozenset({organisation.pk})
    match membership.role.scope:
        case "city":
            return Scope(label=label, everything=True)
        case "managing_unit" if organisation.manager_code:
            return Scope(label=label, managers=frozenset({organisation.manager_code}), orgs=own)
        case "organisation" | "managing_unit":
            return Scope(label=label, orgs=own, sites=frozenset(membership.sites))
        case _:
            return Scope(label=label)


def actor_for(membership: Membership) -> Actor:
    """Return the actor of a membership."""
    return Actor(
        user=membership.user,
        membership=membership,
        scope=scope_of(membership),
        capabilities=membership.role.capabilities,
        label=membership.user.username,
    )


def memberships_of(user: User) -> list[Membership]:
    """Return what a person can act as, in order."""
    held = Membership.objects.select_related("organisation", "user").filter(
        user=user, active=True, organisation__active=True
    )
    return list(held)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request: the chosen membership, else the first; nobody when not signed in."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return ANYONE
    held = memberships_of(user)
    request.memberships = held  # type: ignore[attr-defined]
    if not held:
        return Actor(user=user, label=user.username)
    chosen = request.session.get(MEMBERSHIP)
    return actor_for(next((one for one in held if one.pk == chosen), held[0]))
