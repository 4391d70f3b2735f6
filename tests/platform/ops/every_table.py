"""One plausible row for every table that has none, so that an upgrade is tried on all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, models, transaction
from django.db.models import sql

from jigai.platform.ops.rows import exported_models, stored_fields

_PLAIN = (
    (models.BooleanField, False),
    (models.IntegerField, 1),
    (models.FloatField, 1.5),
    (models.DecimalField, Decimal(1)),
    (models.DateTimeField, datetime(2026, 3, 2, 9, tzinfo=UTC)),
    (models.DateField, date(2026, 3, 2)),
    (models.TimeField, time(9)),
    (models.DurationField, timedelta(days=1)),
    (models.UUIDField, UUID(int=7)),
    (models.JSONField, {}),
    (models.BinaryField, b"x"),
    (models.GenericIPAddressField, "127.0.0.1"),
)


def fill_the_rest() -> dict[str, int]:
    """Fill the empty tables, those they point to first; return the rows of every table, and fail on one left empty."""
    waiting = [model for model in exported_models() if not model._base_manager.exists()]
    problems: dict[str, str] = {}
    while waiting:
        before = len(waiting)
        for model in list(waiting):
            try:
                with transaction.atomic():
                    _add(model)
                waiting.remove(model)
            except (DatabaseError, LookupError) as error:
                problems[model._meta.db_table] = str(error).strip()
        if len(waiting) == before:
            left = {model._meta.db_table: problems[model._meta.db_table] for model in waiting}
            raise RuntimeError(f"no row could be made for {left}")
    return {model._meta.db_table: model._base_manager.count() for model in exported_models()}


def _add(model: type[models.Model]) -> None:
    fields = [field for field in stored_fields(model) if not isinstance(field, models.AutoField)]
    one = model(**{field.attname: _value(field) for field in fields})
    query = sql.InsertQuery(model)
    query.insert_values(fields, [one], raw=True)
    query.get_compiler(connection=connection).execute_sql()


def _value(field: models.Field) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model._base_manager.order_by("pk").first()  # type: ignore[union-attr]
        if target is None:
            if field.null:
                return None
            raise LookupError(f"nothing to point to for {field}")
        return getattr(target, field.target_field.attname)
    if field.has_default():
        return field.get_default()
    if field.choices:
        return next(iter(field.flatchoices))[0]
    for kind, value in _PLAIN:
        if isinstance(field, kind):
            return value
    return "示例"[: field.max_length or 2]
