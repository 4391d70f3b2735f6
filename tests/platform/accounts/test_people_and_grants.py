"""Accounts, organisations and roles: separate hands, inside one's own county, never for oneself."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from tests.platform.accounts.signing import is_in, said, sign_in

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Assignment, Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services import grants, organisations, people
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


@pytest.fixture
def top(city):
    """The administrators of the whole city, by role key."""
    department = Organisation.objects.create(kind="department", name="市经济和信息化局")
    found = {}
    for key in ADMINISTRATORS:
        user = User.objects.create(username=f"top_{key}", name=key)
        user.set_password("correct horse battery")
        user.save()
        found[key] = actor_for(Membership.objects.create(user=user, organisation=department, role_key=key))
    return found


@pytest.fixture
def newcomer(city):
    bureau = Organisation.objects.get(kind="county_bureau", manager_code="510402")
    user, password = people.create_person(city.actor("system_admin"), username="lisi", name="李四", organisation=bureau)
    user.initial = password
    return user, bureau


def test_a_new_account_has_a_place_no_role_and_a_password_to_change(city, newcomer):
    user, bureau = newcomer
    assert people.places_of(user) == [bureau] and not user.memberships.exists()
    client = sign_in("lisi", user.initial)
    assert client.get("/")["Location"] == "/account/password/change/"
    made = Event.unscoped.get(action="account.created")
    assert made.after["organisation"] == bureau.name and made.manager_code == "510402"


def test_each_administrator_does_their_own_part_only(city, newcomer):
    user, bureau = newcomer
    with pytest.raises(PermissionDenied):
        grants.give_role(city.actor("system_admin"), user, bureau, "county_officer", "到岗")
    with pytest.raises(PermissionDenied):
        people.create_person(city.actor("security_admin"), username="wangwu", name="王五", organisation=bureau)
    held = grants.give_role(city.actor("security_admin"), user, bureau, "county_officer", "到岗")
    assert held.active
    grants.take_role(city.actor("security_admin"), held, "调离")
    assert not user.memberships.filter(active=True).exists()
    assert [one.reason for one in Event.unscoped.filter(action__startswith="role.").order_by("pk")] == ["到岗", "调离"]


def test_a_role_needs_a_reason_a_place_and_the_right_kind(city, newcomer, top):
    user, bureau = newcomer
    actor = city.actor("security_admin")
    with pytest.raises(ValidationError, match="原因"):
        grants.give_role(actor, user, bureau, "county_officer", "  ")
    with pytest.raises(ValidationError, match="不适用"):
        grants.give_role(actor, user, bureau, "bank", "到岗")
    other = Organisation.objects.create(kind="county_bureau", name="东区发改局", manager_code="510402")
    with pytest.raises(ValidationError, match="不属于"):
        grants.give_role(actor, user, other, "county_officer", "到岗")


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_the_three_administrators_exclude_each_other_across_organisations(city, top, first, second):
    if first == second:
        return
    bureau = Organisation.objects.get(kind="county_bureau", manager_code="510402")
    other = Organisation.objects.get(kind="county_bureau", manager_code="510403")
    user, _ = people.create_person(top["system_admin"], username="zhaoliu", name="赵六", organisation=bureau)
    people.assign(top["system_admin"], user, other)
    held = grants.give_role(top["security_admin"], user, bureau, first, "任命")
    with pytest.raises(ValidationError, match="互斥"):
        grants.give_role(top["security_admin"], user, other, second, "任命")
    grants.take_role(top["security_admin"], held, "免职")
    assert grants.give_role(top["security_admin"], user, other, second, "改任").active


def test_roles_that_exclude_each_other_are_exactly_the_administrators():
    assert {key for key, role in roles().items() if role.exclusive == "administrator"} == set(ADMINISTRATORS)


def test_nobody_grants_to_or_takes_from_themselves(city):
    actor = city.actor("security_admin")
    with pytest.raises(ValidationError, match="自己"):
        grants.give_role(actor, actor.user, actor.organisation, "county_officer", "兼任")
    with pytest.raises(ValidationError, match="自己"):
        grants.take_role(actor, actor.membership, "退出")
    with pytest.raises(ValidationError, match="自己"):
        people.set_active(city.actor("system_admin"), city.actor("system_admin").user, False, "离岗")


def test_a_county_administrator_stays_inside_the_county(city, newcomer):
    user, bureau = newcomer
    west = Organisation.objects.get(kind="county_bureau", manager_code="510403")
    department = Organisation.objects.create(kind="department", name="市财政局")
    for actor in (city.actor("system_admin", west=True),):
        with pytest.raises(Http404):
            people.edit_person(actor, user, 1, name="改名")
        with pytest.raises(Http404):
            people.create_person(actor, username="wangwu", name="王五", organisation=bureau)
        with pytest.raises(Http404):
            people.create_person(actor, username="wangwu", name="王五", organisation=department)
    with pytest.raises(Http404):
        grants.give_role(city.actor("security_admin", west=True), user, bureau, "county_officer", "到岗")
    with pytest.raises(Http404):
        people.assign(city.actor("system_admin"), user, west)
    client = city.client("system_admin", west=True)
    assert client.get(f"/account/people/{user.pk}/").status_code == 404
    assert "lisi" not in said(client.get("/account/people/"))
    assert "lisi" in said(city.client("system_admin").get("/account/people/"))


def test_someone_with_a_place_elsewhere_is_the_city_s_to_disable(city, newcomer, top):
    user, _bureau = newcomer
    people.assign(top["system_admin"], user, Organisation.objects.get(kind="county_bureau", manager_code="510403"))
    with pytest.raises(ValidationError, match="市级管理员"):
        people.set_active(city.actor("system_admin"), user, False, "离岗")
    people.set_active(top["system_admin"], user, False, "离岗")
    assert not User.objects.get(pk=user.pk).is_active


def test_disabling_ends_the_sign_ins_at_once(city):
    client = sign_in("county_officer_510402")
    assert is_in(client)
    people.set_active(city.actor("system_admin"), city.people["county_officer"], False, "离岗")
    assert not is_in(client)
    assert "管理员结束" in said(client.get(client.get("/")["Location"])) or not is_in(client)


def test_leaving_an_organisation_takes_the_roles_there(city):
    user, actor = city.people["county_officer"], city.actor("system_admin")
    bureau = user.memberships.get().organisation
    people.unassign(actor, user, bureau, "调动")
    assert not user.memberships.filter(active=True).exists() and not Assignment.objects.filter(user=user).exists()
    assert Event.unscoped.get(action="account.unassigned").before["roles"] == ["county_officer"]


def test_two_who_edit_one_record_are_told(city, newcomer):
    user, _bureau = newcomer
    actor = city.actor("system_admin")
    people.edit_person(actor, user, 1, name="李四光")
    with pytest.raises(ValidationError, match="李四光"):
        people.edit_person(actor, user, 1, name="李思")


def test_a_forgotten_password_is_replaced_by_an_initial_one(city):
    old = sign_in("county_officer_510402")
    client = city.client("system_admin")
    pk = city.people["county_officer"].pk
    client.post(f"/account/people/{pk}/password/", {"reason": "本人当面申请"})
    page = said(client.get(f"/account/people/{pk}/"))
    assert "只显示这一次" in page
    password = page.split('id="initial">')[1].split("<")[0].replace("&amp;", "&")
    assert "只显示这一次" not in said(client.get(f"/account/people/{pk}/"))
    assert not is_in(old)
    assert sign_in("county_officer_510402", password).get("/")["Location"] == "/account/password/change/"


def test_names_are_taken_once_whatever_the_case(city, newcomer):
    _user, bureau = newcomer
    with pytest.raises(ValidationError, match="已被使用"):
        people.create_person(city.actor("system_admin"), username="LiSi", name="李四", organisation=bureau)


def test_free_names_come_from_the_initials():
    with transaction.atomic():
        name = people.free_username("东风轧钢有限公司")
    assert name.startswith("dfzgyx") and name[6:].isdigit()


class TestOrganisations:
    def test_add_edit_and_disable(self, top):
        actor = top["system_admin"]
        bank = organisations.save_organisation(actor, None, kind="bank", name="三江农商行")
        bank = organisations.save_organisation(actor, bank, 1, name="三江农村商业银行", short="三江农商行")
        assert bank.version == 2
        with pytest.raises(ValidationError, match="三江农村商业银行"):
            organisations.save_organisation(actor, bank, 1, name="别名")
        organisations.set_active(actor, bank, False, "撤销")
        assert not Organisation.objects.get(pk=bank.pk).active

    def test_nobody_acts_for_one_that_is_disabled(self, city, top):
        client = city.client("county_officer")
        assert client.get("/").status_code == 200
        bureau = Organisation.objects.get(kind="county_bureau", manager_code="510402")
        organisations.set_active(top["system_admin"], bureau, False, "合并")
        assert client.get("/").status_code == 403

    def test_what_is_refused(self, city, top):
        actor = top["system_admin"]
        with pytest.raises(ValidationError, match="注册或导入"):
            organisations.save_organisation(actor, None, kind="legal_person", name="某厂")
        with pytest.raises(ValidationError, match="管理主体"):
            organisations.save_organisation(actor, None, kind="county_bureau", name="某局")
        with pytest.raises(ValidationError, match="18 位"):
            organisations.save_organisation(actor, None, kind="supplier", name="某商", credit_code="123")
        with pytest.raises(ValidationError, match="自己所在"):
            organisations.set_active(actor, actor.organisation, False, "x")

    def test_a_county_adds_its_own_only(self, city):
        actor = city.actor("system_admin")
        made = organisations.save_organisation(
            actor, None, kind="county_bureau", name="东区应急局", manager_code="510403"
        )
        assert made.manager_code == "510402"
        with pytest.raises(ValidationError):
            organisations.save_organisation(actor, None, kind="department", name="市某局")
        west = Organisation.objects.get(kind="county_bureau", manager_code="510403")
        with pytest.raises(Http404):
            organisations.save_organisation(actor, west, 1, name="改名")


class TestLockOuts:
    def lock(self, name, settings):
        client = sign_in(name, "nope")
        for _ in range(settings.AXES_FAILURE_LIMIT):
            sign_in(name, "nope", client)
        return client

    def test_the_security_administrator_sees_and_releases(self, city, settings):
        locked = self.lock("expert_510402", settings)
        self.lock("county_officer_510402", settings)
        admin = city.client("security_admin")
        page = said(admin.get("/account/grants/locked/"))
        assert "county_officer_510402" in page and "expert_510402" not in page, "a county sees its own people"
        answer = {"username": "county_officer_510402", "address": "127.0.0.1", "reason": ""}
        admin.post("/account/grants/locked/release/", answer)
        assert sign_in("county_officer_510402").answer.status_code == 429, "not without a reason"
        admin.post("/account/grants/locked/release/", answer | {"reason": "本人电话核实"})
        assert sign_in("county_officer_510402").answer.status_code == 302
        assert Event.unscoped.get(action="account.released").reason == "本人电话核实"
        admin.post("/account/grants/locked/release/", answer | {"username": "expert_510402", "reason": "x"})
        assert sign_in("expert_510402", client=locked).answer.status_code == 429, "not those of others"

    def test_the_city_sees_all(self, city, top, settings):
        self.lock("nobody_at_all", settings)
        assert [one.username for one in grants.lock_outs(top["security_admin"])] == ["nobody_at_all"]
        assert grants.lock_outs(city.actor("security_admin")) == []


def test_a_role_is_narrowed_only_to_sites_of_its_organisation(city, top):
    user, organisation = city.people["enterprise_equipment"], city.east_enterprise.org
    for sites in ([city.west_site.pk], [city.east_site.pk, city.west_site.pk], [987654321]):
        with pytest.raises(ValidationError, match="不属于这个单位"):
            grants.give_role(top["security_admin"], user, organisation, "enterprise_finance", "到岗", sites)
    own = [city.east_site.pk, city.east_site.pk]
    held = grants.give_role(top["security_admin"], user, organisation, "enterprise_finance", "到岗", own)
    assert held.sites == [city.east_site.pk]
