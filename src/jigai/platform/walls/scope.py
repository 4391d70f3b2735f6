"""What the one who acts may see: carried beside the work, never passed through arguments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from jigai.platform.walls import database


@dataclass(frozen=True)
class Scope:
    """Whose rows are seen.

    ``everything`` is the whole city. ``managers`` are codes of managing units (counties, the high-tech zone) whose
    rows are seen; ``orgs`` organisations whose own rows are seen, narrowed to ``sites`` where any are named.
    ``label`` tells in logs and in the database who it is.
    """

    label: str = "nobody"
    everything: bool = False
    managers: frozenset[str] = field(default_factory=frozenset)
    orgs: frozenset[int] = field(default_factory=frozenset)
    sites: frozenset[int] = field(default_factory=frozenset)

    def covers(self, other: Scope) -> bool:
        """Say whether all that ``other`` sees is seen here too; nobody can hand on more than they have."""
        if self.everything:
            return True
        if other.everything or not (other.managers <= self.managers and other.orgs <= self.orgs):
            return False
        return not self.sites or (bool(other.sites) and other.sites <= self.sites)


NOBODY = Scope()


def command_scope(reason: str) -> Scope:
    """Return the scope of a command typed on the server; ``reason`` says which and why it needs the whole."""
    return Scope(label=f"command: {reason}", everything=True)


_current: ContextVar[Scope] = ContextVar("jigai_scope", default=NOBODY)


def current_scope() -> Scope:
    """Return the scope in force; without any, nobody's."""
    return _current.get()


@contextmanager
def use_scope(scope: Scope) -> Iterator[Scope]:
    """Act within ``scope``, in this thread and in the database; what was in force before is restored afterwards.

    On PostgreSQL the setting lasts for the current transaction: call it inside one (``transaction.atomic``).
    """
    before = _current.get()
    token = _current.set(scope)
    try:
        with database.scope_set(scope, before):
            yield scope
    finally:
        _current.reset(token)


def narrowed(scope: Scope, **changes: object) -> Scope:
    """Return ``scope`` with changes that must not widen it."""
    smaller = replace(scope, **changes)  # type: ignore[arg-type]
    if not scope.covers(smaller):
        raise ValueError(f"{smaller} would see more than {scope}")
    return smaller
