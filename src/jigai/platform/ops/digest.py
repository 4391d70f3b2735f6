"""How many rows each table has and one digest over them, so that two databases can be compared."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.db import connection

STEADY: Final = (
    "set local row_security = off",  # refuses to be filtered instead of counting a part
    "set local timezone = 'UTC'",
    "set local datestyle = 'ISO'",
    "set local intervalstyle = 'iso_8601'",
    "set local bytea_output = 'hex'",
    "set local extra_float_digits = 1",
)
"""Settings under which a row is always written the same way."""
_TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname"
_DIGEST = "select count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text from {table} as t"


def of_postgres() -> dict[str, dict[str, Any]]:
    """Return the digests of all tables as the present transaction sees them; call it inside one."""
    found: dict[str, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        for setting in STEADY:
            cursor.execute(setting)
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(_DIGEST.format(table=connection.ops.quote_name(table)))
            rows, digest = cursor.fetchone()
            found[table] = {"rows": rows, "digest": digest}
    return found


def of_sqlite(path: Path) -> dict[str, dict[str, Any]]:
    """Return the digests of all tables of a SQLite file."""
    found: dict[str, dict[str, Any]] = {}
    with closing(sqlite3.connect(path)) as file:
        names = file.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
        for (table,) in sorted(names):
            hasher, rows = hashlib.sha256(), 0
            for row in file.execute(f'select * from "{table}" order by rowid'):
                hasher.update(repr(row).encode())
                rows += 1
            found[table] = {"rows": rows, "digest": hasher.hexdigest()}
    return found
