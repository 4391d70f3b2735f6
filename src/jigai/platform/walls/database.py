"""Tell the database whose rows are seen, for the second wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from jigai.platform.walls.scope import Scope


@contextmanager
def scope_set(scope: Scope, before: Scope) -> Iterator[None]:
    """Set the scope for the transaction and put the former one back; does nothing on a database without the wall."""
    if connection.vendor != "postgresql":
        yield
        return
    from jigai.platform.postgres import rls

    if not connection.in_atomic_block:
        raise RuntimeError("use_scope needs a transaction on PostgreSQL: wrap it in transaction.atomic()")
    rls.set_scope(scope, settings.RUN_ROLE)
    try:
        yield
    finally:
        # An aborted transaction cannot be spoken to, and forgets the setting by itself.
        if connection.in_atomic_block and not connection.needs_rollback and connection.is_usable():
            rls.set_scope(before, settings.RUN_ROLE if before.label != "nobody" else "")
