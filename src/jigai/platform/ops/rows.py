"""Rows of a table as JSON lines and back: every value in an open form that says exactly what it was."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import sql
from django.utils.dateparse import parse_duration

_MADE_BY_MIGRATIONS: Final = frozenset({"contenttypes.ContentType", "auth.Permission", "sessions.Session"})
"""Tables whose rows migrations make, and sessions, which end with the installation they were of."""
_BATCH = 500


def exported_models() -> list[type[models.Model]]:
    """Return every model whose rows are an installation's content, in the order of their tables."""
    held = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in _MADE_BY_MIGRATIONS
    ]
    return sorted(held, key=lambda model: model._meta.db_table)


def stored_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that hold something of their own, generated ones left out."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def write(model: type[models.Model], path: Path) -> int:
    """Write all rows of a table to ``path``, by primary key; return how many."""
    fields = stored_fields(model)
    names = [field.attname for field in fields]
    rows = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for values in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000):
            told = {name: plain(field, value) for name, field, value in zip(names, fields, values, strict=True)}
            lines.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
            rows += 1
    return rows


def read(model: type[models.Model], path: Path) -> int:
    """Add the rows of ``path`` to an empty table as they were, times and numbers included; return how many."""
    fields = stored_fields(model)
    rows = 0
    with path.open(encoding="utf-8") as lines:
        while batch := list(islice(lines, _BATCH)):
            objects = [model(**_values(fields, json.loads(line))) for line in batch]
            query = sql.InsertQuery(model)
            # Raw: what a field would fill in when saved (times of change) stays as told.
            query.insert_values(fields, objects, raw=True)
            query.get_compiler(connection=connection).execute_sql()
            rows += len(objects)
    return rows


def columns(model: type[models.Model]) -> Iterator[dict[str, str]]:
    """Yield name, type and meaning of every column, for those who read the export without jigai."""
    for field in stored_fields(model):
        yield {"name": field.attname, "type": field.get_internal_type(), "meaning": str(field.verbose_name)}


def plain(field: models.Field, value: Any) -> Any:
    """Return a value as JSON holds it without loss."""
    if isinstance(field, models.JSONField) or value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, list | tuple):
        return [plain(field, one) for one in value]
    return str(value)


def _values(fields: list[models.Field], told: dict[str, Any]) -> dict[str, Any]:
    return {field.attname: _value(field, told[field.attname]) for field in fields}


def _value(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.DurationField):
        return parse_duration(value)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
