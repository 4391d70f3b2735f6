"""The search of the top bar: every app that has things to find offers them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module, util

from django.apps import apps

from jigai.platform.walls.actor import Actor

MOST = 20
"""Hits shown of one kind."""


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called, where it is, what sort of thing, and a line to tell it from others."""

    title: str
    url: str
    kind: str
    detail: str = ""


def find_all(actor: Actor, words: str, most: int = MOST) -> dict[str, list[Hit]]:
    """Return what ``actor`` may see and ``words`` match, by kind, at most ``most`` of each app.

    An app takes part by a module ``search`` with ``find(actor, words, limit) -> Iterable[Hit]``.
    """
    words = " ".join(words.split())[:100]
    found: dict[str, list[Hit]] = {}
    if not words:
        return found
    for config in apps.get_app_configs():
        name = f"{config.name}.search"
        if config.name.startswith("jigai.") and config.label != "home" and util.find_spec(name):
            offer: Callable[[Actor, str, int], Iterable[Hit]] = import_module(name).find
            for hit in offer(actor, words, most):
                found.setdefault(str(hit.kind), []).append(hit)
    return found
