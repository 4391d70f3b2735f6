"""Failing to sign in, as Django's signal tells of it; signing in and out is told by the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.db import transaction

from jigai.platform.accounts.models import User
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope

Note = tuple[str, str, User | None]
_kept: ContextVar[list[Note] | None] = ContextVar("jigai_signins", default=None)


@contextmanager
def kept_till_the_end() -> Iterator[None]:
    """Collect what happens and write it when the request is over, whether or not its transaction was undone."""
    notes: list[Note] = []
    token = _kept.set(notes)
    try:
        yield
    finally:
        _kept.reset(token)
        if notes:
            with transaction.atomic(), use_scope(command_scope("record sign-ins")):
                for note in notes:
                    _write(note)


def connect() -> None:
    """Begin to listen."""
    user_login_failed.connect(_failed, dispatch_uid="audit")


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    given = str(credentials.get("username") or credentials.get("login") or credentials.get("email") or "")
    _note(("account.sign_in_failed", given[:150], None))


def _note(note: Note) -> None:
    notes = _kept.get()
    if notes is None:
        with transaction.atomic(), use_scope(command_scope("record sign-ins")):
            _write(note)
    else:
        notes.append(note)


def _write(note: Note) -> None:
    action, name, user = note
    record(Actor(user=user, label=name), action, user)
