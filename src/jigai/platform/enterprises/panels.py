"""Panels other apps add to the page of an enterprise: devices, diagnosis, projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module, util
from typing import Any

from django.apps import apps

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.walls.actor import Actor


@dataclass(frozen=True)
class Panel:
    """One card: its heading, the template of its body with what that needs, a link to more, its place in the order."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    order: int = 100


def panels_for(actor: Actor, person: LegalPerson) -> list[Panel]:
    """Return the panels of all apps, in order.

    An app takes part by a module ``enterprise_panels`` with ``panels(actor, person) -> Iterable[Panel]``.
    """
    found: list[Panel] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.enterprise_panels"
        if config.name.startswith("jigai.") and util.find_spec(name):
            offer: Callable[[Actor, LegalPerson], Iterable[Panel]] = import_module(name).panels
            found += offer(actor, person)
    return sorted(found, key=lambda one: one.order)
