"""The services of accounts: who may call them, what they leave in the audit trail, and what a second click does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.platform.accounts.signing import is_in, said, sign_in
from tests.platform.accounts.test_registration import ASK

from jigai.platform.accounts import policies
from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.forms.people import NewPersonForm, PersonForm
from jigai.platform.accounts.models import Assignment, Invitation, Membership, Organisation, Registration, User
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services import grants, hands, organisations, people, registrations
from jigai.platform.audit.models import Event
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HERE = Path(__file__).parent
WHO_MAY = yaml.safe_load((HERE / "who_may.yaml").read_text(encoding="utf-8"))
WRITTEN = yaml.safe_load((HERE / "written.yaml").read_text(encoding="utf-8"))
SAID = {key: ASK[key] for key in registrations.FIELDS}


def acting(actor, service, *args, **more):
    with transaction.atomic(), use_scope(actor.scope):
        return service(actor, *args, **more)


def events(**conditions):
    return Event.unscoped.filter(**conditions)


@pytest.fixture
def bureau(city):
    return Organisation.objects.get(kind="county_bureau", manager_code="510402")


@pytest.fixture
def top(city):
    """The city's own administrators, by role key."""
    department = Organisation.objects.create(kind="department", name="市经济和信息化局")
    found = {}
    for key in ("system_admin", "security_admin"):
        user = User.objects.create(username=f"top_{key}", name=key)
        found[key] = actor_for(Membership.objects.create(user=user, organisation=department, role_key=key))
    return found


def calls(city, bureau):
    """Every service with sound arguments."""
    officer, finance = city.people["county_officer"], city.people["enterprise_finance"]
    held = {one: Membership.objects.get(user=one) for one in (officer, finance)}
    return {
        "create_person": lambda a: people.create_person(a, username="newone", name="新", organisation=bureau),
        "edit_person": lambda a: people.edit_person(a, officer, 1, name="改"),
        "disable_person": lambda a: people.set_active(a, officer, False, "离岗"),
        "new_initial_password": lambda a: people.new_initial_password(a, officer, "忘记"),
        "assign": lambda a: people.assign(a, officer, bureau),
        "unassign": lambda a: people.unassign(a, officer, bureau, "调动"),
        "save_organisation": lambda a: organisations.save_organisation(a, None, kind="supplier", name="某商"),
        "disable_organisation": lambda a: organisations.set_active(a, city.east_enterprise.org, False, "关停"),
        "give_role": lambda a: grants.give_role(a, officer, bureau, "county_head", "兼任"),
        "take_role": lambda a: grants.take_role(a, held[officer], "期满"),
        "reset_second_factor": lambda a: grants.reset_second_factor(a, officer, "手机丢失"),
        "release": lambda a: grants.release(a, officer.username, "10.0.0.1", "核实"),
        "lock_outs": grants.lock_outs,
        "invite": lambda a: hands.invite(a, name="周八", role_key="enterprise_finance"),
        "revoke": lambda a: hands.revoke(a, Invitation()),
        "dismiss": lambda a: hands.dismiss(a, held[finance], "离岗"),
        "approve": lambda a: registrations.approve(a, Registration.unscoped.first()),
        "send_back": lambda a: registrations.send_back(a, Registration.unscoped.first(), "改名称"),
    }


def test_every_service_asks_for_its_capability_before_anything_else(city, bureau):
    before = events().count()
    actors = {key: city.actor(key) for key in roles()}
    for name, call in calls(city, bureau).items():
        for key in sorted(set(roles()) - set(WHO_MAY[name])):
            with pytest.raises(PermissionDenied):
                acting(actors[key], call)
    assert events().count() == before and Membership.objects.filter(active=False).count() == 0


@pytest.mark.parametrize("name", [one for one in WHO_MAY if one not in ("release", "revoke")])
def test_whoever_may_can(city, bureau, name):
    if name in ("approve", "send_back"):
        registrations.submit("word", SAID, "Furnace-2026-ok")
    acting(city.actor(WHO_MAY[name][-1]), calls(city, bureau)[name])


def test_the_table_tells_of_every_service(city, bureau):
    assert set(WHO_MAY) == set(calls(city, bureau))


@pytest.mark.parametrize("name", ["disable_person", "new_initial_password", "unassign", "give_role", "take_role",
                                  "reset_second_factor", "disable_organisation", "dismiss"])  # fmt: skip
def test_what_weighs_is_not_done_without_a_reason_and_tells_it(city, bureau, name):
    officer, finance = city.people["county_officer"], city.people["enterprise_finance"]
    told = {
        "disable_person": lambda a, why: people.set_active(a, officer, False, why),
        "new_initial_password": lambda a, why: people.new_initial_password(a, officer, why),
        "unassign": lambda a, why: people.unassign(a, officer, bureau, why),
        "give_role": lambda a, why: grants.give_role(a, officer, bureau, "county_head", why),
        "take_role": lambda a, why: grants.take_role(a, officer.memberships.get(role_key="county_officer"), why),
        "reset_second_factor": lambda a, why: grants.reset_second_factor(a, officer, why),
        "disable_organisation": lambda a, why: organisations.set_active(a, city.east_enterprise.org, False, why),
        "dismiss": lambda a, why: hands.dismiss(a, finance.memberships.get(), why),
    }[name]
    actor, before = city.actor(WHO_MAY[name][0]), events().count()
    for empty in ("", "  ", "\n\t", "　"):
        with pytest.raises(ValidationError) as refused:
            acting(actor, told, empty)
        assert refused.value.message_dict == {"reason": ["请写明原因。"]}
    assert events().count() == before
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        acting(actor, told, "")
    assert not re.search(r"[\u4e00-\u9fff]", str(refused.value))
    acting(actor, told, "县里研究决定")
    assert events(reason="县里研究决定", actor=actor.label).count() == 1


class TestASecondClick:
    """The trail tells what happened, not how often somebody clicked."""

    def test_disabling_an_organisation_twice_is_one_event(self, city, top):
        bank = Organisation.objects.create(kind="bank", name="三江银行")
        for _ in range(2):
            organisations.set_active(top["system_admin"], bank, False, "撤销")
        assert events(action="organisation.disabled").count() == 1
        bank.refresh_from_db()
        assert not bank.active and bank.version == 2
        organisations.set_active(top["system_admin"], bank, True, "恢复")
        told = events(action="organisation.enabled").get()
        assert (told.before, told.after) == ({"active": False}, {"active": True})

    def test_disabling_a_person_twice_is_one_event(self, city):
        for _ in range(2):
            people.set_active(city.actor("system_admin"), city.people["county_head"], False, "离岗")
        assert events(action="account.disabled").count() == 1

    def test_taking_a_role_twice_is_one_event(self, city):
        held = Membership.objects.get(user=city.people["county_officer"])
        for _ in range(2):
            grants.take_role(city.actor("security_admin"), held, "期满")
        assert events(action="role.taken").count() == 1

    def test_dismissing_a_hand_twice_is_one_event(self, city):
        held = Membership.objects.get(user=city.people["enterprise_finance"])
        for _ in range(2):
            hands.dismiss(city.actor("enterprise_head"), held, "离岗")
        assert events(action="hand.dismissed").count() == 1

    def test_assigning_twice_is_one_event(self, city, bureau):
        for _ in range(2):
            people.assign(city.actor("system_admin"), city.people["county_head"], bureau)
        assert events(action="account.assigned").count() == 1 == Assignment.objects.count()

    def test_moving_someone_out_of_where_they_never_were_is_no_event(self, city):
        other = Organisation.objects.create(kind="county_bureau", name="东区发改局", manager_code="510402")
        people.unassign(city.actor("system_admin"), city.people["county_officer"], other, "调动")
        assert not events(action="account.unassigned").exists()

    def test_saving_a_person_unchanged_is_no_event_and_no_new_version(self, city):
        user = city.people["county_officer"]
        people.edit_person(city.actor("system_admin"), user, 1, name=user.name, phone="", post="")
        user.refresh_from_db()
        assert user.version == 1 and not events(action="account.edited").exists()

    def test_a_role_held_already_is_not_given_again_and_one_taken_is(self, city, bureau):
        actor, user = city.actor("security_admin"), city.people["county_officer"]
        with pytest.raises(ValidationError, match="已有这个角色"):
            grants.give_role(actor, user, bureau, "county_officer", "到岗")
        people.assign(city.actor("system_admin"), user, bureau)
        held = user.memberships.get()
        grants.take_role(actor, held, "借调")
        assert grants.give_role(actor, user, bureau, "county_officer", "返岗").pk == held.pk


class TestWhoLeft:
    """Someone who left the county is no longer the county's to see."""

    def leave(self, city, bureau):
        user = city.people["county_officer"]
        people.unassign(city.actor("system_admin"), user, bureau, "调往西区")
        west = Organisation.objects.get(kind="county_bureau", manager_code="510403")
        Assignment.objects.create(user=user, organisation=west)
        return user

    def test_they_are_on_no_list_and_no_page_of_it(self, city, bureau):
        user = self.leave(city, bureau)
        east, west = city.client("system_admin"), city.client("system_admin", west=True)
        assert user.username not in said(east.get("/account/people/"))
        assert east.get(f"/account/people/{user.pk}/").status_code == 404
        assert city.client("security_admin").get(f"/account/grants/{user.pk}/").status_code == 404
        assert user.username in said(west.get("/account/people/"))

    def test_seen_is_just_what_may_be_opened(self, city, bureau):
        self.leave(city, bureau)
        for west in (False, True):
            actor = city.actor("system_admin", west=west)
            seen = set(policies.people_of(actor))
            for user in User.objects.all():
                try:
                    policies.person_within(actor, user)
                except Http404:
                    assert user not in seen, user.username
                except ValidationError:
                    assert user in seen, user.username
                else:
                    assert user in seen, user.username


class TestWhatIsToldBeforeAndAfter:
    def test_an_edit_tells_only_what_changed(self, city):
        people.edit_person(city.actor("system_admin"), city.people["county_officer"], 1, phone="3351234", post="")
        told = events(action="account.edited").get()
        assert (told.before, told.after) == ({"phone": ""}, {"phone": "3351234"})

    def test_no_event_ever_holds_a_password(self, city, bureau):
        actor = city.actor("system_admin")
        _user, first = people.create_person(actor, username="lisi", name="李四", organisation=bureau)
        second = people.new_initial_password(actor, city.people["county_officer"], "忘记")
        registrations.submit("word", SAID, "Furnace-2026-ok")
        told = " ".join(f"{one.before} {one.after} {one.reason}" for one in events())
        for secret in (first, second, "Furnace-2026-ok", Registration.unscoped.get().password):
            assert secret not in told

    def test_a_move_to_another_county_tells_both(self, city, top):
        actor = top["system_admin"]
        made = organisations.save_organisation(actor, None, kind="county_bureau", name="应急局", manager_code="510402")
        organisations.save_organisation(actor, made, 1, name="应急局", manager_code="510403")
        told = events(action="organisation.edited").get()
        assert (told.before["manager_code"], told.after["manager_code"]) == ("510402", "510403")

    def test_what_sort_an_organisation_is_never_changes(self, city, top):
        bank = organisations.save_organisation(top["system_admin"], None, kind="bank", name="三江银行")
        organisations.save_organisation(top["system_admin"], bank, 1, kind="department", name="三江银行")
        bank.refresh_from_db()
        assert bank.kind == "bank"

    def test_the_code_of_an_enterprise_is_not_edited_here(self, city, top):
        org = city.east_enterprise.org
        organisations.save_organisation(
            top["system_admin"], org, 1, name="东风轧钢", credit_code="91350100M000100Y43", manager_code="510403"
        )
        org.refresh_from_db()
        assert (org.name, org.credit_code, org.manager_code) == ("东风轧钢", "91510400MA00000018", "510402")


def test_a_credit_code_stands_for_one_organisation_however_it_is_written(city, top):
    actor = top["system_admin"]
    organisations.save_organisation(actor, None, kind="bank", name="甲", credit_code=ASK["credit_code"])
    with pytest.raises(ValidationError, match="已登记在另一个单位"):
        written = " 91350100-m000100y43 "
        organisations.save_organisation(actor, None, kind="supplier", name="乙", credit_code=written)
    for name in ("丙", "丁"):
        organisations.save_organisation(actor, None, kind="supplier", name=name, credit_code="")
    assert Organisation.objects.filter(kind="supplier", credit_code=None, name__in="丙丁").count() == 2


class TestTerms:
    """Dates and limits of requests and invitations."""

    def at(self, **ago):
        Registration.unscoped.update(submitted_at=timezone.now() - timedelta(**ago))

    def test_the_hour_of_an_address_passes(self, city):
        for number in range(5):
            registrations.submit(f"w{number}", SAID, "x", "10.0.0.1")
        with pytest.raises(registrations.TooManyError, match="一小时"):
            registrations.submit("w5", SAID, "x", "10.0.0.1")
        assert registrations.submit("w0", SAID, "x", "10.0.0.1").pk, "what is in already is answered as before"
        self.at(minutes=59)
        with pytest.raises(registrations.TooManyError):
            registrations.submit("w6", SAID, "x", "10.0.0.1")
        self.at(minutes=61)
        assert registrations.submit("w7", SAID, "x", "10.0.0.1").pk

    def test_sent_again_the_days_begin_anew(self, city):
        made = registrations.submit("word", SAID, "x")
        acting(city.actor("county_officer"), registrations.send_back, made, "改名称")
        assert Registration.unscoped.get().due is None
        registrations.amend("word", SAID | {"manager_code": "510403"})
        found = Registration.unscoped.get()
        assert found.due == timezone.localdate() + timedelta(days=5)
        assert (found.manager_code, found.place_code, found.status) == ("510403", "510403", "submitted")
        with pytest.raises(Registration.DoesNotExist):
            acting(city.actor("county_officer"), registrations.approve, found)
        acting(city.actor("county_officer", west=True), registrations.approve, found)

    def test_only_what_was_returned_is_amended(self, city):
        made = registrations.submit("word", SAID, "x")
        with pytest.raises(ValidationError, match="被退回"):
            registrations.amend("word", SAID | {"name": "别名"})
        acting(city.actor("county_officer"), registrations.approve, made)
        with pytest.raises(ValidationError, match="被退回"):
            registrations.amend("word", SAID | {"name": "别名"})
        assert Registration.unscoped.get().name == SAID["name"]

    def test_an_inactive_unit_takes_no_requests(self, city):
        from jigai.platform.places.models import ManagingUnit

        ManagingUnit.objects.filter(code="510403").update(active=False)
        with pytest.raises(ValidationError) as refused:
            registrations.submit("word", SAID | {"manager_code": "510403"}, "x")
        assert "manager_code" in refused.value.message_dict

    def test_an_invitation_holds_a_week_and_dies_with_its_enterprise(self, city):
        invitation, word = acting(
            city.actor("enterprise_head"), hands.invite, name=" 周八 ", role_key="enterprise_head"
        )
        assert invitation.name == "周八" and word not in invitation.token
        left = invitation.expires_at - timezone.now()
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
        Organisation.objects.filter(pk=invitation.org_id).update(active=False)
        assert hands.usable(word) is None
        with pytest.raises(ValidationError, match="已失效"):
            hands.accept(word, name="周八", password="Ledger-2026-ok")
        Organisation.objects.filter(pk=invitation.org_id).update(active=True)
        assert hands.usable(word) == invitation
        assert not User.objects.filter(name="周八").exists()

    def test_a_used_invitation_is_not_taken_back(self, city):
        actor = city.actor("enterprise_head")
        invitation, word = acting(actor, hands.invite, name="周八", role_key="enterprise_finance")
        user = hands.accept(word, name="", phone="", password="Ledger-2026-ok")
        invitation = Invitation.unscoped.get()
        acting(actor, hands.revoke, invitation)
        assert invitation.revoked_at is None and invitation.used_by == user and user.name == "周八"
        assert not events(action="hand.invitation_revoked").exists()

    def test_whoever_returns_is_the_same_hand(self, city):
        actor, user = city.actor("enterprise_head"), city.people["enterprise_finance"]
        hands.dismiss(actor, user.memberships.get(), "离岗")
        _made, word = acting(actor, hands.invite, name="返岗", role_key="enterprise_finance")
        hands.accept(word, user)
        assert user.memberships.get().active


class TestWritten:
    @pytest.mark.parametrize("text", WRITTEN["phone"]["good"])
    def test_telephone_numbers(self, text):
        assert PersonForm({"name": "李四", "phone": text}).is_valid()

    @pytest.mark.parametrize("text", WRITTEN["phone"]["bad"])
    def test_what_is_no_telephone_number(self, text):
        assert set(PersonForm({"name": "李四", "phone": text}).errors) == {"phone"}

    @pytest.mark.parametrize("good", [True, False])
    def test_sign_in_names(self, city, bureau, good):
        for text in WRITTEN["username"]["good" if good else "bad"]:
            form = NewPersonForm(
                {"username": text, "name": "李四", "organisation": bureau.pk}, actor=city.actor("system_admin")
            )
            assert form.is_valid() is good, text

    @pytest.mark.parametrize(("name", "stem"), list(WRITTEN["names"].items()))
    def test_given_out_names_come_from_the_initials(self, name, stem):
        assert re.fullmatch(rf"{stem}[1-9]\d{{3}}", people.free_username(name))

    def test_any_name_gives_one_that_can_be_typed(self, db):
        @settings(max_examples=20, deadline=None)
        @given(st.text(max_size=12))
        def typed(name):
            assert re.fullmatch(r"[a-z0-9]{1,6}\d{4}", people.free_username(name))

        typed()

    def test_a_promised_name_is_taken(self, city):
        promised = registrations.submit("word", SAID, "x").username
        assert people.is_taken(promised.upper())
        with use_scope(command_scope("test")), transaction.atomic():
            Registration.objects.all().delete()
        assert not people.is_taken(promised)

    @pytest.mark.parametrize("version", ["", "²", "x", "-1", "9" * 30])
    def test_a_form_with_a_forged_version_changes_nothing_and_is_answered(self, city, version):
        user, bank = city.people["county_officer"], city.east_enterprise.org
        client = city.client("system_admin")
        for path in (f"/account/people/{user.pk}/", f"/account/organisations/{bank.pk}/"):
            answer = client.post(path, {"name": "改名", "version": version})
            assert answer.status_code == 200, path
        assert not User.objects.filter(name="改名").exists() and not Organisation.objects.filter(name="改名").exists()


def test_a_new_initial_password_is_the_only_one_and_ends_every_sign_in(city):
    one, two = sign_in("county_officer_510402"), sign_in("county_officer_510402")
    new = people.new_initial_password(city.actor("system_admin"), city.people["county_officer"], "忘记")
    assert not is_in(one) and not is_in(two)
    user = User.objects.get(username="county_officer_510402")
    assert user.check_password(new) and not user.check_password("correct horse battery")


def test_a_disabled_organisation_is_offered_to_nobody(city):
    other = Organisation.objects.create(kind="county_bureau", name="东区停办局", manager_code="510402", active=False)
    offered = NewPersonForm(actor=city.actor("system_admin")).fields["organisation"].queryset
    assert other not in offered and all(one.manager_code == "510402" for one in offered)
