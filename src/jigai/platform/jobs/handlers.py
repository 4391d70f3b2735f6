"""Which kinds of background work there are: every app's ``jobs.py`` registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from jigai.platform.jobs.task import Task

Run = Callable[["Task"], dict[str, Any]]


@dataclass(frozen=True)
class Handler:
    """One kind of job: its title, the capability it takes, and the function that does it."""

    kind: str
    title: Any
    capability: str
    run: Run


@dataclass(frozen=True)
class Recurring:
    """Something done every ``every`` seconds by one of the workers."""

    key: str
    every: float
    run: Callable[[], None]


_handlers: dict[str, Handler] = {}
_recurring: dict[str, Recurring] = {}


def handler(kind: str, *, title: Any, capability: str = "") -> Callable[[Run], Run]:
    """Register the function that does jobs of ``kind``.

    It is given a ``Task`` and returns the result shown to the owner: ``text`` (what came of it), ``url`` and
    ``url_text`` (where to go next), ``files`` (as ``Task.writing`` made them), and whatever the app itself wants.
    A job may be run again after a crash: put whatever it writes into ``Task.step``.
    """

    def register(run: Run) -> Run:
        known = _handlers.get(kind)
        if known and known.run.__module__ != run.__module__:
            raise ValueError(f"jobs of kind {kind!r} are done by {known.run.__module__} already")
        _handlers[kind] = Handler(kind, title, capability, run)
        return run

    return register


def recurring(key: str, *, every: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register something that one of the workers does every ``every`` seconds, in a transaction of its own making."""

    def register(run: Callable[[], None]) -> Callable[[], None]:
        _recurring[key] = Recurring(key, every, run)
        return run

    return register


def discover() -> None:
    """Import the ``jobs`` module of every app of ours that has one."""
    for config in apps.get_app_configs():
        name = f"{config.name}.jobs"
        if config.name.startswith("jigai.") and util.find_spec(name):
            import_module(name)


def handlers() -> dict[str, Handler]:
    """Return every kind of job."""
    discover()
    return _handlers


def chores() -> dict[str, Recurring]:
    """Return everything that is done every so often."""
    discover()
    return _recurring
