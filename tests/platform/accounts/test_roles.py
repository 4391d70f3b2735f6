"""Roles are data: what the table says holds for every role and every page that rests on it."""

from __future__ import annotations

import pytest
from tests.platform.accounts.signing import said

from jigai.platform.accounts import policies
from jigai.platform.accounts.acting import actor_for, scope_of
from jigai.platform.accounts.models import Membership, Organisation, User, role_name
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services.joining import hand_keys
from jigai.platform.walls.capabilities import capabilities

EVERY = sorted(roles())


@pytest.mark.parametrize("key", EVERY)
def test_a_role_is_written_out(key):
    role = roles()[key]
    assert role.zh and role.en
    assert role.org_kinds <= set(Organisation.Kind.values)
    assert role.scope in {"city", "managing_unit", "organisation", "none"}
    assert role.second_factor in {"required", "setting"}
    assert role.capabilities <= set(capabilities()) and "home.view" in role.capabilities


@pytest.mark.parametrize("key", EVERY)
def test_government_banks_experts_and_auditors_need_a_second_factor(key):
    role = roles()[key]
    left_to_setting = role.org_kinds <= {"legal_person", "supplier"}
    assert (role.second_factor == "setting") == left_to_setting


def test_no_role_holds_two_parts_of_the_separation():
    parts = ({"user.manage"}, {"role.grant"}, {"audit.verify"})
    for key, role in roles().items():
        assert sum(bool(part & role.capabilities) for part in parts) <= 1, key


def test_administrators_touch_no_business_data():
    business = {key for key in capabilities() if key.split(".")[0] in {"enterprise", "fact", "finance", "register"}}
    for key, role in roles().items():
        if role.exclusive:
            assert not role.capabilities & business, key


def test_every_capability_is_held_by_someone():
    held = set().union(*(role.capabilities for role in roles().values()))
    assert held == set(capabilities())


def test_the_three_hands_of_an_enterprise():
    assert hand_keys() == ["enterprise_equipment", "enterprise_finance", "enterprise_head"]
    submits = [key for key in hand_keys() if "fact.submit" in roles()[key].capabilities]
    assert submits == ["enterprise_head"]


@pytest.mark.django_db
class TestScopes:
    """What a membership sees."""

    @pytest.mark.parametrize("key", EVERY)
    def test_the_scope_is_that_of_the_table(self, city, key):
        membership = Membership.objects.get(user=city.people[key])
        scope = scope_of(membership)
        assert scope.everything == (roles()[key].scope == "city")
        assert bool(scope.managers) == (roles()[key].scope == "managing_unit")
        if roles()[key].scope == "organisation":
            assert scope.orgs == {membership.organisation_id} and not scope.managers
        if roles()[key].scope == "none":
            assert not (scope.everything or scope.managers or scope.orgs)

    def test_a_bureau_without_a_managing_unit_sees_its_own_only(self, city):
        bureau = Organisation.objects.create(kind="county_bureau", name="未定局")
        membership = Membership.objects.create(user=city.people["bank"], organisation=bureau, role_key="county_officer")
        scope = scope_of(membership)
        assert not scope.managers and scope.orgs == {bureau.pk}

    def test_an_administrator_without_a_managing_unit_looks_after_nobody(self, city):
        bureau = Organisation.objects.create(kind="county_bureau", name="未定局")
        actor = actor_for(
            Membership.objects.create(user=city.people["bank"], organisation=bureau, role_key="system_admin")
        )
        assert not policies.whole_city(actor)
        assert not policies.organisations_of(actor).exists() and not policies.people_of(actor).exists()

    def test_someone_without_a_role_sees_the_account_page_and_nothing_else(self, city, client):
        user = User.objects.create(username="nobody", name="无职")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert "还没有角色" in said(client.get("/account/me/"))
        assert client.get("/").status_code == 403

    def test_names_follow_the_language(self):
        from django.utils import translation

        with translation.override("en"):
            assert role_name("bank") == "bank"
        with translation.override("zh-hans"):
            assert role_name("bank") == "银行"

    def test_the_matrix_shows_the_table(self, city):
        import re

        page = said(city.client("auditor").get("/account/grants/matrix/"))
        body = page.split("<tbody>")[1]
        rows = re.findall(r"<tr><th scope=\"row\"[^>]*>([^<]+)</th>(.*?)</tr>", body, re.DOTALL)
        for (name, cells), capability in zip(rows, capabilities().values(), strict=False):
            assert name == capability.zh
            ticks = [">有<" in cell for cell in cells.split("</td>")[:-1]]
            assert ticks == [capability.key in role.capabilities for role in roles().values()], capability.key
