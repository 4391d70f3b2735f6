"""Do the walls stand: is the serving role plain, has every scoped table its policy, are the trails append-only?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from jigai.platform.ops.checks.line import Line
from jigai.platform.postgres import rls
from jigai.screening.sentences import Language

ROLE = """
select rolname, rolsuper, rolbypassrls, rolcreaterole or rolcreatedb,
       has_schema_privilege(rolname, 'public', 'create'),
       (select count(*) from pg_class where relowner = pg_roles.oid and relnamespace = 'public'::regnamespace)
from pg_roles where rolname = coalesce(nullif(%s, ''), session_user)
"""
POLICY = """
select relname, relrowsecurity, relforcerowsecurity,
       exists (select from pg_policy where polrelid = pg_class.oid and polname = 'scope')
from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any(%s)
"""
CHANGEABLE = """
select name from unnest(%s::text[]) as name where to_regclass(name) is not null and (
    has_table_privilege(%s, name, 'update') or has_table_privilege(%s, name, 'delete')
    or has_table_privilege(%s, name, 'truncate'))
"""


def check(language: Language) -> Iterator[Line]:
    """Look at the second wall; SQLite has none, and has said so already."""
    if connection.vendor != "postgresql":
        return
    login = _rows("select session_user")[0][0]
    serving = settings.RUN_ROLE or login
    found = _rows(ROLE, settings.RUN_ROLE)
    if not found:
        yield Line.of("fail", "role_missing", language, role=settings.RUN_ROLE)
        return
    yield _plain(found[0], language)
    if serving != login and not _is_plain(_rows(ROLE, login)[0]):
        # The role is taken for each request; whoever reaches the connection itself can put it off again.
        yield Line.of("warn", "role_put_on", language, login=login, role=serving)
    yield _policies(language)
    changeable = _rows(CHANGEABLE, _append_only(), serving, serving, serving)
    if changeable:
        names = "、".join(row[0] for row in changeable)
        yield Line.of("fail", "trail_changeable", language, role=serving, names=names)
    else:
        yield Line.of("ok", "trail_fixed", language, role=serving)


def _is_plain(row: tuple[Any, ...]) -> bool:
    return not any(row[1:])


def _plain(row: tuple[Any, ...], language: Language) -> Line:
    words = ("superuser", "bypassrls", "createrole/createdb", "create on schema public", "owner of tables")
    too_much = [word for word, held in zip(words, row[1:], strict=True) if held]
    if too_much:
        return Line.of("fail", "role_mighty", language, role=row[0], powers=", ".join(too_much))
    return Line.of("ok", "role_plain", language, role=row[0])


def _policies(language: Language) -> Line:
    wanted = {model._meta.db_table for model in rls.scoped_models()}
    standing = {row[0] for row in _rows(POLICY, sorted(wanted)) if all(row[1:])}
    bare = sorted(wanted - standing)
    if bare:
        return Line.of("fail", "rls_bare", language, names="、".join(bare))
    return Line.of("ok", "rls_ok", language, count=len(wanted))


def _append_only() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, rls.APPEND_ONLY, False))


def _rows(sql: str, *values: str | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
