"""Every table is walled or exempted with a reason, and the plain role sees no foreign row of any (D19, D30)."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from django.db import DatabaseError, connection, transaction
from tests.platform.people import EAST, WEST
from tests.platform.walls.rows_of_sides import fill

from jigai.platform.postgres import rls
from jigai.platform.walls.scope import NOBODY, Scope, command_scope, use_scope

SCOPED = {model._meta.db_table: model for model in rls.scoped_models()}
pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(city):
    """A row of the east and one of the west in every walled table."""
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    with transaction.atomic(), use_scope(command_scope("test")):
        fill(city)
    return city


def rows(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def test_every_table_of_the_database_is_walled_or_exempted_with_a_reason(db):
    text = files("jigai.platform.walls").joinpath("exemptions.csv").read_text(encoding="utf-8")
    exempted = {row["table"]: row["reason"].strip() for row in csv.DictReader(text.splitlines())}
    there = set(connection.introspection.table_names())
    assert sorted(there - set(SCOPED) - set(exempted)) == []
    assert sorted(set(exempted) - there) == [], "an exemption of a table that is not there"
    assert sorted(set(exempted) & set(SCOPED)) == []
    assert [table for table, reason in exempted.items() if len(reason) < 10] == []


@pytest.mark.parametrize("table", sorted(SCOPED))
def test_a_walled_table_has_one_policy_over_all_it_is_asked(db, table):
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    found = rows("select policyname, permissive, roles::text, cmd, qual from pg_policies where tablename = %s", table)
    assert [one[:4] for one in found] == [("scope", "PERMISSIVE", "{public}", "ALL")]
    for setting in ("jigai.everything", "jigai.managers", "jigai.orgs", "jigai.sites"):
        assert setting in found[0][4]
    assert rows("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", table) == [(True, True)]


def test_the_plain_role_cannot_step_over_the_wall(filled):
    with transaction.atomic(), use_scope(filled.actor("county_officer").scope):
        (who,) = rows("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
    assert who == ("jigai_run", False, False)


def test_the_plain_role_sees_no_foreign_row_of_any_table(filled):
    """Asked by raw SQL: no manager of ours, no condition of ours, the database alone."""
    east_org = filled.east_enterprise.org_id
    for table in SCOPED:
        ask = f"select count(*) filter (where manager_code = '{EAST}'), count(*) from {table}"
        seen = {}
        for name, scope in (
            ("city", command_scope("test")),
            ("county", filled.actor("county_officer").scope),
            ("enterprise", filled.actor("enterprise_head").scope),
            ("bank", filled.actor("bank").scope),
            ("nobody", NOBODY),
        ):
            with transaction.atomic(), use_scope(scope):
                seen[name] = rows(ask)[0]
        own, whole = seen["city"]
        assert own and whole > own, (table, "both sides have rows")
        assert seen["county"] == (own, own), table
        assert seen["bank"] == seen["nobody"] == (0, 0), table
        with transaction.atomic(), use_scope(command_scope("test")):
            of_org = rows(f"select count(*) from {table} where org_id = %s", east_org)[0][0]
        assert of_org and seen["enterprise"] == (of_org, of_org), table


def test_the_plain_role_changes_and_deletes_no_foreign_row_of_any_table(filled):
    for table, model in SCOPED.items():
        for change in (f"update {table} set place_code = 'x'", f"delete from {table}"):
            with transaction.atomic(), use_scope(filled.actor("county_officer").scope):
                if getattr(model, rls.APPEND_ONLY, False):
                    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                        rows(f"{change} where manager_code = %s", WEST)
                else:
                    assert rows(f"{change} where manager_code = %s", WEST) == 0, table


def test_a_scope_of_another_transaction_does_not_stay(filled):
    with transaction.atomic(), use_scope(Scope(managers=frozenset({WEST}))):
        assert rows("select distinct manager_code from enterprises_legalperson") == [(WEST,)]
    with transaction.atomic(), use_scope(Scope(managers=frozenset({EAST}))):
        assert rows("select distinct manager_code from enterprises_legalperson") == [(EAST,)]
