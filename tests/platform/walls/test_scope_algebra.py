"""The algebra of scopes: who covers whom, what narrowing allows, and that both walls say the same of every row."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.platform.accounts.models import Organisation
from jigai.platform.enterprises.models import Line, Site
from jigai.platform.postgres import rls
from jigai.platform.walls.models import visible
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import NOBODY, Scope, command_scope, current_scope, narrowed, use_scope

UNITS = ("510402", "510403", "5104", "")
ORGS, SITES = (1, 2, 12), (1, 2, 21)
ROWS = [
    {"manager_code": unit, "org_id": org, "site_id": site}
    for unit, org, site in product(UNITS, (None, *ORGS), (None, *SITES))
]
SCOPES = st.builds(
    Scope,
    label=st.sampled_from(["a", "b"]),
    everything=st.sampled_from([False, False, False, True]),
    managers=st.frozensets(st.sampled_from(UNITS[:3])),
    orgs=st.frozensets(st.sampled_from(ORGS)),
    sites=st.frozensets(st.sampled_from(SITES)),
)


def sees(scope, row):
    """What the words of ``Scope`` promise, written once more without the database."""
    if scope.everything:
        return True
    if row["manager_code"] in scope.managers - {""}:
        return True
    return row["org_id"] in scope.orgs and (not scope.sites or row["site_id"] in {None, *scope.sites})


def seen(scope):
    return [row for row in ROWS if sees(scope, row)]


@given(SCOPES, SCOPES)
def test_who_covers_sees_at_least_as_much(wide, small):
    if wide.covers(small):
        assert all(sees(wide, row) for row in seen(small))


@given(SCOPES, SCOPES)
def test_who_sees_a_row_another_does_not_is_never_covered(one, other):
    if any(not sees(one, row) for row in seen(other)):
        assert not one.covers(other)


@given(SCOPES)
def test_everyone_covers_themselves_and_nobody(scope):
    assert scope.covers(scope)
    assert scope.covers(NOBODY) or scope.sites
    assert command_scope("test").covers(scope)
    assert NOBODY.covers(scope) == (not (scope.everything or scope.managers or scope.orgs))


@given(SCOPES, SCOPES, SCOPES)
def test_handing_on_twice_is_handing_on_once(first, second, third):
    if first.covers(second) and second.covers(third):
        assert first.covers(third)


@given(SCOPES)
def test_the_name_of_a_scope_gives_no_rights(scope):
    assert scope.covers(replace(scope, label="another")) and replace(scope, label="another").covers(scope)


@given(SCOPES, SCOPES)
def test_narrowing_either_sees_less_or_is_refused(scope, wish):
    changes = {"managers": wish.managers, "orgs": wish.orgs, "sites": wish.sites, "everything": wish.everything}
    try:
        smaller = narrowed(scope, **changes)
    except ValueError as refused:
        assert "would see more than" in str(refused)
        assert not scope.covers(replace(scope, **changes))
    else:
        assert all(sees(scope, row) for row in seen(smaller))
        assert (smaller.managers, smaller.orgs, smaller.sites) == (wish.managers, wish.orgs, wish.sites)


def test_dropping_the_sites_widens_and_is_refused():
    with pytest.raises(ValueError, match="would see more"):
        narrowed(Scope(orgs=frozenset({1}), sites=frozenset({1})), sites=frozenset())
    with pytest.raises(TypeError):
        narrowed(NOBODY, place="510402")


def test_a_scope_cannot_be_changed_once_made():
    scope = Scope(orgs=frozenset({1}))
    with pytest.raises(AttributeError):
        scope.orgs = frozenset({1, 2})
    assert len({scope, Scope(orgs=frozenset({1}))}) == 1


@pytest.fixture
def rows(city):
    """A line for every mixture of unit (also none), organisation (also none) and site (also none)."""
    with transaction.atomic(), use_scope(command_scope("test")):
        third = Organisation.objects.create(kind="legal_person", name="三", credit_code="91510400MA00000034")
        other = Site.objects.create(
            legal_person=city.east_enterprise,
            enterprise_name="东风",
            credit_code=city.east_enterprise.credit_code,
            name="二厂",
            org=city.east_enterprise.org,
            manager_code="510402",
            place_code="510402",
        )
        orgs = [None, city.east_enterprise.org_id, city.west_enterprise.org_id, third.pk]
        sites = [None, city.east_site.pk, city.west_site.pk, other.pk]
        mixtures = product(("510402", "510403", "5104", ""), orgs, sites)
        Line.objects.bulk_create(
            Line(name=f"{n}", product="steel", manager_code=unit, place_code=unit, org_id=org, site_id=site)
            for n, (unit, org, site) in enumerate(mixtures)
        )
    city.orgs, city.sites = orgs[1:], sites[1:]
    return city


@pytest.mark.django_db
@pytest.mark.sqlite
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_walls_and_the_words_say_the_same_of_every_row(rows, data):
    scope = Scope(
        everything=data.draw(st.sampled_from([False, False, False, True])),
        managers=data.draw(st.frozensets(st.sampled_from(UNITS))),
        orgs=data.draw(st.frozensets(st.sampled_from(rows.orgs))),
        sites=data.draw(st.frozensets(st.sampled_from([*rows.sites, 999_999]))),
    )
    with transaction.atomic(), use_scope(command_scope("test")):
        everyone = list(Line.unscoped.values("pk", "manager_code", "org_id", "site_id"))
        first = set(Line.unscoped.filter(visible(scope)).values_list("pk", flat=True))
    wanted = {row["pk"] for row in everyone if sees(scope, row)}
    assert first == wanted, "the first wall alone"
    with transaction.atomic(), use_scope(scope):
        assert set(Line.objects.values_list("pk", flat=True)) == wanted, "both walls"
        if connection.vendor == "postgresql":
            assert set(Line.unscoped.values_list("pk", flat=True)) == wanted, "the second wall alone"


@pytest.mark.django_db
def test_without_any_scope_nothing_is_seen_or_written(rows):
    assert current_scope() is NOBODY and Line.objects.count() == 0
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    from django.db.utils import ProgrammingError

    with transaction.atomic(), use_scope(NOBODY):
        assert Line.unscoped.count() == 0 and Line.unscoped.update(name="x") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Line.unscoped.create(name="x", product="steel", manager_code="510402", site=rows.east_site)


@pytest.mark.django_db
def test_nobody_moves_a_row_out_of_their_own_scope(rows):
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    from django.db.utils import ProgrammingError

    with transaction.atomic(), use_scope(rows.actor("county_officer").scope):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Line.objects.filter(org_id=None).update(manager_code="510403")
        assert Line.objects.filter(org_id=None).update(place_code="510403") == 4


@pytest.mark.django_db
def test_a_scope_set_inside_another_ends_with_it_also_when_it_fails(rows):
    with transaction.atomic(), use_scope(rows.actor("county_officer").scope) as outer:
        before = Line.unscoped.count()
        with pytest.raises(RuntimeError), use_scope(NOBODY):
            raise RuntimeError
        assert current_scope() is outer and Line.unscoped.count() == before
    assert current_scope() is NOBODY


@pytest.mark.django_db(transaction=True)
def test_a_scope_outside_a_transaction_is_refused():
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    with pytest.raises(RuntimeError, match=r"transaction\.atomic"), use_scope(NOBODY):
        pass
    assert current_scope() is NOBODY, "the refused scope stays in force"


@pytest.mark.django_db
def test_every_table_with_scope_columns_has_its_policy_forced(db):
    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity "
            "and exists (select 1 from pg_policy where polrelid = pg_class.oid)"
        )
        walled = {name for (name,) in cursor.fetchall()}
    assert walled == {model._meta.db_table for model in rls.scoped_models()}


@pytest.mark.django_db
def test_ones_own_rows_are_those_of_all_posts_and_no_more(city):
    from jigai.platform.accounts.models import Membership

    actor = city.actor("system_admin")
    Membership.objects.create(user=actor.user, organisation=city.west_enterprise.org, role_key="enterprise_hand")
    gone = Membership.objects.create(user=actor.user, organisation=city.east_enterprise.org, role_key="enterprise_hand")
    Membership.objects.filter(pk=gone.pk).update(active=False)
    with transaction.atomic(), use_scope(actor.scope) as outer:
        with own_rows(actor):
            assert current_scope().orgs == {actor.organisation.pk, city.west_enterprise.org_id}
            assert not current_scope().managers and not current_scope().everything
        assert current_scope() is outer
    with transaction.atomic(), use_scope(command_scope("test")) as outer, own_rows(actor):
        assert current_scope() is outer, "a command is not narrowed"


def test_what_everyone_sees_needs_no_condition():
    assert visible(command_scope("test")) == Q()
