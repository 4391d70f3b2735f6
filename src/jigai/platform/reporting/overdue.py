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


Ask = Callable[[date], Sequence[Overdue]]

_kept: list[Ask | None] = [None]


def provide(ask: Ask | None) -> None:
    """Name who knows what is overdue on a day; the app that does so calls it when it is ready."""
    _kept[0] = ask


def overdue(today: date) -> Sequence[Overdue] | None:
    """Return what is overdue on a day; None where nobody keeps tasks."""
    return _kept[0](today) if _kept[0] else None
