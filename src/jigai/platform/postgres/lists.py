"""Indexes that long lists are filtered and paged by: the first page of a million rows is read off one of them.

They stand here and not with the models because ``desc nulls last`` is what a page in falling order needs, and SQLite,
which never holds a million rows, has no such index.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple

from django.db import connections


class ListIndex(NamedTuple):
    """One row of ``lists.csv``: ``where`` narrows the index to the rows lists show, empty for all."""

    table: str
    name: str
    columns: str
    where: str


def wanted() -> list[ListIndex]:
    """Return every index, from ``lists.csv``."""
    text = files("jigai.platform.postgres").joinpath("lists.csv").read_text(encoding="utf-8")
    return [ListIndex(**row) for row in csv.DictReader(text.splitlines())]


def build_lists(using: str = "default") -> None:
    """Put the indexes in place where their tables are; safe to repeat."""
    target = connections[using]
    if target.vendor != "postgresql":
        return
    present, quote = set(target.introspection.table_names()), target.ops.quote_name
    with target.cursor() as cursor:
        for one in wanted():
            if one.table in present:
                narrowed = f" where {one.where}" if one.where else ""
                cursor.execute(
                    f"create index if not exists {quote(one.name)} on {quote(one.table)} ({one.columns}){narrowed}"
                )
