"""What files can be imported into: every app offers its subjects in a module ``importing``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module, util
from typing import Any

from django.apps import apps

from jigai.attributes import AttributeTable
from jigai.platform.walls.actor import Actor

Context = Mapping[str, Any]


class RowRefusedError(ValueError):
    """A row that cannot be taken in; the text says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One good row of a file: where it stands, and its values by attribute (columns the file lacks are absent)."""

    sheet: str
    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Match:
    """What a row would do: ``state`` is *new*, *changed*, *same* or *refused*.

    ``title`` names the record, ``changes`` are (name of the column, before, after) in words, ``why`` tells the reason
    of a refusal. ``target`` is whatever ``save`` needs to know.
    """

    row: Row
    state: str
    title: str
    changes: tuple[tuple[str, str, str], ...] = ()
    why: str = ""
    target: Any = None


@dataclass(frozen=True)
class NextStep:
    """What to do after the rows are in."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Subject:
    """Something that files can be imported into.

    Args:
        key: stable name, part of the address.
        title: what it is called on pages.
        table: the attribute table.
        capability: what whoever imports must be allowed to do.
        match: finds for rows what each would do, in one go; writes nothing.
        save: takes one row in and returns what of it could not be used (empty: all was); `RowRefusedError` keeps the
            row out and leaves the others alone. Must be safe to repeat.
        list_url: where the records are seen.
        may: further condition on who acts.
        fills: attributes that may be given for a whole file that has no such column, with their defaults.
        after: what to do when rows are in.
        advice: sentences on filling in the template.
        opens: what one must be allowed to see to open a file that somebody else handed in; such a file may hold
            columns of every kind, recognised or not.
    """

    key: str
    title: Any
    table: AttributeTable
    capability: str
    match: Callable[[Actor, Sequence[Row], Context], Sequence[Match]]
    save: Callable[[Actor, Match, str, Context], str]
    list_url: Callable[[], str]
    may: Callable[[Actor], bool] = lambda actor: True
    fills: Callable[[], Mapping[str, Any]] = dict
    after: Callable[[Actor, Context], Iterable[NextStep]] = lambda actor, context: ()
    advice: Sequence[str] = field(default_factory=tuple)
    opens: str = ""

    def allowed(self, actor: Actor) -> bool:
        """Say whether ``actor`` may import into it."""
        return actor.may(self.capability) and self.may(actor)


def subjects() -> dict[str, Subject]:
    """Return every subject by its key.

    An app takes part by a module ``importing`` with ``subjects() -> Iterable[Subject]``.
    """
    found: dict[str, Subject] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.importing"
        if config.name.startswith("jigai.") and util.find_spec(name):
            for subject in import_module(name).subjects():
                found[subject.key] = subject
    return found


def subject(key: str) -> Subject | None:
    """Return one subject, or None."""
    return subjects().get(key)
