"""Issue, use and revoke tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.acting import actor_for
from jigai.platform.api.models import ApiToken
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor

MARK: Final = "jgt_"
"""How every token starts, so that one that was published by mistake can be searched for."""
LONGEST_DAYS: Final = 366
NOTED_EVERY: Final = timedelta(minutes=5)
"""The time of last use is written at most so often."""


def issue(actor: Actor, name: str, capabilities: Collection[str], days: int) -> tuple[ApiToken, str]:
    """Issue a token for the organisation acted for and return it with its secret, which is shown this once.

    Raises:
        PermissionDenied: without ``token.manage``.
        ValidationError: no name, no or foreign capabilities, or a life of more than a year; says which.
    """
    actor.require("token.manage")
    wrong = {}
    if not name.strip():
        wrong["name"] = _("请写明令牌给哪个系统、做什么用。")
    if not capabilities:
        wrong["capabilities"] = _("至少选一项权限。")
    elif not set(capabilities) <= actor.capabilities - {"token.manage"}:
        wrong["capabilities"] = _("只能授予您自己拥有的权限，且不能授予签发令牌的权限。")
    if not 1 <= days <= LONGEST_DAYS:
        wrong["days"] = _("有效期为 1 至 %(days)d 天。") % {"days": LONGEST_DAYS}
    if wrong or actor.membership is None:
        raise ValidationError(wrong)
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=actor.membership,
        name=name.strip(),
        prefix=secret[:12],
        digest=digest(secret),
        capabilities=sorted(capabilities),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(actor, "token.issued", token, after={"name": token.name, "capabilities": token.capabilities, "days": days})
    return token, secret


def revoke(actor: Actor, token: ApiToken) -> None:
    """End a token at once; ending one twice changes nothing."""
    actor.require("token.manage")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "token.revoked", token)


def tokens_of(actor: Actor) -> list[ApiToken]:
    """Return the tokens of the organisation acted for, newest first."""
    actor.require("token.manage")
    return list(ApiToken.objects.filter(membership__organisation=actor.organisation).select_related("membership__user"))


def actor_of_secret(secret: str) -> Actor | None:
    """Return who acts with a token, or nobody when it is unknown, over, revoked, or its issuer lost the role."""
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("membership__user", "membership__organisation")
        .filter(digest=digest(secret), revoked_at=None, expires_at__gt=now)
        .first()
    )
    if token is None:
        return None
    held = token.membership
    if not (held.active and held.user.is_active and held.organisation.active):
        return None
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    whole = actor_for(held)
    return replace(
        whole,
        capabilities=whole.capabilities & frozenset(token.capabilities),
        label=f"{whole.label} token {token.prefix}",
    )


def digest(secret: str) -> str:
    """Return what is kept of a secret. A long random secret needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
