"""An enterprise asks for access, its county decides, and its head takes in the other hands."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from tests.platform.accounts.signing import is_in, said, sign_in

from jigai.platform.accounts.models import Invitation, Membership, Organisation, Registration, User
from jigai.platform.accounts.services import hands, registrations
from jigai.platform.accounts.services.joining import heads
from jigai.platform.audit.models import Event
from jigai.platform.enterprises.models import LegalPerson, Line, Site
from jigai.platform.home.todo import todos_for
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CODE = "91350100M000100Y43"
ASK = {
    "credit_code": CODE,
    "name": "南坡铸造有限公司",
    "manager_code": "510402",
    "contact": "孙七",
    "post": "厂长",
    "phone": "13900001234",
    "password1": "Furnace-2026-ok",
    "password2": "Furnace-2026-ok",
    "fax": "",
}


def page_word(client):
    return re.search(r'name="page" value="([^"]+)"', said(client.get("/account/register/")))[1]


def ask(client=None, **changes):
    client = client or Client()
    return client.post("/account/register/", {**ASK, "page": page_word(client), **changes})


def the(**conditions):
    return Registration.unscoped.get(**conditions)


@pytest.fixture
def asked(city):
    client = Client()
    answer = ask(client)
    assert answer.status_code == 302, said(answer)
    client.receipt = answer["Location"]
    return client


def decide(city, pk, west=False, **answer):
    return city.client("county_officer", west=west).post(f"/account/registrations/{pk}/", answer)


def test_a_request_waits_for_the_county_with_a_due_date(city, asked):
    found = the()
    assert (found.status, found.credit_code, found.manager_code) == ("submitted", CODE, "510402")
    assert "Furnace" not in found.password and found.password
    todo = next(one for one in in_scope(city.actor("county_officer"), todos_for) if one.subject == ASK["name"])
    assert todo.due == timezone.localdate() + timedelta(days=5)
    assert not in_scope(city.actor("county_officer", west=True), todos_for)
    page = said(asked.get(asked.receipt))
    assert found.username in page and "申请已受理" in page
    assert "Furnace" not in page


def in_scope(actor, service, *more):
    from django.db import transaction

    with transaction.atomic(), use_scope(actor.scope):
        return service(actor, *more)


def test_approval_opens_enterprise_organisation_and_head(city, asked):
    answer = decide(city, the().pk, decision="approve")
    assert answer.status_code == 302
    found = the()
    assert found.status == "approved" and found.password == "" and found.due is None
    person = LegalPerson.unscoped.get(credit_code=CODE)
    assert (person.name, person.manager_code, person.place_code) == (ASK["name"], "510402", "510402")
    assert person.initials.startswith("npzz")
    held = Membership.objects.get(user__username=found.username)
    assert (held.role_key, held.organisation, held.organisation.credit_code) == ("enterprise_head", person.org, CODE)
    client = sign_in(found.username, ASK["password1"])
    assert client.get("/").status_code == 200
    assert "申请已通过" in said(asked.get(asked.receipt))
    assert Event.unscoped.get(action="registration.approved").actor == "county_officer_510402"


def test_a_returned_request_is_corrected_and_sent_again(city, asked):
    pk = the().pk
    refused = decide(city, pk, decision="return", reason="")
    assert "请写明退回原因" in said(refused) and the().status == "submitted"
    decide(city, pk, decision="return", reason="名称与营业执照不符")
    page = said(asked.get(asked.receipt))
    assert "名称与营业执照不符" in page and ASK["name"] in page
    wrong = asked.post(asked.receipt, {**ASK, "credit_code": CODE[:-1] + "5", "password1": "", "password2": ""})
    assert "逐位核对" in said(wrong) and the().status == "returned"
    asked.post(asked.receipt, {**ASK, "name": "南坡精铸有限公司", "password1": "", "password2": ""})
    found = the()
    assert (found.status, found.name, found.pk) == ("submitted", "南坡精铸有限公司", pk)
    assert Event.unscoped.get(action="registration.amended").before["name"] == ASK["name"]
    decide(city, pk, decision="approve")
    assert sign_in(found.username, ASK["password1"]).answer.status_code == 302, "the first password still holds"


def test_another_county_neither_sees_nor_decides(city, asked):
    pk = the().pk
    assert decide(city, pk, west=True, decision="approve").status_code == 404
    assert ASK["name"] not in said(city.client("county_officer", west=True).get("/account/registrations/"))
    assert ASK["name"] in said(city.client("county_officer").get("/account/registrations/"))
    assert ASK["name"] in said(city.client("city_officer").get("/account/registrations/"))
    assert city.client("enterprise_head").get("/account/registrations/").status_code == 403


def test_it_is_decided_once(city, asked):
    pk = the().pk
    decide(city, pk, decision="approve")
    again = decide(city, pk, decision="return", reason="反悔")
    assert "办理" in said(again) and the().status == "approved"


def test_the_answer_does_not_tell_whether_a_code_is_known(city):
    new = ask()
    Organisation.objects.filter(pk=city.east_enterprise.org_id).update(credit_code="9144030071526726XG")
    known = ask(credit_code="9144030071526726XG")
    assert new.status_code == known.status_code == 302
    pages = [said(Client().get(answer["Location"])) for answer in (new, known)]
    assert [("申请已受理" in page, "东风" in page) for page in pages] == [(True, False)] * 2


def test_sending_a_page_twice_makes_one_request(city):
    client = Client()
    word = page_word(client)
    first, second = (client.post("/account/register/", {**ASK, "page": word}) for _ in range(2))
    assert first["Location"] == second["Location"] and Registration.unscoped.count() == 1


def test_too_many_from_one_place_are_stopped(city):
    for number in range(5):
        assert ask(phone=f"1390000000{number}").status_code == 302
    assert "一小时后再试" in said(ask())
    client = Client()
    elsewhere = client.post("/account/register/", {**ASK, "page": page_word(client)}, REMOTE_ADDR="10.1.2.3")
    assert elsewhere.status_code == 302


def test_machines_that_fill_every_field_are_told_and_kept_out(city):
    answer = ask(fax="http://spam.example")
    assert "此栏须留空" in said(answer) and 'class="trap bad"' in said(answer)
    assert not Registration.unscoped.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "91350100M000100Y44"}, "逐位核对"),
        ({"credit_code": "91350100"}, "现为 8 位"),
        ({"phone": "hello"}, "请写电话号码"),
        ({"password2": "Other-password-1"}, "两次输入的口令不一致"),
        ({"password1": "13900001234", "password2": "13900001234"}, "口令"),
        ({"manager_code": "999999"}, "请从列表中选择"),
        ({"name": ""}, "请填写此项"),
        ({"page": "forged"}, "页面打开时间过长"),
    ],
)
def test_bad_input_is_named_and_the_good_part_kept(city, changes, words):
    answer = ask(**changes)
    assert answer.status_code == 200 and words in said(answer)
    if "name" not in changes:
        assert ASK["name"] in said(answer)
    assert ASK["password1"] not in said(answer)
    assert not Registration.unscoped.exists()


def test_a_receipt_opens_with_its_own_word_only(city, asked):
    assert Client().get("/account/register/guess/").status_code == 404
    assert Client().get(f"/account/register/{the().receipt}/").status_code == 404, "the hash is not the key"


class TestKnownEnterprises:
    @pytest.fixture
    def known(self, city):
        """The eastern enterprise of the test city, under the code of the request."""
        Organisation.objects.filter(pk=city.east_enterprise.org_id).update(credit_code=CODE)
        LegalPerson.unscoped.filter(pk=city.east_enterprise.pk).update(credit_code=CODE)
        return city.east_enterprise

    def test_one_with_a_head_is_joined_in_another_role(self, city, known, asked):
        page = said(city.client("county_officer").get(f"/account/registrations/{the().pk}/"))
        assert "东风轧钢有限公司" in page and "名称与库里的不同" in page
        assert "已有负责人" in said(decide(city, the().pk, decision="approve", role_key="enterprise_head"))
        assert not User.objects.filter(username=the().username).exists(), "nothing half done is kept"
        decide(city, the().pk, decision="approve", role_key="enterprise_equipment")
        held = Membership.objects.get(user__username=the().username)
        assert (held.organisation_id, held.role_key) == (known.org_id, "enterprise_equipment")
        assert LegalPerson.unscoped.filter(credit_code=CODE).count() == 1

    def test_one_without_people_gets_its_head(self, city, known, asked):
        Membership.objects.filter(organisation=known.org).update(active=False)
        decide(city, the().pk, decision="approve")
        assert heads(known.org).get().user.username == the().username

    def test_one_of_another_county_cannot_be_taken_over(self, city, asked):
        Organisation.objects.filter(pk=city.west_enterprise.org_id).update(credit_code=CODE)
        LegalPerson.unscoped.filter(pk=city.west_enterprise.pk).update(credit_code=CODE)
        answer = decide(city, the().pk, decision="approve")
        assert "由西区管理" in said(answer) and the().status == "submitted"

    def test_an_imported_one_elsewhere_is_not_made_twice(self, city, asked):
        with use_scope(command_scope("test")):
            LegalPerson.objects.create(name="南坡铸造", credit_code=CODE, manager_code="510403")
        assert "由西区管理" in said(decide(city, the().pk, decision="approve"))

    def test_an_imported_one_is_handed_over_with_all_its_rows(self, city, asked):
        with use_scope(command_scope("test")):
            person = LegalPerson.objects.create(name="南坡铸造", credit_code=CODE, manager_code="510402")
            site = Site.objects.create(
                legal_person=person, enterprise_name=person.name, credit_code=CODE, name="西厂", manager_code="510403"
            )
            site.site = site
            site.save()
            Line.objects.create(name="一线", product="铸件", site=site, manager_code="510403")
        decide(city, the().pk, decision="approve")
        org = Organisation.objects.get(credit_code=CODE)
        for model in (LegalPerson, Site, Line):
            assert model.unscoped.filter(org=org).count() == 1, model


JOIN = {"name": "周八", "phone": "13700001111", "password1": "Ledger-2026-ok", "password2": "Ledger-2026-ok"}


class TestHands:
    def invite(self, city, **changes):
        client = city.client("enterprise_head")
        said_form = {"name": "周八", "role_key": "enterprise_finance", **changes}
        client.post("/account/hands/", said_form)
        page = said(client.get("/account/hands/"))
        found = re.search(r'<code id="link">http://testserver([^<]+)</code>', page)
        assert "<code" not in said(client.get("/account/hands/")), "the link is shown once"
        return found[1] if found else page

    def test_the_head_invites_and_the_invited_joins(self, city):
        link = self.invite(city)
        assert "东风轧钢有限公司" in said(Client().get(link))
        answer = Client().post(link, JOIN)
        assert answer.status_code == 302
        held = Membership.objects.get(user__name="周八")
        assert (held.role_key, held.organisation) == ("enterprise_finance", city.east_enterprise.org)
        assert is_in(sign_in(held.user.username, "Ledger-2026-ok"))

    def test_a_link_works_once(self, city):
        link = self.invite(city)
        Client().post(link, JOIN)
        again = Client().post(link, JOIN)
        assert again.status_code == 404 and "邀请已失效" in said(again)
        assert User.objects.filter(name="周八").count() == 1

    def test_a_link_that_is_old_or_taken_back_is_dead(self, city):
        link = self.invite(city)
        Invitation.unscoped.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert Client().get(link).status_code == 404
        link = self.invite(city)
        pk = Invitation.unscoped.first().pk
        assert (
            city.client("enterprise_head", west=True).post(f"/account/hands/invitations/{pk}/revoke/").status_code
            == 404
        )
        city.client("enterprise_head").post(f"/account/hands/invitations/{pk}/revoke/")
        assert Client().get(link).status_code == 404

    def test_someone_with_an_account_joins_with_it(self, city):
        link = self.invite(city)
        client = city.client("enterprise_finance", west=True)
        assert "用这个账号接受" in said(client.get(link))
        client.post(link)
        user = city.west["enterprise_finance"]
        assert user.memberships.count() == 2

    def test_only_roles_inside_the_enterprise_and_only_by_the_head(self, city):
        assert "list" in str(type(hands.hand_keys()))
        with pytest.raises(ValidationError, match="企业内的角色"):
            in_scope(city.actor("enterprise_head"), invited_as("city_officer"))
        for key in ("enterprise_finance", "county_officer", "system_admin"):
            with pytest.raises(PermissionDenied):
                in_scope(city.actor(key), invited_as("enterprise_finance"))
            assert city.client(key).get("/account/hands/").status_code == 403

    def test_sites_narrow_and_must_be_one_s_own(self, city):
        with pytest.raises(ValidationError, match="不属于本企业"):
            in_scope(city.actor("enterprise_head"), invited_as("enterprise_equipment", [city.west_site.pk]))
        invitation, word = in_scope(
            city.actor("enterprise_head"), invited_as("enterprise_equipment", [city.east_site.pk])
        )
        user = hands.accept(word, name="吴九", password="Ledger-2026-ok")
        assert user.memberships.get().sites == [city.east_site.pk] == invitation.sites

    def test_a_hand_is_dismissed_with_a_reason_and_never_oneself(self, city):
        client = city.client("enterprise_head")
        own, other = (
            Membership.objects.get(user=city.people[key]).pk for key in ("enterprise_head", "enterprise_finance")
        )
        client.post(f"/account/hands/{own}/dismiss/", {"reason": "离岗"})
        client.post(f"/account/hands/{other}/dismiss/", {"reason": ""})
        assert Membership.objects.filter(pk__in=(own, other), active=True).count() == 2
        client.post(f"/account/hands/{other}/dismiss/", {"reason": "离岗"})
        assert not Membership.objects.get(pk=other).active
        foreign = Membership.objects.get(user=city.west["enterprise_finance"]).pk
        assert client.post(f"/account/hands/{foreign}/dismiss/", {"reason": "x"}).status_code == 404


def invited_as(role_key, sites=None):
    return lambda actor: hands.invite(actor, name="吴九", role_key=role_key, sites=sites)


def test_the_service_refuses_who_may_not_approve(city, asked):
    with pytest.raises(PermissionDenied):
        registrations.approve(city.actor("county_head"), the())


def test_a_form_sent_empty_is_shown_again_with_what_is_missing(city):
    answer = Client().post("/account/register/")
    assert answer.status_code == 200
    assert "wrong" in answer.content.decode()
    for role, page in (("system_admin", "/account/people/add/"), ("county_officer", "/registers/green-factories/add/")):
        assert city.client(role).post(page).status_code in {200, 422}, page
