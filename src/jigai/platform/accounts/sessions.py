"""Sign-ins of people: how many at once, since when, from where, and why one ended."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from jigai.platform.accounts.addresses import address_of
from jigai.platform.accounts.models import SignIn, User

KEY, ROW = "sign_in_key", "sign_in"
"""Session keys: the session's own key when last looked at, and the row that describes it."""
STARTED, SEEN, LOCKED = "signed_in_at", "seen_at", "locked"
"""Session keys: seconds since the epoch of the sign-in and of the last action; whether the screen is locked."""
NOTE_EVERY = 60
"""Seconds between two notes of the last action in the database."""


def begin(request: HttpRequest, user: User) -> SignIn:
    """Note a new sign-in, and end the oldest ones beyond ``JIGAI_SESSIONS_PER_USER`` (0: no limit)."""
    session = request.session
    if not session.session_key:
        session.save()
    now = time.time()
    row = SignIn.objects.create(
        user=user,
        session_key=session.session_key or "",
        address=address_of(request),
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
    )
    session.update({ROW: row.pk, KEY: session.session_key, STARTED: now, SEEN: now})
    session.pop(LOCKED, None)
    if settings.SESSIONS_PER_USER:
        for old in open_ones(user)[settings.SESSIONS_PER_USER :]:
            end(old, SignIn.Ending.LIMIT)
    return row


def open_ones(user: User) -> list[SignIn]:
    """Return the sign-ins that are not over, the newest first; those whose session is gone are closed on the way."""
    rows = list(SignIn.objects.filter(user=user, ended_at__isnull=True))
    alive = _alive([row.session_key for row in rows])
    for row in rows:
        if row.session_key not in alive:
            _close(row, SignIn.Ending.EXPIRED)
    return [row for row in rows if row.session_key in alive]


def end(row: SignIn, because: str) -> None:
    """End a sign-in: its session is gone at once, and the browser is told why when it comes back."""
    _store().SessionStore(row.session_key).delete()
    _close(row, because)


def end_all(user: User, because: str, *, but: int = 0) -> int:
    """End every sign-in of a person, except the row ``but`` (0: none); return how many there were."""
    rows = SignIn.objects.filter(user=user, ended_at__isnull=True).exclude(pk=but)
    for row in rows:
        end(row, because)
    return len(rows)


def note(request: HttpRequest) -> None:
    """Remember that the person did something; written at most once a minute, and whenever the session's key changed."""
    session = request.session
    now = time.time()
    moved = session.get(KEY) != session.session_key
    if moved or now - session.get(SEEN, 0) > NOTE_EVERY:
        SignIn.objects.filter(pk=session.get(ROW) or 0).update(seen_at=timezone.now(), session_key=session.session_key)
        session.update({SEEN: now, KEY: session.session_key})
    session.setdefault(STARTED, now)


def idle_too_long(request: HttpRequest) -> bool:
    """Say whether nothing was done for ``JIGAI_IDLE_MINUTES`` (0: never)."""
    last = request.session.get(SEEN)
    return bool(settings.IDLE_MINUTES and last and time.time() - last > settings.IDLE_MINUTES * 60)


def lasted_too_long(request: HttpRequest) -> bool:
    """Say whether the sign-in is older than ``JIGAI_SESSION_HOURS``, however busy it was."""
    started = request.session.get(STARTED)
    return bool(started and time.time() - started > settings.SESSION_HOURS * 3600)


def why_gone(session_key: str) -> str:
    """Return in words why the session a browser still names is over; empty when nothing is known of it."""
    row = SignIn.objects.filter(session_key=session_key).first() if session_key else None
    if row is None or row.ended_because == SignIn.Ending.SIGNED_OUT:
        return ""
    return str(SignIn.Ending(row.ended_because or SignIn.Ending.EXPIRED).label)


def _close(row: SignIn, because: str) -> None:
    row.ended_at, row.ended_because = timezone.now(), because
    row.save(update_fields=["ended_at", "ended_because"])


def _alive(keys: list[str]) -> set[str]:
    from django.contrib.sessions.models import Session

    found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(found.values_list("session_key", flat=True))


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE)
