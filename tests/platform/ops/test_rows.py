"""Every kind of value goes out as open text and comes back as what it was."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import models, transaction

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.audit.models import Event
from jigai.platform.ops import rows, tools
from jigai.platform.ops.filling import demo_accounts
from jigai.platform.ops.rows import _value, exported_models, plain, stored_fields
from jigai.platform.walls.scope import command_scope, use_scope

VALUES = [
    (models.CharField(), "一,“二”\n\t\\"),
    (models.CharField(null=True), None),
    (models.TextField(), ""),
    (models.BooleanField(), False),
    (models.IntegerField(), -7),
    (models.BigIntegerField(), 2**62),
    (models.FloatField(), 0.1 + 0.2),
    (models.DecimalField(max_digits=20, decimal_places=2), Decimal("12345678901234.50")),
    (models.DateTimeField(), datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)),
    (models.DateField(), date(2026, 2, 28)),
    (models.TimeField(), time(23, 59, 59, 1)),
    (models.DurationField(), timedelta(days=3, seconds=7, microseconds=5)),
    (models.DurationField(), -timedelta(hours=1)),
    (models.UUIDField(), UUID(int=2**100)),
    (models.BinaryField(), b"\x00\xff\n"),
    (models.JSONField(), {"a": [1, None, {"b": "中"}], "c": "2026-01-01"}),
    (models.JSONField(), "just a text"),
    (models.GenericIPAddressField(), "2001:db8::1"),
    (models.FileField(), "上传/a.xlsx"),
]


@pytest.mark.parametrize(("field", "value"), VALUES, ids=lambda one: type(one).__name__)
def test_a_value_comes_back_as_it_was(field, value):
    text = json.dumps(plain(field, value), ensure_ascii=False)
    again = _value(field, json.loads(text))
    assert again == value and type(again) is type(value)


def test_every_table_is_an_exported_one_or_made_by_migrations():
    exported = {model._meta.db_table for model in exported_models()}
    assert {"accounts_user", "enterprises_site", "audit_event", "mfa_authenticator"} <= exported
    assert Session._meta.db_table not in exported
    assert [model._meta.db_table for model in exported_models()] == sorted(exported)
    for model in exported_models():
        assert model._meta.pk in stored_fields(model)
        assert all(column["meaning"] for column in rows.columns(model))


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_row_keeps_its_number_and_its_times(tmp_path):
    joined = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    user = User.objects.create(pk=4711, username="旧", date_joined=joined, sample=True)
    organisation = Organisation.objects.create(pk=99, kind="bank", name="银行", credit_code=None)
    Membership.objects.create(pk=12, user=user, organisation=organisation, role_key="bank", sites=[3, 1])
    order = (User, Organisation, Membership)
    written = {model: rows.write(model, tmp_path / model._meta.db_table) for model in order}
    before = {model: list(model.objects.order_by("pk").values()) for model in order}
    Membership.objects.all().delete()
    Organisation.objects.all().delete()
    User.objects.all().delete()
    assert {model: rows.read(model, tmp_path / model._meta.db_table) for model in order} == written
    assert {model: list(model.objects.order_by("pk").values()) for model in order} == before
    assert User.objects.get(pk=4711).date_joined == joined


@pytest.mark.sqlite
@pytest.mark.django_db
def test_rows_of_everybody_are_written_whoever_they_belong_to(city, tmp_path):
    with transaction.atomic(), use_scope(command_scope("export")):
        assert rows.write(type(city.east_site), tmp_path / "sites") == 2
    assert rows.write(Event, tmp_path / "events") == 0


@pytest.mark.django_db
def test_whom_to_sign_in_as_is_told_by_role(city):
    assert demo_accounts() == []
    User.objects.filter(username__endswith="510402").update(sample=True)
    told = {line["role"]: line["account"] for line in demo_accounts()}
    assert len(told) == len(city.people) and "county_officer_510402" in told.values()


def test_a_password_never_stands_among_the_arguments(monkeypatch):
    wanted = {"HOST": "db", "PORT": 5433, "USER": "u", "PASSWORD": "s3cret", "NAME": "jigai"}
    wanted["OPTIONS"] = {"sslmode": "require", "connect_timeout": "3"}
    monkeypatch.setattr(tools, "connection", SimpleNamespace(settings_dict=wanted))
    told = tools.environment()
    assert {key: told[key] for key in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE")} == {
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGUSER": "u",
        "PGPASSWORD": "s3cret",
        "PGSSLMODE": "require",
    }
    assert tools.program("no_such_program_of_postgres") is None and tools.client_version() >= 15
