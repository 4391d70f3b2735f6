"""What is overdue, for the bulletin: whoever keeps tasks says so once; without one the section is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Overdue:
    """A task that is overdue: what, whose, and since when."""

    title: str
    unit: str
    due: date


Ask = Callable[[date], Sequence[Overdue] | None]
"""Returns what is overdue on a day; None where no tasks are kept as yet."""

_kept: list[Ask | None] = [None]


def provide(ask: Ask | None) -> Ask | None:
    """Name who knows what is overdue on a day, and return who did before; the app that does so calls it when ready."""
    before, _kept[0] = _kept[0], ask
    return before


def overdue(today: date) -> Sequence[Overdue] | None:
    """Return what is overdue on a day; None where nobody keeps tasks."""
    return _kept[0](today) if _kept[0] else None
