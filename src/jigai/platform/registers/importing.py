"""Every register takes files in: rows are matched by the register's key and saved as new versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.imports.subjects import Context, Match, NextStep, Row, RowRefusedError, Subject
from jigai.platform.registers import services
from jigai.platform.registers.checks import ImpossibleError, doubts, refuse_impossible
from jigai.platform.registers.definition import Register, registers
from jigai.platform.registers.evaluation import computed
from jigai.platform.registers.models import PublicEntry, RegisterEntry
from jigai.platform.registers.subjects import About, SubjectUnknownError, finder
from jigai.platform.registers.values import from_json, to_json
from jigai.platform.registers.versions import entry_model, version_model, versions
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import label, word

SOON = 90
SHOWN = 20
"""Doubts told one by one."""


def subjects() -> Iterable[Subject]:
    """Return one subject per register."""
    return [_subject(register) for register in registers().values()]


def _subject(register: Register) -> Subject:
    return Subject(
        key=register.table.key,
        title=register.title_here,
        table=register.table,
        capability=register.keeper,
        match=partial(match, register),
        save=partial(save, register),
        list_url=partial(reverse, "registers:register", args=[register.key]),
        may=partial(_may, register),
        after=partial(after, register),
        advice=(register.about["zh"],),
    )


def _may(register: Register, actor: Actor) -> bool:
    return services.may_keep(actor, register)


def match(register: Register, actor: Actor, rows: Sequence[Row], context: Context) -> list[Match]:
    """Return what each row would do to the register: a new entry, another version, nothing, or why it cannot be."""
    find = finder(actor, register, [row.values for row in rows])
    found: list[tuple[Row, About | None, str, str]] = []
    for row in rows:
        try:
            about = find(row.values)
        except SubjectUnknownError as error:
            found.append((row, None, "", str(error)))
        else:
            identity = services.identity_of(register, about, {**row.values, **about.values})
            found.append((row, about, identity, ""))
    known = _known(register, {identity for _row, about, identity, _why in found if about})
    return [
        Match(row, "refused", _named(register, row.values, about), why=why)
        if about is None
        else _compared(register, row, about, known.get(identity))
        for row, about, identity, why in found
    ]


def _known(register: Register, identities: set[str]) -> dict[str, tuple[Any, Any]]:
    entries = {
        one.pk: one for one in entry_model(register).objects.filter(register=register.key, identity__in=identities)
    }
    now = version_model(register).objects.filter(entry_id__in=entries, superseded_at__isnull=True)
    return {entries[one.entry_id].identity: (entries[one.entry_id], one) for one in now}


def _compared(register: Register, row: Row, about: About, known: tuple[Any, Any] | None) -> Match:
    title = _named(register, row.values, about)
    before = {} if known is None or known[1].removed else known[1].values
    after_ = _merged(register, before, row.values)
    try:
        refuse_impossible(register, after_)
    except ImpossibleError as error:
        return Match(row, "refused", title, why=str(error))
    if known is None:
        return Match(row, "new", title, target=(about, None))
    entry, version = known
    was, now = services.changed_fields(
        {item.name: before.get(item.name) for item in register.own},
        {item.name: after_.get(item.name) for item in register.own},
    )
    changes = tuple(
        (label(item), word(item, was[item.name]) or "—", word(item, now[item.name]) or "—")
        for item in register.own
        if item.name in was
    )
    if version.removed:
        return Match(row, "new", title, changes, target=(about, None))
    return Match(row, "changed" if changes else "same", title, changes, target=(about, entry))


def _merged(register: Register, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the entry would say: a blank cell leaves what was said before."""
    own = {item.name for item in register.own}
    full = from_json(register.table, before) | {name: value for name, value in values.items() if name in own}
    return to_json(full | computed(register, full)[0])


def _named(register: Register, values: Mapping[str, Any], about: About | None) -> str:
    name = about.name if about else next((str(values[one]) for one in _WHO if values.get(one)), "")
    words = [word(item, values.get(item.name)) for item in register.own if item.key]
    return " ".join(text for text in [name, *words] if text)


_WHO = ("site_name", "enterprise_name", "park_name", "manager_name", "city_name")


def save(register: Register, actor: Actor, one: Match, source: str, context: Context) -> str:
    """Take one row in; a row that says nothing new writes nothing."""
    about, entry = one.target
    try:
        if entry is None:
            services.add_about(actor, register, about, one.row.values, source=source)
            return ""
        fresh: RegisterEntry | PublicEntry = services.get_entry(register, entry.pk)
        before = services.current(register, fresh)
        full = from_json(register.table, before.values) | dict(one.row.values)
        services.change(actor, register, fresh, full, source=source)
    except (services.AlreadyThereError, services.EndedError, ImpossibleError) as error:
        raise RowRefusedError(str(error)) from error
    return ""


def after(register: Register, actor: Actor, context: Context) -> Iterable[NextStep]:
    """Return what to do when rows are in: what falls due soon comes first."""
    url = reverse("registers:register", args=[register.key])
    if register.due:
        until = timezone.localdate() + timedelta(days=SOON)
        count = versions(register).filter(due_on__lte=until).count()
        if count:
            yield NextStep(_("%(n)d 条在 90 天内到期或已逾期，先办这些。") % {"n": count}, reverse("home"))
    found = list(doubts(register))
    for text in found[:SHOWN]:
        yield NextStep(text, url)
    if len(found) > SHOWN:
        yield NextStep(_("还有 %(n)d 处对不上。") % {"n": len(found) - SHOWN}, url)
    yield NextStep(_("打开%(register)s，核对条目。") % {"register": register.title_here}, url)
