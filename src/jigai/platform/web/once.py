"""A form that creates something does so once, however often it is sent.

Each creating form carries a key made when the page was drawn. A double click, a reload, back and submit again, or
two requests at the same moment all lead to what the first one made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from jigai.platform.walls.actor import Actor
from jigai.platform.web.models import OnceKey

KEPT_DAYS = 7
"""How long a key is remembered: longer than any sign-in lasts."""


@dataclass(frozen=True)
class Outcome:
    """Where the form led; ``again`` when it had been sent before and nothing was made now."""

    result: str
    again: bool


class OtherContentError(ValueError):
    """A key that was used before for something else; ``result`` is where that led."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


def new_key() -> str:
    """Return a key for a form about to be drawn."""
    return uuid4().hex


def once(actor: Actor, key: str, act: Callable[[], str], content: str = "") -> Outcome:
    """Call ``act`` unless ``actor`` sent the form with this ``key`` before; return the address it led to.

    The unique row makes a second request wait until the first is through. If the first fails, nothing of it stays
    and the second acts. Without a key (a call from a command, say) ``act`` is simply called. ``content`` is a hash of
    what is sent, for keys that are made by other systems and may be used twice by mistake; pages need none.

    Raises:
        OtherContentError: ``actor`` sent another content with this key before.
    """
    if not key:
        return Outcome(act(), again=False)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = OnceKey.objects.create(owner=actor.label, key=key[:40], content=content)
        except IntegrityError:
            former = OnceKey.objects.get(owner=actor.label, key=key[:40])
            if former.content and former.content != content:
                raise OtherContentError(former.result) from None
            return Outcome(former.result, again=True)
        row.result = act()
        row.save(update_fields=["result"])
        OnceKey.objects.filter(owner=actor.label, at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return Outcome(row.result, again=False)
