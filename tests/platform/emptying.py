"""Empty the database after a test that committed: only the tables that hold rows, and nothing is set up again.

Django truncates every table and announces a migration, a second on a busy machine, after some hundred tests.
"""

from __future__ import annotations

from typing import Final

from django.core.management.color import no_style
from django.db import connection, transaction

KEPT: Final = frozenset({"django_content_type", "auth_permission", "django_migrations"})
"""What every installation has from the start."""


def empty() -> None:
    """Delete every row of every table but those an installation starts with."""
    held = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in KEPT]
    asked = " union all ".join(f"select '{name}' where exists (select 1 from {_quoted(name)})" for name in held)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        full = [name for (name,) in cursor.fetchall()]
    if not full:
        return
    if connection.vendor != "postgresql":
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), full))
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither foreign keys nor the triggers that keep rows from being deleted hold for this one transaction.
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(";".join(f"delete from {_quoted(name)}" for name in full))


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
