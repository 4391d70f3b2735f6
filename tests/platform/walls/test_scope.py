"""The two walls: each alone keeps what is not one's own out of sight."""

from __future__ import annotations

import pytest
from django.db import transaction

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.walls.scope import NOBODY, Scope, use_scope

pytestmark = pytest.mark.django_db


def seen(scope, manager=LegalPerson.objects):
    with transaction.atomic(), use_scope(scope):
        return sorted(person.name[:2] for person in manager.all())


def test_each_sees_their_own(city):
    assert seen(city.actor("city_officer").scope) == ["东风", "西山"]
    assert seen(city.actor("county_officer").scope) == ["东风"]
    assert seen(city.actor("county_officer", west=True).scope) == ["西山"]
    assert seen(city.actor("enterprise_head").scope) == ["东风"]
    assert seen(city.actor("bank").scope) == []
    assert seen(NOBODY) == []


@pytest.mark.postgres("row-level security is the second wall")
def test_the_database_keeps_the_wall_where_a_query_forgets_it(city):
    for key, expected in (
        ("county_officer", ["东风"]),
        ("enterprise_head", ["东风"]),
        ("bank", []),
        ("city_head", ["东风", "西山"]),
    ):
        assert seen(city.actor(key).scope, LegalPerson.unscoped) == expected
    with transaction.atomic(), use_scope(city.actor("county_officer").scope):
        assert LegalPerson.unscoped.filter(pk=city.west_enterprise.pk).update(name="改") == 0


def test_a_person_of_one_site_sees_that_site(city):
    scope = city.actor("enterprise_head").scope
    other = Scope(orgs=scope.orgs, sites=frozenset({city.east_site.pk + 999}))
    assert seen(other) == ["东风"]
    with transaction.atomic(), use_scope(other):
        assert city.east_site.__class__.objects.count() == 0


def test_scope_is_restored(city):
    with transaction.atomic(), use_scope(city.actor("city_head").scope):
        with use_scope(city.actor("county_officer").scope):
            assert LegalPerson.objects.count() == 1
        assert LegalPerson.objects.count() == 2
    assert LegalPerson.objects.count() == 0


def test_the_workbench_opens_for_every_role(city):
    for key in city.people:
        assert city.client(key).get("/").status_code == 200, key
