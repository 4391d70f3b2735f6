"""From a request to who acts: the membership in use decides scope and capabilities."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

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
        case _other:
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
    """Return who acts in a request: the chosen membership, else the first; nobody when not signed in.

    Where the chosen one was taken away, forms drawn under it are refused: they must not act under another.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return ANYONE
    held = memberships_of(user)
    request.memberships = held  # type: ignore[attr-defined]
    if not held:
        return Actor(user=user, label=user.username)
    chosen = request.session.get(MEMBERSHIP)
    using = next((one for one in held if one.pk == chosen), held[0])
    if chosen not in {None, using.pk}:
        request.session[MEMBERSHIP] = using.pk
        request.session.pop("lists", None)
        request.other_role = True  # type: ignore[attr-defined]
        rotate_token(request)  # for forms that are open in other tabs; this request is held by SignInMiddleware
        messages.warning(request, _("您原来的身份已不再有效，现以“%(who)s”身份办理。") % {"who": using})
    return actor_for(using)
