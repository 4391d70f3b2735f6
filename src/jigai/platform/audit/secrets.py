"""What of an event not every reader of the trail may see: the event is shown as it was, the values are not.

The stored event is never touched, so the chain holds whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, util
from typing import Any, Final

from django.apps import apps
from django.utils.translation import gettext_noop

from jigai.platform.audit.models import Event
from jigai.platform.walls.actor import Actor

HIDDEN: Final = gettext_noop("（已隐藏：无权看这项数据）")


@dataclass(frozen=True)
class Secret:
    """Fields of an event whose values need ``capability``; the reason given may repeat them."""

    capability: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Shown:
    """An event as one reader sees it; ``hidden`` says that values were left out."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    hidden: bool


def secret_of(event: Event) -> Secret | None:
    """Return what of an event is not for everybody.

    An app takes part by a module ``secrets`` with ``secret(event) -> Secret | None``.
    """
    for config in apps.get_app_configs():
        name = f"{config.name}.secrets"
        if config.name.startswith("jigai.") and config.label != "audit" and util.find_spec(name):
            tell: Callable[[Event], Secret | None] = import_module(name).secret
            if (found := tell(event)) is not None:
                return found
    return None


def shown(event: Event, actor: Actor | None = None) -> Shown:
    """Return what ``actor`` sees of an event; None is anybody, as where it leaves the site."""
    secret = secret_of(event)
    if secret is None or (actor is not None and actor.may(secret.capability)):
        return Shown(event.before, event.after, event.reason, hidden=False)
    return Shown(
        _without(event.before, secret),
        _without(event.after, secret),
        HIDDEN if event.reason else "",
        hidden=True,
    )


def _without(values: dict[str, Any] | None, secret: Secret) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: HIDDEN if name in secret.fields and value else value for name, value in values.items()}
