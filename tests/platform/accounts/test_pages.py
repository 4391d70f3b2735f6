"""Pages of administrators, driven as people do: forms, refusals shown where they belong, lists that narrow."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.platform.accounts.signing import is_in, said, sign_in

from jigai.platform.accounts.models import Assignment, Membership, Organisation, User
from jigai.platform.walls.capabilities import capabilities

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def admin(city):
    return city.client("system_admin")


@pytest.fixture
def guard(city):
    return city.client("security_admin")


@pytest.fixture
def bureau(city):
    return Organisation.objects.get(kind="county_bureau", manager_code="510402")


@pytest.fixture
def top(city):
    """The system administrator of the whole city, signed in."""
    department = Organisation.objects.create(kind="department", name="市经信局")
    user = User.objects.create(username="topadmin", name="总管")
    user.set_password("correct horse battery")
    user.save()
    Membership.objects.create(user=user, organisation=department, role_key="system_admin")
    return sign_in("topadmin")


class TestAccounts:
    form = ("organisation", "username", "name", "post", "phone")

    def add(self, client, bureau, **changes):
        values = {"organisation": bureau.pk, "username": "lisi", "name": "李四", "post": "科员", "phone": ""}
        return client.post("/account/people/add/", values | changes)

    def test_a_new_one_is_shown_with_its_password_once(self, admin, bureau):
        answer = self.add(admin, bureau)
        user = User.objects.get(username="lisi")
        assert answer["Location"] == f"/account/people/{user.pk}/"
        page = said(admin.get(answer["Location"]))
        password = re.search(r'id="initial">([^<]+)<', page)[1].replace("&amp;", "&").replace("&#x27;", "'")
        assert user.check_password(password)
        assert password not in said(admin.get(answer["Location"]))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"username": "Li Si"}, "登录名用小写字母开头"),
            ({"username": "bank_510402"}, "已被使用"),
            ({"name": ""}, "请填写此项"),
            ({"phone": "12"}, "请写电话号码"),
            ({"organisation": "0"}, "请从列表中选择"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(self, admin, bureau, changes, words):
        page = said(self.add(admin, bureau, **changes))
        assert words in page
        assert 'value="科员"' in page
        assert not User.objects.filter(username="lisi").exists()

    def test_organisations_outside_are_not_offered(self, admin, city):
        page = said(admin.get("/account/people/add/"))
        assert "东风轧钢有限公司" in page and "西山水泥有限公司" not in page

    def test_the_city_may_choose_any(self, top):
        page = said(top.get("/account/people/add/"))
        assert "东风轧钢有限公司" in page and "西山水泥有限公司" in page

    def test_editing_and_being_overtaken(self, admin, city):
        user = city.people["county_head"]
        url = f"/account/people/{user.pk}/"
        assert admin.post(url, {"name": "何九", "version": "1"}).status_code == 302
        page = said(admin.post(url, {"name": "贺九", "version": "1"}))
        assert "别人刚刚改过" in page and "何九" in page and "贺九" in page, "both are shown"
        assert "say s-stop" in said(admin.post(url, {"name": "贺九", "version": "x"}))
        user.refresh_from_db()
        assert user.name == "何九"

    def test_disabling_needs_a_reason_and_is_said(self, admin, city):
        user = city.people["county_head"]
        client = sign_in(user.username)
        url = f"/account/people/{user.pk}/active/"
        assert "请写明原因" in said(admin.post(url, {"active": "0", "reason": ""}, follow=True))
        assert is_in(client)
        assert "账号已停用" in said(admin.post(url, {"active": "0", "reason": "退休"}, follow=True))
        assert not is_in(client)
        assert "账号已启用" in said(admin.post(url, {"active": "1", "reason": "返聘"}, follow=True))
        assert sign_in(user.username).answer["Location"] == "/"

    def test_belonging(self, admin, city, bureau):
        user = city.people["county_head"]
        second = Organisation.objects.create(kind="county_bureau", name="东区应急局", manager_code="510402")
        url = f"/account/people/{user.pk}/"
        admin.post(f"{url}assign/", {"organisation": second.pk})
        assert Assignment.objects.filter(user=user, organisation=second).exists()
        assert "请选择单位" in said(admin.post(f"{url}assign/", {"organisation": ""}, follow=True))
        admin.post(f"{url}unassign/{second.pk}/", {"reason": "错分"})
        assert not Assignment.objects.filter(user=user, organisation=second).exists()

    def test_one_s_own_account_is_not_one_s_to_administer(self, admin, city):
        me = city.people["system_admin"]
        page = said(admin.get(f"/account/people/{me.pk}/"))
        assert "这是您自己的账号" in page and "重发口令" not in page
        admin.post(f"/account/people/{me.pk}/password/", {"reason": "x"})
        assert is_in(admin)

    @pytest.mark.parametrize(
        ("query", "here", "gone"),
        [
            ("q=bank", None, "county_head_510402"),
            ("q=county_head", "county_head_510402", "enterprise_head_510402"),
            ("role=county_head", "county_head_510402", "county_officer_510402"),
            ("state=off", None, "county_head_510402"),
        ],
    )
    def test_lists_narrow(self, admin, query, here, gone):
        page = said(admin.get(f"/account/people/?{query}"))
        assert gone not in page
        assert here is None or here in page

    def test_a_filter_is_remembered_and_cleared(self, admin):
        admin.get("/account/people/?q=county_head")
        assert "county_officer_510402" not in said(admin.get("/account/people/"))
        assert "county_officer_510402" in said(admin.get("/account/people/?all=1"))


class TestOrganisations:
    def test_adding_and_editing_by_the_page(self, top):
        values = {"kind": "bank", "name": "三江农商行", "short": "", "manager_code": "", "credit_code": ""}
        answer = top.post("/account/organisations/add/", values)
        bank = Organisation.objects.get(name="三江农商行")
        assert answer["Location"] == f"/account/organisations/{bank.pk}/"
        top.post(answer["Location"], {**values, "name": "三江银行", "version": "1"})
        bank.refresh_from_db()
        assert (bank.name, bank.kind, bank.version) == ("三江银行", "bank", 2)
        assert "别人刚刚改过" in said(top.post(answer["Location"], {**values, "version": "1"}))

    def test_a_wrong_code_is_named(self, top):
        values = {"kind": "supplier", "name": "某商", "credit_code": "91350100M000100Y44"}
        assert "逐位核对" in said(top.post("/account/organisations/add/", values))
        top.post("/account/organisations/add/", values | {"credit_code": "9135 0100 M000 100Y 43"})
        assert Organisation.objects.get(name="某商").credit_code == "91350100M000100Y43"
        again = said(top.post("/account/organisations/add/", values | {"credit_code": "91350100M000100Y43"}))
        assert "已登记在另一个单位" in again

    def test_the_code_of_an_enterprise_is_not_changed_here(self, top, city):
        org = city.east_enterprise.org
        values = {"name": "东风特钢有限公司", "short": "", "credit_code": "91350100M000100Y43", "version": "1"}
        top.post(f"/account/organisations/{org.pk}/", values)
        org.refresh_from_db()
        assert org.name == "东风特钢有限公司" and org.credit_code != "91350100M000100Y43"

    def test_disabling_shows_at_once(self, top, city, bureau):
        officer = city.client("county_officer")
        url = f"/account/organisations/{bureau.pk}/active/"
        top.post(url, {"active": "0", "reason": ""})
        assert officer.get("/").status_code == 200
        top.post(url, {"active": "0", "reason": "撤并"})
        assert officer.get("/").status_code == 403
        top.post(url, {"active": "1", "reason": "恢复"})
        assert officer.get("/").status_code == 200

    def test_a_county_does_not_open_those_of_another(self, admin):
        west = Organisation.objects.get(kind="county_bureau", manager_code="510403")
        assert admin.get(f"/account/organisations/{west.pk}/").status_code == 404
        assert admin.post(f"/account/organisations/{west.pk}/active/", {"reason": "x"}).status_code == 404


class TestGrants:
    def test_the_three_exclude_each_other_on_the_page(self, guard, city, bureau):
        user = city.people["audit_admin"]
        values = {"organisation": bureau.pk, "role_key": "system_admin", "reason": "兼任"}
        page = said(guard.post(f"/account/grants/{user.pk}/", values))
        assert "互斥" in page and "审计管理员" in page
        assert user.memberships.count() == 1

    def test_one_s_own_roles_are_not_offered(self, guard, city, bureau):
        me = city.people["security_admin"]
        page = said(guard.get(f"/account/grants/{me.pk}/"))
        assert "不能给自己授予或收回角色" in page and 'name="role_key"' not in page
        values = {"organisation": bureau.pk, "role_key": "county_head", "reason": "兼任"}
        guard.post(f"/account/grants/{me.pk}/", values)
        assert me.memberships.count() == 1

    def test_only_roles_that_fit_are_offered(self, guard, city):
        page = said(guard.get(f"/account/grants/{city.people['county_officer'].pk}/"))
        offered = set(re.findall(r'<option value="([a-z_]+)"', page))
        assert offered == {"county_officer", "county_head", "system_admin", "security_admin", "audit_admin"}

    def test_people_of_another_county_are_not_there(self, guard, city):
        pk = city.west["county_officer"].pk
        held = Membership.objects.get(user=city.west["county_officer"])
        assert guard.get(f"/account/grants/{pk}/").status_code == 404
        assert guard.post(f"/account/grants/{pk}/take/{held.pk}/", {"reason": "x"}).status_code == 404
        assert guard.post(f"/account/grants/{pk}/second-factor/", {"reason": "x"}).status_code == 404
        own = city.people["county_officer"].pk
        assert guard.post(f"/account/grants/{own}/take/{held.pk}/", {"reason": "x"}).status_code == 404
        held.refresh_from_db()
        assert held.active

    def test_a_role_taken_away_is_gone_with_the_next_click(self, guard, city):
        user = city.people["county_officer"]
        client = city.client("county_officer")
        held = user.memberships.get()
        guard.post(f"/account/grants/{user.pk}/take/{held.pk}/", {"reason": "调离"})
        assert client.get("/account/registrations/").status_code == 403
        assert "已收回" in said(guard.get(f"/account/grants/{user.pk}/"))

    def test_a_role_taken_away_can_be_given_again(self, guard, city, bureau):
        user = city.people["county_officer"]
        url = f"/account/grants/{user.pk}/"
        values = {"organisation": bureau.pk, "role_key": "county_officer", "reason": "回任"}
        assert "已有这个角色" in said(guard.post(url, values))
        second = Organisation.objects.create(kind="county_bureau", name="东区应急局", manager_code="510402")
        Assignment.objects.create(user=user, organisation=second)
        guard.post(f"{url}take/{user.memberships.get().pk}/", {"reason": "调离"})
        Assignment.objects.create(user=user, organisation=bureau)
        assert guard.post(url, values).status_code == 302
        assert user.memberships.get().active


def patterns(resolver=None, before=""):
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.callback


def test_every_page_of_accounts_carries_a_guard():
    found = dict(one for one in patterns() if one[0].startswith("account/"))
    assert len(found) > 50
    for path, view in found.items():
        assert hasattr(view, "capability"), path
        if view.capability:
            assert view.capability in capabilities(), path
        else:
            assert view.open_because, path


def test_pages_for_the_signed_in_send_others_to_the_sign_in(city, client):
    for path, view in patterns():
        if path.startswith("account/") and view.capability is not None:
            url = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "x", path))
            answer = client.get(url)
            assert answer.status_code in {302, 405}, url
            assert answer.status_code == 405 or answer["Location"].startswith("/account/login/"), url
