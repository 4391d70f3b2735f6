"""Digests tell two databases apart by content alone; rows go out and come in without loss."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from jigai.platform.accounts.models import FormerPassword, Membership, Organisation, User
from jigai.platform.ops import rows
from jigai.platform.ops.digest import of_postgres, of_sqlite
from jigai.platform.walls.scope import command_scope, use_scope


def book(path, *statements):
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()
    return of_sqlite(path)


MADE = "create table devices (id integer primary key, name text, power)"


class TestSqlite:
    def test_an_empty_table_counts_nothing_and_is_there(self, tmp_path):
        assert book(tmp_path / "a", MADE)["devices"]["rows"] == 0

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("(1, '电机', 5)", "(1, '电机', '5')"),
            ("(1, '电机', 5)", "(1, '电机', 5.0)"),
            ("(1, '电机', 5)", "(2, '电机', 5)"),
            ("(1, '电机', null)", "(1, '电机', '')"),
            ("(1, 'a', x'61')", "(1, 'a', 'a')"),
            ("(1, 'a', 'b, c')", "(1, 'a, b', 'c')"),
        ],
    )
    def test_rows_that_differ_at_all_have_another_digest(self, tmp_path, one, other):
        first, second = (
            book(tmp_path / name, MADE, f"insert into devices values {values}")["devices"]
            for name, values in (("a", one), ("b", other))
        )
        assert first["rows"] == second["rows"] == 1 and first["digest"] != second["digest"]

    def test_the_same_content_written_in_another_order_is_the_same(self, tmp_path):
        one, two = "insert into devices values (1, 'a', 1)", "insert into devices values (2, 'b', 2)"
        assert book(tmp_path / "a", MADE, one, two) == book(tmp_path / "b", MADE, two, one)

    def test_a_table_with_a_chinese_name_is_counted_and_the_engine_s_own_are_not(self, tmp_path):
        found = book(
            tmp_path / "a",
            'create table "设备" (id integer primary key autoincrement)',
            'insert into "设备" default values',
        )
        assert found.keys() == {"设备"} and found["设备"]["rows"] == 1

    def test_reading_changes_nothing(self, tmp_path):
        book(tmp_path / "a", MADE)
        before = (tmp_path / "a").read_bytes()
        of_sqlite(tmp_path / "a")
        assert (tmp_path / "a").read_bytes() == before


@pytest.mark.django_db
class TestPostgres:
    def test_one_changed_letter_changes_the_digest_of_its_table_only(self, city):
        before = of_postgres()
        Organisation.objects.filter(kind="bank").update(short="某行")
        after = of_postgres()
        assert [name for name in before if before[name] != after[name]] == ["accounts_organisation"]
        assert after["accounts_organisation"]["rows"] == before["accounts_organisation"]["rows"]

    def test_under_the_plain_role_it_refuses_instead_of_counting_a_part(self, city, settings):
        from django.db import DatabaseError

        with (
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"set local role {settings.RUN_ROLE}")
            of_postgres()

    def test_the_zone_of_the_session_does_not_matter(self, city):
        before = of_postgres()["accounts_user"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local timezone = 'Asia/Shanghai'; set local datestyle = 'German'")
            assert of_postgres()["accounts_user"] == before


class Sample(models.Model):
    """One column of each sort, never a table."""

    at = models.DateTimeField()
    on = models.DateField()
    hour = models.TimeField()
    money = models.DecimalField(max_digits=18, decimal_places=2)
    code = models.UUIDField()
    lasting = models.DurationField()
    raw = models.BinaryField()
    words = models.JSONField()
    text = models.TextField()
    many = models.BigIntegerField()
    share = models.FloatField()
    yes = models.BooleanField()

    class Meta:
        app_label = "sample_of_ops_tests"
        managed = False
        apps = apps.__class__()

    def __str__(self) -> str:
        return self.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=4), one, max_size=3),
    max_leaves=6,
)
VALUES = {
    "at": st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),
    "on": st.dates(),
    "hour": st.times(),
    "money": st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False),
    "code": st.uuids(),
    "lasting": st.timedeltas(min_value=timedelta(days=-9999), max_value=timedelta(days=9999)),
    "raw": st.binary(max_size=20),
    "words": JSON,
    "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "many": st.integers(-(2**62), 2**62),
    "share": st.floats(allow_nan=False, allow_infinity=False),
    "yes": st.booleans(),
}


@pytest.mark.parametrize("name", list(VALUES))
def test_a_value_comes_back_as_it_went(name):
    field = Sample._meta.get_field(name)

    @given(VALUES[name] | st.none())
    def there_and_back(value):
        line = json.dumps(rows.plain(field, value), ensure_ascii=False)
        assert "\n" not in line and "\r" not in line
        back = rows._value(field, json.loads(line))
        assert back == value and (value is None or isinstance(back, type(value)))

    there_and_back()


def test_open_forms_are_those_everybody_reads():
    of = Sample._meta.get_field
    assert rows.plain(of("money"), Decimal("1234567.80")) == "1234567.80"
    assert rows.plain(of("on"), date(2024, 2, 29)) == "2024-02-29"
    assert rows.plain(of("at"), datetime(2024, 2, 29, 8, tzinfo=UTC)) == "2024-02-29T08:00:00+00:00"
    assert rows.plain(of("hour"), time(8, 5)) == "08:05:00"
    assert rows.plain(of("raw"), memoryview(b"\x00\xff")) == "AP8="
    assert rows.plain(of("code"), UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert rows.plain(of("text"), ["a", date(2024, 1, 1)]) == ["a", "2024-01-01"]


def test_every_table_is_exported_once_and_sessions_never():
    told = [model._meta.db_table for model in rows.exported_models()]
    assert told == sorted(set(told)) and "django_session" not in told
    kept = {"accounts_user", "accounts_membership", "accounts_registration", "audit_event"}
    assert kept <= set(told)


def test_what_the_database_computes_itself_is_not_exported():
    for model in rows.exported_models():
        assert not any(getattr(field, "generated", False) for field in rows.stored_fields(model)), model
        assert rows.stored_fields(model), model


def test_every_column_has_a_name_and_a_type_for_those_without_jigai():
    for model in rows.exported_models():
        for column in rows.columns(model):
            assert all(column[key] for key in ("name", "type", "meaning")), (model, column)


@pytest.mark.django_db
@pytest.mark.sqlite
class TestTables:
    def out_and_in(self, model, tmp_path):
        path = tmp_path / "rows.jsonl"
        with use_scope(command_scope("test")):
            count = rows.write(model, path)
            lines = path.read_bytes()
            model._base_manager.all().delete()
            assert rows.read(model, path) == count
            assert rows.write(model, path) == count
        return count, lines, path.read_bytes()

    def test_times_made_by_the_machine_are_not_made_anew(self, city, tmp_path):
        user = city.people["bank"]
        FormerPassword.objects.create(user=user, password="x" * 20)
        long_ago = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
        FormerPassword.objects.update(at=long_ago)
        count, before, after = self.out_and_in(FormerPassword, tmp_path)
        assert count == FormerPassword.objects.count() and before == after
        assert set(FormerPassword.objects.values_list("at", flat=True)) == {long_ago}

    def test_more_rows_than_a_batch_keep_their_order_and_numbers(self, city, tmp_path):
        user = city.people["bank"]
        FormerPassword.objects.bulk_create(FormerPassword(user=user, password=str(n)) for n in range(1100))
        count, before, after = self.out_and_in(FormerPassword, tmp_path)
        assert count >= 1100 and before == after

    def test_a_hand_s_sites_stay_numbers(self, city, tmp_path):
        held = Membership.objects.get(user=city.people["enterprise_equipment"])
        held.sites = [city.east_site.pk]
        held.save()
        _count, before, after = self.out_and_in(Membership, tmp_path)
        held.refresh_from_db()
        assert before == after and held.sites == [city.east_site.pk]

    def test_an_empty_table_is_an_empty_file(self, city, tmp_path):
        path = tmp_path / "none.jsonl"
        FormerPassword.objects.all().delete()
        assert rows.write(FormerPassword, path) == 0 and path.read_bytes() == b""
        assert rows.read(FormerPassword, path) == 0

    def test_a_line_that_lacks_a_column_brings_nothing_in(self, city, tmp_path):
        path = tmp_path / "rows.jsonl"
        rows.write(User, path)
        told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        del told[-1]["password"]
        path.write_text("\n".join(json.dumps(one) for one in told), encoding="utf-8")
        with pytest.raises(KeyError), transaction.atomic():
            rows.read(User, path)
