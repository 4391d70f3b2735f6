"""Trigram indexes: a few letters out of the middle of a name or code are found at once among a million."""

from __future__ import annotations

import csv
from importlib.resources import files

from django.db import connections
from django.db.utils import OperationalError, ProgrammingError


def wanted() -> list[tuple[str, str]]:
    """Return table and column of every index, from ``trigram.csv``."""
    text = files("jigai.platform.postgres").joinpath("trigram.csv").read_text(encoding="utf-8")
    return [(row["table"], row["column"]) for row in csv.DictReader(text.splitlines())]


def available(using: str = "default") -> bool:
    """Say whether this server has the extension; without it searches still work, only slower."""
    with connections[using].cursor() as cursor:
        cursor.execute("select 1 from pg_extension where extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def build_indexes(using: str = "default") -> bool:
    """Put the indexes in place, safe to repeat; returns whether the server can.

    A compatible server may lack the extension, or the role may not be allowed to add it: `jigai check` says so.
    """
    target = connections[using]
    if target.vendor != "postgresql":
        return False
    try:
        with target.cursor() as cursor:
            cursor.execute("create extension if not exists pg_trgm")
    except (OperationalError, ProgrammingError):
        return False
    present = set(target.introspection.table_names())
    quote = target.ops.quote_name
    with target.cursor() as cursor:
        for table, column in wanted():
            if table in present:
                name = quote(f"trigram_{table}_{column}"[:63])
                # Case is folded as Django's icontains does it.
                by = f"gin (upper({quote(column)}) gin_trgm_ops)"
                cursor.execute(f"create index if not exists {name} on {quote(table)} using {by}")
    return True
