"""Roles (security administrator): give and take them, with a reason; the three administrators never meet."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jigai.platform.accounts import lockout, policies, sessions
from jigai.platform.accounts.models import Assignment, Membership, Organisation, SignIn, User, role_name
from jigai.platform.accounts.roles import roles
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor


@transaction.atomic
def give_role(
    actor: Actor, user: User, organisation: Organisation, role_key: str, reason: str, sites: list[int] | None = None
) -> Membership:
    """Give someone a role in an organisation they belong to.

    Args:
        actor: the security administrator; never the person themselves.
        user: who gets the role.
        organisation: where they hold it; they must belong to it already, which the system administrator says.
        role_key: a key of ``roles.csv``.
        reason: why, for the audit trail.
        sites: narrows an enterprise role to these sites; none means all.

    Raises:
        Http404: person or organisation outside the administrator's managing unit.
        ValidationError: to oneself, not assigned, a role of another kind of organisation, no reason, or a role that
            excludes one the person holds anywhere.
    """
    actor.require("role.grant")
    policies.organisation_within(actor, organisation)
    policies.person_within(actor, user)
    policies.not_oneself(actor, user, _("不能给自己授予角色。"))
    policies.reasoned(reason)
    User.objects.select_for_update().get(pk=user.pk)  # two grants at once must not pass each other
    if organisation not in _assigned(user):
        raise ValidationError(_("此人不属于这个单位，请先由系统管理员分配单位。"))
    role = roles().get(role_key)
    if role is None or organisation.kind not in role.org_kinds:
        raise ValidationError({"role_key": _("这个角色不适用于这类单位。")})
    must_not_meet(user, role_key)
    membership, made = Membership.objects.get_or_create(
        user=user, organisation=organisation, role_key=role_key, defaults={"sites": sites or []}
    )
    if not made and membership.active and membership.sites == (sites or []):
        raise ValidationError(_("此人已有这个角色。"))
    membership.active, membership.sites = True, sites or []
    membership.save()
    record(actor, "role.given", user, after={"organisation": organisation.name, "role": role_key}, reason=reason)
    return membership


@transaction.atomic
def take_role(actor: Actor, membership: Membership, reason: str) -> None:
    """Take a role away; whoever acts in it loses it with the next click."""
    actor.require("role.grant")
    policies.organisation_within(actor, membership.organisation)
    policies.not_oneself(actor, membership.user, _("不能收回自己的角色。"))
    policies.reasoned(reason)
    if not membership.active:
        return
    membership.active = False
    membership.save(update_fields=["active"])
    before = {"organisation": membership.organisation.name, "role": membership.role_key}
    record(actor, "role.taken", membership.user, before=before, reason=reason)


def must_not_meet(user: User, role_key: str) -> None:
    """Refuse a role that excludes one the person holds, in whatever organisation.

    Raises:
        ValidationError: naming the role held and where.
    """
    word = roles()[role_key].exclusive
    if not word:
        return
    for held in Membership.objects.filter(user=user, active=True).select_related("organisation"):
        if held.role_key != role_key and held.role.exclusive == word:
            raise ValidationError(
                _("系统、安全、审计三类管理员互斥：此人在“%(where)s”已是%(role)s。")
                % {"where": held.organisation, "role": role_name(held.role_key)}
            )


@transaction.atomic
def reset_second_factor(actor: Actor, user: User, reason: str) -> None:
    """Remove a lost second factor, so that the person sets up another at the next sign-in.

    It is the security administrator's, as the password is the system administrator's: neither alone can take over
    an account.
    """
    actor.require("role.grant")
    policies.person_within(actor, user)
    policies.not_oneself(actor, user, _("请在“我的账号”中更换自己的第二因素。"))
    policies.reasoned(reason)
    kinds = sorted(set(Authenticator.objects.filter(user=user).values_list("type", flat=True)))
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user, SignIn.Ending.ADMINISTRATOR)
    record(actor, "account.second_factor_reset", user, before={"kinds": kinds}, reason=reason)


@transaction.atomic
def release(actor: Actor, username: str, address: str, reason: str) -> None:
    """End a lock-out before its time."""
    actor.require("role.grant")
    policies.reasoned(reason)
    if not policies.whole_city(actor):
        known = User.objects.filter(username__iexact=username).first()
        if known is None or known not in policies.people_of(actor):
            raise ValidationError(_("没有这条锁定记录，可能已到期或已解除。"))
    gone, _kinds = AccessAttempt.objects.filter(username=username, ip_address=address).delete()
    if not gone:
        raise ValidationError(_("没有这条锁定记录，可能已到期或已解除。"))
    record(actor, "account.released", after={"name": username, "address": address}, reason=reason)


def lock_outs(actor: Actor) -> list[lockout.LockOut]:
    """Return the lock-outs an administrator sees: a county's those of its own people, the city's all."""
    actor.require("role.grant")
    found = lockout.locked_out()
    if policies.whole_city(actor):
        return found
    known = {name.lower() for name in policies.people_of(actor).values_list("username", flat=True)}
    return [one for one in found if one.username in known]


def _assigned(user: User) -> set[Organisation]:
    by_place = {one.organisation for one in Assignment.objects.filter(user=user).select_related("organisation")}
    held = user.memberships.filter(active=True).select_related("organisation")
    return by_place | {one.organisation for one in held}
