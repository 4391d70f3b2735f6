"""What waits for whom: every app that has work for people offers it here, and the workbench gathers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module, util

from django.apps import apps

from jigai.platform.walls.actor import Actor


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, about whom, by when, where to do it. ``source`` names the app in words of the page."""

    title: str
    url: str
    action: str
    detail: str = ""
    subject: str = ""
    subject_detail: str = ""
    source: str = ""
    due: date | None = None
    since: date | None = None


def todos_for(actor: Actor) -> list[Todo]:
    """Return everything that waits for ``actor``, the most pressing first; what has no date comes last.

    An app takes part by a module ``todos`` with ``todos(actor) -> Iterable[Todo]``.
    """
    found: list[Todo] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.todos"
        if config.name.startswith("jigai.") and util.find_spec(name):
            offer: Callable[[Actor], Iterable[Todo]] = import_module(name).todos
            found += offer(actor)
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.title))
