"""Accounts (system administrator): make, edit, disable, give a new initial password, say where someone belongs."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jigai.platform.accounts import policies, sessions
from jigai.platform.accounts.models import Assignment, Membership, Organisation, Registration, SignIn, User
from jigai.platform.accounts.passwords import initial_password
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope

FIELDS = ("name", "phone", "post")


def free_username(name: str) -> str:
    """Return a sign-in name nobody has, from the pinyin initials of ``name`` and four digits.

    Given out rather than chosen where the public can ask, so that no answer tells which names exist.
    """
    from pypinyin import Style, lazy_pinyin

    initials = "".join(part[0] for part in lazy_pinyin(name, style=Style.FIRST_LETTER) if part[:1].isascii())
    stem = "".join(one for one in initials.lower() if one.isalnum())[:6] or "user"
    while True:
        username = f"{stem}{secrets.randbelow(9000) + 1000}"
        if not is_taken(username):
            return username


def is_taken(username: str) -> bool:
    """Say whether somebody has this sign-in name, or is promised it by a registration not decided yet."""
    with transaction.atomic(), use_scope(command_scope("is a sign-in name taken")):
        promised = Registration.objects.filter(username__iexact=username).exists()
    return promised or User.objects.filter(username__iexact=username).exists()


@transaction.atomic
def create_person(
    actor: Actor, *, username: str, name: str, organisation: Organisation, phone: str = "", post: str = ""
) -> tuple[User, str]:
    """Make an account in an organisation; return it with its initial password, which is shown once.

    Raises:
        PermissionDenied: the actor does not manage accounts.
        Http404: the organisation is not the actor's to look after.
        ValidationError: the sign-in name is taken.
    """
    actor.require("user.manage")
    policies.organisation_within(actor, organisation)
    if is_taken(username):
        raise ValidationError({"username": _("登录名“%(name)s”已被使用，请换一个。") % {"name": username}})
    password = initial_password()
    user = User(username=username, name=name, phone=phone, post=post, must_change_password=True)
    user.set_password(password)
    user.save()
    Assignment.objects.create(user=user, organisation=organisation)
    record(
        actor, "account.created", user, after={"username": username, "name": name, "organisation": organisation.name}
    )
    return user, password


@transaction.atomic
def edit_person(actor: Actor, user: User, version: int, **values: Any) -> User:
    """Change name, phone and post; a form older than the record is refused, and both are shown."""
    actor.require("user.manage")
    policies.person_within(actor, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {key: getattr(user, key) for key in FIELDS}
    if user.version != version:
        shown = "；".join(str(one) for one in before.values() if one)
        raise ValidationError(_("别人刚刚改过这条记录，现为：%(now)s。请核对后再保存。") % {"now": shown})
    changed = {key: value for key, value in values.items() if key in FIELDS and before[key] != value}
    if changed:
        for key, value in changed.items():
            setattr(user, key, value)
        user.version += 1
        user.save(update_fields=[*changed, "version"])
        record(actor, "account.edited", user, before={key: before[key] for key in changed}, after=changed)
    return user


@transaction.atomic
def set_active(actor: Actor, user: User, active: bool, reason: str) -> None:
    """Disable an account (its sign-ins end at once) or enable it again; nobody disables themselves."""
    actor.require("user.manage")
    policies.person_within(actor, user)
    policies.not_oneself(actor, user, _("不能停用自己的账号。"))
    policies.reasoned(reason)
    if user.is_active == active:
        return
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        sessions.end_all(user, SignIn.Ending.ADMINISTRATOR)
    record(
        actor, "account.enabled" if active else "account.disabled", user, before={"active": not active},
        after={"active": active}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def new_initial_password(actor: Actor, user: User, reason: str) -> str:
    """Give someone who forgot theirs a new initial password, shown once; all their sign-ins end."""
    actor.require("user.manage")
    policies.person_within(actor, user)
    policies.not_oneself(actor, user, _("请在“我的账号”中修改自己的口令。"))
    policies.reasoned(reason)
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    sessions.end_all(user, SignIn.Ending.ADMINISTRATOR)
    record(actor, "account.password_reset", user, reason=reason)
    return password


@transaction.atomic
def assign(actor: Actor, user: User, organisation: Organisation) -> None:
    """Say that someone belongs to an organisation; what they may do there the security administrator decides."""
    actor.require("user.manage")
    policies.person_within(actor, user)
    policies.organisation_within(actor, organisation)
    _assignment, made = Assignment.objects.get_or_create(user=user, organisation=organisation)
    if made:
        record(actor, "account.assigned", user, after={"organisation": organisation.name})


@transaction.atomic
def unassign(actor: Actor, user: User, organisation: Organisation, reason: str) -> None:
    """End someone's place in an organisation; the roles they hold there end with it."""
    actor.require("user.manage")
    policies.person_within(actor, user)
    policies.organisation_within(actor, organisation)
    policies.not_oneself(actor, user, _("不能移除自己的单位。"))
    policies.reasoned(reason)
    gone, _kinds = Assignment.objects.filter(user=user, organisation=organisation).delete()
    held = Membership.objects.filter(user=user, organisation=organisation, active=True)
    roles = [one.role_key for one in held]
    if not gone and not roles:
        return
    held.update(active=False)
    record(actor, "account.unassigned", user, before={"organisation": organisation.name, "roles": roles}, reason=reason)


def places_of(user: User) -> list[Organisation]:
    """Return the organisations someone belongs to, by assignment or by a role they hold."""
    found = {one.organisation_id: one.organisation for one in user.assignments.select_related("organisation")}
    held = user.memberships.filter(active=True).select_related("organisation")
    found |= {one.organisation_id: one.organisation for one in held}
    return list(found.values())
