"""What files can be imported into: every app offers its subjects in a module ``importing``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

import polars as pl
from django.apps import apps

from jigai.attributes import AttributeTable
from jigai.ledger import Mapping as Headers
from jigai.ledger import SheetReading
from jigai.ledger.corrections import Corrections
from jigai.ledger.grid import Grid
from jigai.platform.walls.actor import Actor

if TYPE_CHECKING:
    from jigai.platform.imports.models import Upload
    from jigai.platform.imports.reading import Reading

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
class Asked:
    """A file to read: its bytes and name, how headers are settled, what was put right, what holds for all of it.

    ``as_of`` is the day it was handed in, ``on_grid`` is shown the cells of every sheet, corrections included.
    """

    data: bytes
    name: str
    headers: Headers
    corrections: Corrections
    context: Context
    as_of: date
    on_grid: Callable[[Grid], None]


@dataclass(frozen=True)
class Found:
    """What a file was read as. ``rows`` has ``sheet``, ``row`` and ``held`` (what keeps a row out, or empty)."""

    rows: pl.DataFrame
    problems: pl.DataFrame
    sheets: Sequence[SheetReading]
    refused: bool
    format: str | None


@dataclass(frozen=True)
class Preview:
    """What taking a file in would do now.

    ``counts`` by state, ``lines`` those worth showing, ``takes`` how many rows it would write, ``why_not`` what must
    be said first (empty: nothing), ``more`` what the subject's own part of the page shows.
    """

    counts: Mapping[str, int]
    lines: Sequence[Match]
    takes: int
    why_not: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Whole:
    """What makes a subject whose rows mean something only together, such as a ledger of devices.

    Args:
        read: how bytes become rows.
        preview: what taking in would do; writes nothing.
        job: the kind of job that takes in; its arguments are ``upload`` and ``version``.
        begin: looks at a file that was just read and returns what is known of it as a whole (whose it may be).
        about: what the page of an upload (or, without one, the first page) asks about the file as a whole.
        given: what the form of the first page says about the file as a whole.
        settle: takes the answers of the page in: changes ``context`` and the scope of the upload, does not save it.
        told: what came of taking in, ready to show.
        parts: templates of its own, for *new*, *about*, *changes*, *result*.
    """

    read: Callable[[Asked], Found]
    preview: Callable[[Actor, Upload, Reading], Preview]
    job: str
    begin: Callable[[Actor, Upload, Reading], Context]
    about: Callable[[Actor, Upload | None], Mapping[str, Any]]
    given: Callable[[Actor, Mapping[str, str]], Context]
    settle: Callable[[Actor, Upload, Mapping[str, str]], None]
    told: Callable[[Actor, Upload], Mapping[str, Any]]
    parts: Mapping[str, str]


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
        closed: whether a file, as it was read, holds what ``opens`` guards; asked only where ``opens`` is set.
        whole: set for a subject that is read and taken in as a whole; ``match`` and ``save`` are then not asked.
        template: writes a workbook to fill in and names it (default: one column per attribute).
        templates: the kinds of workbook ``template`` knows, with their names; none where there is but one.
    """

    key: str
    title: Any
    table: AttributeTable
    capability: str
    list_url: Callable[[], str]
    match: Callable[[Actor, Sequence[Row], Context], Sequence[Match]] = lambda actor, rows, context: ()
    save: Callable[[Actor, Match, str, Context], str] = lambda actor, one, source, context: ""
    may: Callable[[Actor], bool] = lambda actor: True
    fills: Callable[[], Mapping[str, Any]] = dict
    after: Callable[[Actor, Context], Iterable[NextStep]] = lambda actor, context: ()
    advice: Sequence[str] = field(default_factory=tuple)
    opens: str = ""
    closed: Callable[[Reading], bool] = lambda reading: True
    whole: Whole | None = None
    template: Callable[[str], tuple[str, bytes]] | None = None
    templates: Callable[[], Sequence[tuple[str, str]]] = lambda: ()

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
