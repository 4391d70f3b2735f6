"""Row-level security: the second wall, which holds even where a query forgot the first (D19).

Every scoped table gets one policy over its four plain columns, the same condition as ``walls.models.visible``.
The scope travels as settings of the transaction; without them nothing is seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models

if TYPE_CHECKING:
    from jigai.platform.walls.scope import Scope

SEEN: Final = """(
    current_setting('jigai.everything', true) = 'on'
    or manager_code <> '' and manager_code = any(string_to_array(current_setting('jigai.managers', true), ','))
    or org_id::text = any(string_to_array(current_setting('jigai.orgs', true), ',')) and (
        coalesce(current_setting('jigai.sites', true), '') = ''
        or site_id is null
        or site_id::text = any(string_to_array(current_setting('jigai.sites', true), ','))
    )
)"""
"""Which rows of a scoped table are seen."""

APPEND_ONLY: Final = "append_only"
"""Attribute of a model whose rows are never changed or deleted; the plain role may only add and read them."""


def scoped_models() -> list[type[models.Model]]:
    """Return every model that carries scope columns."""
    from jigai.platform.walls.models import Scoped

    return [model for model in apps.get_models() if issubclass(model, Scoped)]


def set_scope(scope: Scope, role: str) -> None:
    """Tell the transaction whose rows are seen, and take the plain ``role`` where one is named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('jigai.everything', %s, true), set_config('jigai.managers', %s, true), "
            "set_config('jigai.orgs', %s, true), set_config('jigai.sites', %s, true)",
            [
                "on" if scope.everything else "off",
                ",".join(sorted(scope.managers)),
                ",".join(map(str, sorted(scope.orgs))),
                ",".join(map(str, sorted(scope.sites))),
            ],
        )
        if settings.RUN_ROLE:
            cursor.execute(f"set local role {connection.ops.quote_name(role)}" if role else "reset role")


def build_walls(using: str = "default") -> None:
    """Put a policy on every scoped table and give the plain role what it needs; safe to repeat."""
    target = connections[using]
    if target.vendor != "postgresql":
        return
    quote = target.ops.quote_name
    with target.cursor() as cursor:
        for model in scoped_models():
            table = quote(model._meta.db_table)
            cursor.execute(f"alter table {table} enable row level security")
            cursor.execute(f"alter table {table} force row level security")
            cursor.execute(f"drop policy if exists scope on {table}")
            check = "true" if getattr(model, APPEND_ONLY, False) else SEEN
            cursor.execute(f"create policy scope on {table} using {SEEN} with check ({check})")
        if settings.RUN_ROLE:
            _grant(cursor, quote(settings.RUN_ROLE), quote)


def _grant(cursor, role: str, quote) -> None:  # type: ignore[no-untyped-def]
    """Let the plain role read and write rows, and nothing else; append-only tables can only be added to."""
    cursor.execute(f"grant usage on schema public to {role}")
    cursor.execute(f"grant select, insert, update, delete on all tables in schema public to {role}")
    cursor.execute(f"grant usage, select on all sequences in schema public to {role}")
    for model in apps.get_models():
        if getattr(model, APPEND_ONLY, False):
            cursor.execute(f"revoke update, delete on {quote(model._meta.db_table)} from {role}")
