"""What follows when allauth has signed someone in or out, or changed a password or a second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from jigai.platform.accounts import sessions
from jigai.platform.accounts.acting import MEMBERSHIP, actor_for, memberships_of
from jigai.platform.accounts.addresses import address_of
from jigai.platform.accounts.models import SignIn, User
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor


def acting(user: User) -> Actor:
    """Return the actor of a person outside any choice of membership: their first, else just themselves."""
    held = memberships_of(user)
    return actor_for(held[0]) if held else Actor(user=user, label=user.username)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, response: HttpResponse | None = None, **_: Any) -> None:
    row = sessions.begin(request, user)
    actor = acting(user)
    if actor.membership is not None:  # written down, so that losing it is noticed and not taken for another
        request.session[MEMBERSHIP] = actor.membership.pk
    record(actor, "account.signed_in", user, after={"agent": row.agent}, address=row.address)
    if response is not None:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    row = SignIn.objects.filter(pk=request.session.get(sessions.ROW) or 0, ended_at__isnull=True).first()
    if user is None or row is None:
        return
    sessions.end(row, request.session.get("ending") or SignIn.Ending.SIGNED_OUT)
    record(acting(user), "account.signed_out", user, after={"why": row.ended_because}, address=address_of(request))


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str, ip_address: str, **_: Any) -> None:
    if getattr(request, "axes_failures_since_start", None):  # the failure that locks, not each try thereafter
        record(Actor(label="visitor"), "account.locked_out", after={"name": username}, address=ip_address)


@receiver([password_changed, password_set])
def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.must_change_password = False
    sessions.end_all(user, SignIn.Ending.PASSWORD, but=request.session.get(sessions.ROW) or 0)
    record(acting(user), "account.password_changed", user, address=address_of(request))


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def _second_factor_changed(signal: Any, request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    words = {id(authenticator_added): "added", id(authenticator_removed): "removed"}
    action = f"account.second_factor_{words.get(id(signal), 'renewed')}"
    record(acting(user), action, user, after={"kind": authenticator.type}, address=address_of(request))


@receiver(authentication_failed)
def _second_factor_failed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    record(acting(user), "account.second_factor_failed", user, address=address_of(request))
