"""Is the database there, new enough, able to do what the site asks of it, and up to date?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from django.db import connection, transaction
from django.db.utils import DatabaseError

from jigai.platform.ops import tools
from jigai.platform.ops.checks.line import Line, State
from jigai.screening.sentences import Language

OLDEST: Final = 150_000
"""PostgreSQL 15, as its server writes its version."""


def check(language: Language) -> Iterator[Line]:
    """Look at the database as the settings name it."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Line.of("fail", "db_unreachable", language, error=str(error).strip())
        return
    if connection.vendor != "postgresql":
        yield Line.of("warn", "db_sqlite", language)
        yield from migrations(language)
        return
    version: int = connection.pg_version  # type: ignore[attr-defined]
    shown = f"{version // 10_000}.{version % 10_000}"
    yield Line.of("ok" if version >= OLDEST else "fail", "db_version", language, version=shown)
    yield from abilities(language)
    yield from clients(language, version // 10_000)
    yield from migrations(language)


def abilities(language: Language) -> Iterator[Line]:
    """Try what the site asks of a server (``probes.csv``); nothing is left behind (D20)."""
    text = files("jigai.platform.ops.checks").joinpath("probes.csv").read_text(encoding="utf-8")
    lacking = False
    for row in csv.DictReader(text.splitlines()):
        error = _trial(row["sql"])
        if error:
            lacking = True
            state: State = "warn" if row["severity"] == "warn" else "fail"
            yield Line.of(state, "db_lacks", language, what=row[language], error=error)
    if not lacking:
        yield Line.of("ok", "db_able", language)


def clients(language: Language, server: int) -> Iterator[Line]:
    """Say whether backups can be made here: PostgreSQL's own programs, not older than the server."""
    held = tools.client_version()
    if held is None:
        yield Line.of("warn", "no_pg_dump", language)
    elif held < server:
        yield Line.of("warn", "old_pg_dump", language, held=held, server=server)
    else:
        yield Line.of("ok", "pg_dump_ok", language, held=held)


def migrations(language: Language) -> Iterator[Line]:
    """Say whether the tables are those of this release."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    ours = {(app, name) for app, name in unknown if app in executor.loader.migrated_apps}
    if ours:
        yield Line.of("fail", "db_newer", language, names="、".join(sorted(f"{app}.{name}" for app, name in ours)))
    if waiting:
        yield Line.of("fail", "db_waiting", language, count=len(waiting))
    elif not ours:
        yield Line.of("ok", "db_migrated", language)


def _trial(sql: str) -> str:
    """Run a probe in a transaction that is undone; return what the server says against it, or nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).strip().splitlines()[0]
    return "" if all(row[0] not in (None, False) for row in rows) else "false"
