"""The sample city as it is stored: whole, within its walls, never beside real data."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from jigai.platform.accounts.credit_code import is_valid
from jigai.platform.accounts.models import Membership, User
from jigai.platform.accounts.roles import roles
from jigai.platform.audit.models import Event
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line, Site
from jigai.platform.registers.models import PublicEntry, RegisterEntry
from jigai.platform.sample import PASSWORD
from jigai.platform.sample.loading import NotEmptyError, load_city
from jigai.platform.sample.people import accounts
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

SIZE = 24
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reference():
    return Reference.load(date(2026, 11, 23))


@pytest.fixture
def loaded(db, reference):
    found = load_city(reference, SIZE)
    with transaction.atomic(), use_scope(command_scope("test")):
        yield found


def test_it_is_all_there(loaded):
    assert (loaded.enterprises, LegalPerson.objects.count()) == (SIZE, SIZE)
    assert loaded.sites == Site.objects.count() >= SIZE
    assert loaded.lines == Line.objects.count() > 0
    assert loaded.facts == Fact.objects.count() > 20 * SIZE
    assert loaded.entries == RegisterEntry.objects.count() + PublicEntry.objects.count()
    assert AboveScale.objects.filter(year=2025).count() > SIZE / 2


def test_every_row_is_scoped_and_marked_as_sample(loaded):
    for model in (LegalPerson, Site, Line, Fact):
        assert not model.objects.filter(manager_code="").exists(), model
        assert not model.objects.filter(org=None).exists(), model
    assert not Site.objects.filter(site=None).exists()
    assert all(person.sample and person.name.endswith("（示例）") for person in LegalPerson.objects.all())
    assert all(is_valid(person.credit_code) for person in LegalPerson.objects.all())


def test_there_is_an_account_of_every_role(loaded):
    assert {role for _, role in accounts()} == set(roles())
    held = Membership.objects.select_related("user").filter(user__sample=True)
    assert {one.role_key for one in held} == set(roles())
    assert all(one.role.org_kinds >= {one.organisation.kind} for one in held)
    assert User.objects.get(username="chenli").check_password(PASSWORD)


def test_loading_is_in_the_trail(loaded):
    assert Event.objects.filter(action="sample.loaded").exists()


def test_it_never_mixes_with_what_is_there(loaded, reference):
    with pytest.raises(NotEmptyError):
        load_city(reference, SIZE)
    assert LegalPerson.objects.count() == SIZE


@pytest.mark.slow
def test_the_command_says_what_there_is_and_passes_over_a_filled_database(db, capsys):
    call_command("load_sample_city", size=3)
    assert "企业 3 户" in capsys.readouterr().out
    call_command("load_sample_city", size=3, if_empty=True)
    assert "不再装入" in capsys.readouterr().out
    with pytest.raises(CommandError, match="空库"):
        call_command("load_sample_city", size=3)


def test_production_is_refused(db, settings):
    settings.ENV = {**settings.ENV, "environment": "production"}
    with pytest.raises(CommandError, match="正式环境"):
        call_command("load_sample_city", size=3)


def test_nobody_loads_nothing(db):
    with pytest.raises(CommandError, match="--size"):
        call_command("load_sample_city", size=0)
