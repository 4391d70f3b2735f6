"""One row of the east and one of the west in every walled table, whatever its columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, models, transaction
from django.db.models import sql
from tests.platform.people import EAST, WEST, City

from jigai.platform.ops.rows import stored_fields
from jigai.platform.postgres import rls

Made = dict[type[models.Model], Any]


def fill(city: City) -> None:
    """Add the rows, those that others point to first; a table that takes none fails."""
    for side, code in enumerate((EAST, WEST)):
        people = city.west if side else city.people
        enterprise = city.west_enterprise if side else city.east_enterprise
        user = people["enterprise_head"]
        made: Made = {type(enterprise): enterprise.pk, type(enterprise.org): enterprise.org_id, type(user): user.pk}
        waiting, problems = list(rls.scoped_models()), {}
        while waiting:
            before = len(waiting)
            for model in list(waiting):
                try:
                    with transaction.atomic():
                        made[model] = _add(model, made, code, 7000 + side)
                    waiting.remove(model)
                except (DatabaseError, LookupError) as error:
                    problems[model._meta.db_table] = str(error).strip()
            if len(waiting) == before:
                raise RuntimeError(f"no row could be made for {[problems[one._meta.db_table] for one in waiting]}")


def _add(model: type[models.Model], made: Made, code: str, number: int) -> Any:
    fields = [field for field in stored_fields(model) if not isinstance(field, models.AutoField)]
    own = {"manager_code": code, "place_code": code, "site": None}
    values = {field.attname: own.get(field.name, "") for field in fields if field.name in own}
    for field in fields:
        if field.name not in own:
            values[field.attname] = _value(field, made, number)
    one = model(**values)
    query = sql.InsertQuery(model)
    query.insert_values(fields, [one], raw=True)
    returned = query.get_compiler(connection=connection).execute_sql([model._meta.pk])
    return returned[0][0] if returned else one.pk


def _value(field: models.Field, made: Made, number: int) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        if target in made:
            return made[target]
        if field.null:
            return None
        if issubclass(target, tuple(rls.scoped_models())):
            raise LookupError(f"nothing to point to for {field}")
        there = target._base_manager.order_by("pk").first()
        return there.pk if there else _add(target, made, "", number)
    if field.has_default():
        return field.get_default()
    if field.choices:
        return next(iter(field.flatchoices))[0]
    for kind, value in (
        (models.BooleanField, False),
        (models.IntegerField, number),
        (models.DecimalField, Decimal(1)),
        (models.DateTimeField, datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (models.DateField, date(2026, 3, 2)),
        (models.UUIDField, UUID(int=number)),
        (models.JSONField, {}),
        (models.GenericIPAddressField, "127.0.0.1"),
    ):
        if isinstance(field, kind):
            return None if field.null else value
    return str(number)[: field.max_length or 4]
