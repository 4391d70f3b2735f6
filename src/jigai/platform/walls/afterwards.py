"""What is looked after when the transaction of a request or of a job's step is over, whichever way it ended.

A database undoes what it wrote; what was written elsewhere (a file) must be looked after by whoever wrote it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

log = logging.getLogger("jigai.walls")

Notes = dict[str, Any]
Look = Callable[[Notes], None]
_open: ContextVar[dict[Look, Notes] | None] = ContextVar("jigai_afterwards", default=None)


@contextmanager
def afterwards() -> Iterator[None]:
    """Open around a transaction; when it is over, everything noted within is looked after.

    What goes wrong then is logged: the answer stands, and ``jigai check`` finds what is left over.
    """
    noted_here: dict[Look, Notes] = {}
    token = _open.set(noted_here)
    try:
        yield
    finally:
        _open.reset(token)
        for look, notes in noted_here.items():
            try:
                look(notes)
            except Exception:
                log.exception("something was left over after a transaction: %s", sorted(notes))


def notes_for(look: Look) -> Notes | None:
    """Return the notes ``look`` will be called with once the transaction is over; None where nobody waits for that."""
    waiting = _open.get()
    return None if waiting is None else waiting.setdefault(look, {})
