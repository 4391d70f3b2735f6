"""Wake the workers the moment there is something to do, instead of at their next look."""

from __future__ import annotations

from typing import Final

from django.db import connection

CHANNEL: Final = "jigai_jobs"


def call() -> None:
    """Wake every worker when the present transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, '')", [CHANNEL])


def listen() -> None:
    """Ask to be woken on this connection; repeat it after a new connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"listen {CHANNEL}")


def wait(seconds: float) -> None:
    """Sleep until called, ``seconds`` at most."""
    connection.ensure_connection()
    for _ in connection.connection.notifies(timeout=seconds, stop_after=1):
        return
