"""Two people edit one record: the second is told, sees both values side by side, and chooses.

A form carries the ``version`` it was drawn from. `save_edit` merges what only one side changed and refuses where both
changed the same field; nothing is overwritten unseen, nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Clash:
    """A field that both changed: its label, what it was, what the other saved, what this one wants."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str


class EditedMeanwhileError(Exception):
    """Somebody saved the record since the form was drawn; carries what the page must show.

    ``clashes`` are to be chosen; ``kept`` are names of fields only the other changed, which stay as they saved them.
    """

    def __init__(self, obj: models.Model, clashes: list[Clash], kept: list[str], last: Event | None) -> None:
        super().__init__(f"{obj} was edited meanwhile")
        self.obj, self.clashes, self.kept = obj, clashes, kept
        self.by: str = last.actor if last else ""
        self.at: datetime | None = last.at if last else None


def save_edit(actor: Actor, obj: M, changes: Mapping[str, Any], version: int, *, action: str, reason: str = "") -> M:
    """Save ``changes`` (field name → value) to ``obj`` as a new version and audit them with before and after.

    Args:
        actor: who edits; the calling service has checked the capability.
        obj: the record; read again and locked here.
        changes: only real differences are written; with none the version stays.
        version: the version the person saw. Where the record is newer, fields that only one side changed are
            merged; `EditedMeanwhileError` where both changed the same field to different values.
        action: key of the audit trail, such as ``site.edited``.
        reason: why, where the page asks.
    """
    with transaction.atomic():
        fresh = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        wanted = {name: value for name, value in changes.items() if _raw(fresh, name) != _given(fresh, name, value)}
        if fresh.version != version:  # type: ignore[attr-defined]
            wanted = _merge(fresh, wanted, version)
        if not wanted:
            return fresh
        before = {name: _raw(fresh, name) for name in wanted} | {"version": fresh.version}  # type: ignore[attr-defined]
        for name, value in wanted.items():
            setattr(fresh, _attribute(fresh, name), _given(fresh, name, value))
        fresh.version += 1  # type: ignore[attr-defined]
        fresh.save()
        after = {name: _raw(fresh, name) for name in wanted} | {"version": fresh.version}  # type: ignore[attr-defined]
        record(actor, action, fresh, before=before, after=after, reason=reason)
    return fresh


def _merge(fresh: M, wanted: dict[str, Any], version: int) -> dict[str, Any]:
    """Return what may be written over a newer version, or raise what must be chosen."""
    events = Event.objects.filter(
        object_type=fresh._meta.label_lower, object_id=str(fresh.pk), after__version__gt=version
    )
    since = list(events.order_by("number"))
    base: dict[str, Any] = {}
    for event in since:
        base = {**(event.before or {}), **base}
    clashes, kept = [], []
    for name, value in wanted.items():
        if since and name not in base:
            continue  # only this one changed it
        if name in base and _same(_given(fresh, name, value), base[name]):
            kept.append(name)  # only the other changed it
            continue
        was = shown(fresh, name, base[name]) if name in base else ""
        field: Any = fresh._meta.get_field(name)
        clashes.append(
            Clash(name, str(field.verbose_name), was, shown(fresh, name, _raw(fresh, name)), shown(fresh, name, value))
        )
    if clashes:
        raise EditedMeanwhileError(fresh, clashes, kept, since[-1] if since else None)
    return {name: value for name, value in wanted.items() if name not in kept}


def shown(obj: models.Model, name: str, value: Any) -> str:
    """Write the value of a field as the page shows it: the name of what it points to, the word of a choice."""
    field: Any = obj._meta.get_field(name)
    if value in (None, "", []):
        return "—"
    if isinstance(field, models.ForeignKey):
        found = (
            value if isinstance(value, models.Model) else field.related_model._default_manager.filter(pk=value).first()
        )
        return str(found) if found else str(value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(dict(getattr(field, "flatchoices", ()) or ()).get(value, value))


def _attribute(obj: models.Model, name: str) -> str:
    field: Any = obj._meta.get_field(name)
    return str(field.attname)


def _raw(obj: models.Model, name: str) -> Any:
    return getattr(obj, _attribute(obj, name))


def _given(obj: models.Model, name: str, value: Any) -> Any:
    """Return a value as the column holds it: the key of an instance, a blank text for none."""
    field: Any = obj._meta.get_field(name)
    if isinstance(value, models.Model):
        return value.pk
    if value is None and not field.null:
        return ""
    return value


def _same(value: Any, stored: Any) -> bool:
    """Compare a value with one that went through JSON."""
    if isinstance(value, Decimal):
        return stored is not None and value == Decimal(str(stored))
    return value == stored or str(value) == str(stored)
