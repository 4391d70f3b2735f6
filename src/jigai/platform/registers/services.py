"""Add, change and end entries of registers; every change is a new version and stands in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.registers.checks import refuse_impossible
from jigai.platform.registers.definition import Register
from jigai.platform.registers.evaluation import computed
from jigai.platform.registers.models import PublicEntry, RegisterEntry
from jigai.platform.registers.subjects import About, finder
from jigai.platform.registers.values import to_json
from jigai.platform.registers.versions import entry_model, version_model
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import word

Entry = RegisterEntry | PublicEntry
BY_PAGE = "网页填写"
"""Source of what was typed on the page; kept with the version, so in Chinese whatever the language of the page."""


class EditedMeanwhileError(ValueError):
    """Somebody else changed the entry since the page was opened; ``current`` is the version that counts."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("这一条在您打开之后已被修改，请核对后再保存。"))
        self.current = current


class AlreadyThereError(ValueError):
    """The register has an entry with this key; ``entry`` is it."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(_("登记册里已有这一条：%(title)s。请在那一条上修改。") % {"title": entry.title})
        self.entry = entry


class EndedError(ValueError):
    """The entry was ended (已注销): it is taken up again by being registered anew, not by an edit."""

    def __init__(self) -> None:
        super().__init__(_("这一条已注销，不能修改或再次注销；仍然有效的，请重新登记。"))


def may_keep(actor: Actor, register: Register) -> bool:
    """Say whether ``actor`` may add to and change the register; public ones only with the whole city in scope."""
    return actor.may(register.keeper) and (not register.public or actor.scope.everything)


def require_keeper(actor: Actor, register: Register) -> None:
    """Refuse whoever does not keep the register."""
    actor.require(register.keeper)
    if not may_keep(actor, register):
        raise PermissionDenied(register.keeper)


def get_entry(register: Register, pk: int) -> Entry:
    """Return an entry in scope; ``Http404`` for anything else."""
    entry = entry_model(register).objects.filter(register=register.key, pk=pk).first()
    if entry is None:
        raise Http404
    return entry


def current(register: Register, entry: Entry) -> Any:
    """Return the version of an entry that counts now."""
    return version_model(register).objects.get(entry_id=entry.pk, superseded_at__isnull=True)


def add(actor: Actor, register: Register, values: Mapping[str, Any], *, reason: str = "", source: str = "") -> Any:
    """Put a new entry into the register and return its version.

    Args:
        actor: who keeps the register.
        register: the register.
        values: the columns by name, as `values.read_values` or an import gives them.
        reason: why, kept with the version.
        source: the page or upload it came by.

    Raises:
        SubjectUnknownError: the entry is about nobody in scope.
        ImpossibleError: values contradict each other.
        AlreadyThereError: an entry with this key is there; one that was ended is taken up again instead.
    """
    require_keeper(actor, register)
    about = finder(actor, register, [values])(values)
    return add_about(actor, register, about, values, reason=reason, source=source)


def add_about(
    actor: Actor, register: Register, about: About, values: Mapping[str, Any], *, reason: str = "", source: str = ""
) -> Any:
    """Put a new entry about somebody already found into the register; see :func:`add`."""
    require_keeper(actor, register)
    full = dict(values) | dict(about.values)
    identity = identity_of(register, about, full)
    with transaction.atomic():
        same = entry_model(register).objects.filter(register=register.key, identity=identity)
        entry = same.select_for_update().first()
        if entry is not None:
            ended = current(register, entry)
            if not ended.removed:
                raise AlreadyThereError(entry)
            return _next(actor, register, entry, full, reason=reason, source=source, action="register.added")
        entry = entry_model(register)(
            register=register.key, identity=identity, title=_title(register, about, full), **about.columns
        )
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError:  # somebody registered the same at the same moment
            raise AlreadyThereError(same.first() or entry) from None
        version = _version(actor, register, entry, full, reason, source)
        version.save()
        record(actor, "register.added", entry, after=version.values, reason=reason)
    return version


def change(
    actor: Actor,
    register: Register,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    reason: str = "",
    source: str = "",
) -> Any:
    """Record what is now true of an entry and return the new version; whom it is about stays.

    ``version`` is the one the page was opened with; None takes whatever counts now (an import that has just looked).

    Raises:
        EditedMeanwhileError: somebody else was faster.
        EndedError: the entry was ended.
        ImpossibleError: values contradict each other.
        AlreadyThereError: with the changed key the entry would be another one that is there.
    """
    require_keeper(actor, register)
    with transaction.atomic():
        entry = _locked(register, entry, version)
        before = current(register, entry)
        own = {item.name for item in register.own}
        kept = {name: value for name, value in before.values.items() if name not in own}
        full = kept | {name: value for name, value in values.items() if name in own}
        about = About(subject_part(entry.identity), "", {}, kept)
        identity = identity_of(register, about, full)
        other = entry_model(register).objects.filter(register=register.key, identity=identity).exclude(pk=entry.pk)
        if (found := other.first()) is not None:
            raise AlreadyThereError(found)
        entry.identity = identity
        entry.title = _title(register, About("", str(_name(entry, register, before)), {}, kept), full)
        try:
            with transaction.atomic():
                return _next(actor, register, entry, full, reason=reason, source=source, action="register.changed")
        except IntegrityError:  # somebody registered the same at the same moment
            raise AlreadyThereError(other.first() or entry) from None


def remove(actor: Actor, register: Register, entry: Entry, *, version: int, reason: str) -> Any:
    """End an entry, with the reason; its history stays and an import can take it up again.

    Raises:
        EditedMeanwhileError: somebody else was faster.
        EndedError: the entry was ended already.
    """
    require_keeper(actor, register)
    with transaction.atomic():
        entry = _locked(register, entry, version)
        values = current(register, entry).values
        return _next(actor, register, entry, values, reason=reason, action="register.removed", removed=True)


def identity_of(register: Register, about: About, values: Mapping[str, Any]) -> str:
    """Return the key of an entry written one way: whom it is about, then the key columns of the register."""
    own = {item.name for item in register.own}
    parts = [
        str(to_json({"x": values.get(item.name)}).get("x", "")) for item in register.table.keys if item.name in own
    ]
    return "|".join([about.identity, *(part.strip() for part in parts)])[:400]


def subject_part(identity: str) -> str:
    """Return the part of an entry's identity that says whom it is about."""
    return identity.split("|", 1)[0]


def _title(register: Register, about: About, values: Mapping[str, Any]) -> str:
    words = [about.name]
    words += [word(item, values.get(item.name)) for item in register.table if item.name in register.name]
    return " ".join(text for text in words if text)[:200]


def _name(entry: Entry, register: Register, before: Any) -> str:
    names = ("site_name", "enterprise_name", "park_name", "manager_name", "city_name")
    return next((before.values[name] for name in names if before.values.get(name)), "")


def _locked(register: Register, entry: Entry, version: int | None) -> Entry:
    found = entry_model(register).objects.select_for_update().filter(pk=entry.pk).first()
    if found is None:
        raise Http404
    if current(register, found).removed:
        raise EndedError
    if version is not None and found.version != version:
        raise EditedMeanwhileError(current(register, found))
    return found


def _next(
    actor: Actor,
    register: Register,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    reason: str = "",
    source: str = "",
    action: str,
    removed: bool = False,
) -> Any:
    before = current(register, entry)
    version = _version(actor, register, entry, values, reason, source, removed=removed)
    version_model(register).objects.filter(pk=before.pk).update(superseded_at=version.recorded_at)
    version.save()
    entry.version += 1
    entry.save(update_fields=["version", "identity", "title"])
    was, now = changed_fields(before.values, version.values)
    record(actor, action, entry, before=was, after=now, reason=reason)
    return version


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values that differ, as they were and as they are."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def _version(
    actor: Actor,
    register: Register,
    entry: Entry,
    values: Mapping[str, Any],
    reason: str,
    source: str,
    *,
    removed: bool = False,
) -> Any:
    plain = {name: value for name, value in values.items() if name in register.table.by_name}
    if not removed:
        refuse_impossible(register, plain)
    found, basis = computed(register, plain)
    kept = to_json(plain | found)
    scope = (
        {}
        if register.public
        else {name: getattr(entry, name) for name in ("org_id", "site_id", "manager_code", "place_code")}
    )
    model: Any = version_model(register)
    return model(
        entry=entry,
        register=register.key,
        values=kept,
        valid_from=_day(register, kept, register.valid.get("from") or register.valid.get("during"), last=False),
        valid_to=_day(register, kept, register.valid.get("to") or register.valid.get("during"), last=True),
        due_on=None if removed else _due(register, kept),
        removed=removed,
        basis=basis,
        source=source[:200],
        reason=reason[:200],
        recorded_at=timezone.now(),
        recorded_by=str(actor.user or actor.label)[:150],
        **scope,
    )


def _day(register: Register, values: Mapping[str, Any], name: str | None, *, last: bool) -> date | None:
    """Return the day a column says; a year begins on its first day and ends on its last."""
    value = values.get(name or "")
    if name is None or value is None:
        return None
    if register.table.attribute(name).type == "year":
        return date(int(value), 12, 31) if last else date(int(value), 1, 1)
    return date.fromisoformat(value)


def _due(register: Register, values: Mapping[str, Any]) -> date | None:
    column = register.due.get("column")
    for name, states in (register.due.get("unless") or {}).items():
        if values.get(name) in states:
            return None
    return _day(register, values, column, last=True)
