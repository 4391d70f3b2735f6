"""What an installation is made of, as backup, restore, export and import see it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from jigai import __version__
from jigai.platform.keys import signing_key
from jigai.platform.ops.manifest import Manifest
from jigai.platform.ops.words import OpsError, say
from jigai.platform.standards import active
from jigai.screening.sentences import Language

KEY = "keys/signing.key"


def described(kind: str) -> Manifest:
    """Return a manifest that says where and when it is made; parts are added as they are copied."""
    return Manifest(
        kind=kind,  # type: ignore[arg-type]
        made_at=timezone.now().isoformat(timespec="seconds"),
        version=__version__,
        database=connection.vendor,
        migrations=applied(),
        key=key_fingerprint(),
        reference=_facts(),
        city=f"{settings.CITY_CODE} {settings.CITY_NAME}",
    )


def _facts() -> str:
    """Return the hash of the facts in force today; empty where they do not load, for that must hold up no backup."""
    try:
        return active.reference(date.today()).content_hash
    except active.ReferenceMismatchError:
        return ""


def own_reference() -> list[Path]:
    """Return where the city's own datasets and registers lie."""
    return [Path(place) for place in (*settings.ENV["reference"], *settings.ENV.get("registers", ()))]


def applied() -> list[str]:
    """Return the migrations the database has seen, in order of name."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def held() -> list[str]:
    """Return the migrations this release knows."""
    known = MigrationLoader(None).disk_migrations
    return sorted(f"{app}.{name}" for app, name in known or ())


def key_fingerprint() -> str:
    """Return what tells two signing keys apart without giving them away."""
    key = signing_key(settings.ENV["secret_key"], settings.DATA_DIR)  # a restore may just have brought another
    return hashlib.sha256(b"jigai signing key " + key.encode()).hexdigest()[:16]


def sqlite_file() -> Path | None:
    """Return the database file of the one-office mode."""
    return Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None


def named_files() -> Iterator[str]:
    """Yield every path below the data folder that a row names: the present transaction decides which rows there are.

    These are all ``FileField`` columns, and the columns a model lists in ``data_paths``.
    """
    present = set(connection.introspection.table_names())
    for model in apps.get_models():
        if model._meta.db_table not in present:
            continue
        columns = _columns(model)
        for field in model._meta.concrete_fields:
            if field.column not in columns:
                continue
            if isinstance(field, models.FileField):
                yield from (f"{_place(field)}{name}" for name in _values(model, field))
            elif field.name in getattr(model, "data_paths", ()):
                yield from _values(model, field)


def refuse_unless_empty(language: Language) -> None:
    """Raise :class:`OpsError` when people, scoped rows or files are here already."""
    present = set(connection.introspection.table_names())
    full = [
        model._meta.verbose_name
        for model in apps.get_models()
        if model._meta.db_table in present and model._meta.app_label in _own_apps() and _has_rows(model)
    ]
    if full:
        raise OpsError(say("not_empty", language, what="、".join(map(str, full[:6]))))
    if any(path.is_file() for path in (settings.DATA_DIR / "files").rglob("*")):
        raise OpsError(say("not_empty", language, what=settings.DATA_DIR / "files"))


def refuse_unless_owner(language: Language) -> None:
    """Raise :class:`OpsError` unless the connection may replace tables and nobody else is at work."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_has_role(datdba, 'member'), (select count(*) from pg_stat_activity where datname = "
            "current_database() and pid <> pg_backend_pid() and backend_type = 'client backend') "
            "from pg_database where datname = current_database()"
        )
        owner, others = cursor.fetchone()
    if not owner:
        raise OpsError(say("not_owner", language, role=connection.settings_dict["USER"]))
    if others:
        raise OpsError(say("others_at_work", language, count=others))


def _own_apps() -> set[str]:
    return set(settings.APPS)


def _has_rows(model: type[models.Model]) -> bool:
    # What migrations put there (the head of an empty chain, which facts a release holds) is not somebody's.
    if model._meta.label in {"audit.ChainHead", "standards.ReferenceSet"}:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"select exists (select 1 from {connection.ops.quote_name(model._meta.db_table)})")
        return bool(cursor.fetchone()[0])


def _columns(model: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)}


def _values(model: type[models.Model], field: models.Field) -> Iterator[str]:
    table, column = (connection.ops.quote_name(name) for name in (model._meta.db_table, field.column or ""))
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct {column} from {table} where {column} <> ''")
        yield from (row[0] for row in cursor.fetchall())


def _place(field: models.FileField) -> str:
    """Return where the files of a field lie below the data folder."""
    storage = field.storage
    if not isinstance(storage, FileSystemStorage):
        return "files/"
    return f"{Path(storage.location).relative_to(settings.DATA_DIR).as_posix()}/"
