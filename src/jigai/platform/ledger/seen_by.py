"""Who else sees a device, and which of its values: asked of the scope layer itself, never of a list.

Every post held in the city is turned into its scope as a request would, and the condition of the walls decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.db.models import BooleanField, Case, Value, When

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership
from jigai.platform.accounts.roles import Role, roles
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.services import VIEW, hidden
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import attribute_word, language
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.models import visible
from jigai.platform.walls.scope import Scope

_AT_ONCE: Final = 200
"""Scopes asked about in one query."""


@dataclass(frozen=True)
class Seer:
    """The people of one role in one organisation who see the device: how many, what they may do and may not see."""

    organisation: str
    role: str
    people: int
    may_change: bool
    hidden: str


def seers(device: Device) -> list[Seer]:
    """Return who sees ``device``, by organisation and role."""
    held = Membership.objects.select_related("user", "organisation").filter(
        active=True, user__is_active=True, organisation__active=True
    )
    actors = [actor_for(one) for one in held.order_by("organisation__manager_code", "organisation__name", "role_key")]
    looking = [one for one in actors if one.may(VIEW)]
    seen = _seeing(device, [one.scope for one in looking])
    counted = Counter(_who(one) for one, sees in zip(looking, seen, strict=True) if sees)
    return [_seer(organisation, roles()[key], people) for (organisation, key), people in counted.items()]


def _who(actor: Actor) -> tuple[str, str]:
    assert actor.membership is not None
    return str(actor.membership.organisation), actor.membership.role_key


def _seer(organisation: str, role: Role, people: int) -> Seer:
    actor = Actor(capabilities=role.capabilities)
    named = "、".join(attribute_word(name) for name in sorted(hidden(actor)))
    word = role.en if language() == "en" else role.zh
    return Seer(organisation, word, people, actor.may(CAPABILITY), named)


def _seeing(device: Device, scopes: list[Scope]) -> list[bool]:
    """Ask the condition of the walls for every scope."""
    keys = [(one.everything, one.managers, one.orgs, one.sites) for one in scopes]
    distinct = list(dict(zip(keys, scopes, strict=True)).items())
    told: dict[object, bool] = {}
    for start in range(0, len(distinct), _AT_ONCE):
        part = distinct[start : start + _AT_ONCE]
        asked = {f"s{place}": _condition(scope) for place, (_key, scope) in enumerate(part)}
        row = Device.unscoped.filter(pk=device.pk).values(**asked).get()
        told |= {key: row[f"s{place}"] for place, (key, _scope) in enumerate(part)}
    return [told[key] for key in keys]


def _condition(scope: Scope) -> Case | Value:
    condition = visible(scope)
    if not condition:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
