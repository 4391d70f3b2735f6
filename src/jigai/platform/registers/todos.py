"""What falls due in registers: re-evaluations, next assessments, findings to close."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jigai.platform.home.todo import Todo
from jigai.platform.registers.definition import Register, registers, said
from jigai.platform.registers.services import may_keep, subject_part
from jigai.platform.registers.versions import versions
from jigai.platform.walls.actor import Actor

BEFORE = 90
"""Days before the due day from which it is shown, where a register does not say otherwise."""
MOST = 50
"""Entries of one register shown at once."""


def todos(actor: Actor) -> Iterator[Todo]:
    """Yield what falls due soon or is overdue in the registers ``actor`` keeps, within scope."""
    today = timezone.localdate()
    for register in registers().values():
        if not register.due or not may_keep(actor, register):
            continue
        until = today + timedelta(days=int(register.due.get("before_days", BEFORE)))
        for version in _due(register, until):
            yield Todo(
                title=said(register.due["title"]),
                url=reverse("registers:entry", args=[register.key, version.entry_id]),
                action=said(register.due["action"]),
                subject=version.entry.title,
                source=register.title_here,
                due=version.due_on,
                since=timezone.localdate(version.recorded_at),
            )


def _due(register: Register, until: date) -> list[Any]:
    """Return the versions due by ``until``. With ``latest`` in the register only the newest entry of each subject
    counts: a park assessed again is not still owed the assessment before."""
    dated = versions(register).filter(due_on__isnull=False)
    if not register.due.get("latest"):
        return list(dated.filter(due_on__lte=until).order_by("due_on", "pk")[:MOST])
    newest: dict[str, Any] = {}
    for version in dated.order_by("-valid_from", "-due_on", "-pk"):
        newest.setdefault(subject_part(version.entry.identity), version)
    return sorted((one for one in newest.values() if one.due_on <= until), key=lambda one: (one.due_on, one.pk))[:MOST]
