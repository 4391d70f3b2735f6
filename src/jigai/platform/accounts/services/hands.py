"""The hands of an enterprise (equipment, finance, head): the head invites them by a link that works once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts import policies
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.models import Invitation, Membership, Organisation, User
from jigai.platform.accounts.services.joining import become_hand, hand_keys
from jigai.platform.accounts.services.people import free_username
from jigai.platform.accounts.services.registrations import VISITOR, hashed
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope


@transaction.atomic
def invite(actor: Actor, *, name: str, role_key: str, sites: list[int] | None = None) -> tuple[Invitation, str]:
    """Invite a person into one's own enterprise; return the invitation and the word of its link, shown once.

    Raises:
        PermissionDenied: the actor is not a head.
        ValidationError: a role that is none of an enterprise, no name, or a site that is not the enterprise's.
    """
    actor.require("hands.manage")
    organisation = _own(actor)
    if role_key not in hand_keys():
        raise ValidationError({"role_key": _("请选择企业内的角色。")})
    if not name.strip():
        raise ValidationError({"name": _("请填写被邀请人的姓名。")})
    wanted = sorted(set(sites or []))
    if Site.objects.filter(org=organisation, pk__in=wanted).count() != len(wanted):
        raise ValidationError({"sites": _("所选厂区不属于本企业。")})
    word = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        org=organisation,
        manager_code=organisation.manager_code,
        role_key=role_key,
        name=name.strip(),
        sites=wanted,
        token=hashed(word),
        invited_by=actor.user,
        expires_at=timezone.now() + timedelta(days=limit("invitation_days")),
    )
    record(actor, "hand.invited", invitation, after={"name": invitation.name, "role": role_key, "sites": wanted})
    return invitation, word


@transaction.atomic
def revoke(actor: Actor, invitation: Invitation) -> None:
    """Take back an invitation that nobody used yet; its link stops working."""
    actor.require("hands.manage")
    if invitation.used_at is None and invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        record(actor, "hand.invitation_revoked", invitation)


@transaction.atomic
def dismiss(actor: Actor, membership: Membership, reason: str) -> None:
    """End a hand's role in one's own enterprise; nobody ends their own.

    Raises:
        Http404: the role is held in another organisation.
        ValidationError: one's own role, or no reason.
    """
    actor.require("hands.manage")
    if membership.organisation != _own(actor):
        raise Http404
    policies.not_oneself(actor, membership.user, _("不能移除自己；请先让另一位负责人接手。"))
    policies.reasoned(reason)
    if not membership.active:
        return
    membership.active = False
    membership.save(update_fields=["active"])
    record(actor, "hand.dismissed", membership.user, before={"role": membership.role_key}, reason=reason)


def usable(word: str) -> Invitation | None:
    """Return the invitation a link opens: not used, not taken back, not too old, its enterprise active."""
    with transaction.atomic(), use_scope(command_scope("invitation")):
        return (
            Invitation.objects.select_related("org")
            .filter(
                token=hashed(word),
                used_at__isnull=True,
                revoked_at__isnull=True,
                expires_at__gt=timezone.now(),
                org__active=True,
            )
            .first()
        )


@transaction.atomic
def accept(word: str, user: User | None = None, *, name: str = "", phone: str = "", password: str = "") -> User:
    """Take up an invitation, with an account one has (``user``) or a new one; return the account.

    Raises:
        ValidationError: the link was used, taken back or is too old; or the account holds a role that excludes this.
    """
    with use_scope(command_scope("invitation")):
        invitation = usable(word)
        locked = invitation and Invitation.objects.select_for_update().filter(pk=invitation.pk, used_at=None).first()
        if invitation is None or invitation.org is None or locked is None:
            raise ValidationError(_("邀请链接已失效，请联系本企业负责人重新邀请。"))
        if user is None:
            user = User(username=free_username(name or invitation.name), name=name or invitation.name, phone=phone)
            user.set_password(password)
            user.save()
        become_hand(user, invitation.org, invitation.role_key, invitation.sites)
        locked.used_at, locked.used_by = timezone.now(), user
        locked.save(update_fields=["used_at", "used_by"])
        after = {"username": user.username, "role": invitation.role_key}
        record(VISITOR, "hand.joined", locked, after=after)
    return user


def _own(actor: Actor) -> Organisation:
    organisation = actor.organisation
    if organisation is None or organisation.kind != Organisation.Kind.LEGAL_PERSON:
        raise Http404
    return organisation
