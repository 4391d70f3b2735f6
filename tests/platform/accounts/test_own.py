"""One's own account: what one says of oneself, the language, and the membership in use."""

from __future__ import annotations

import pytest
from tests.platform.accounts.signing import said

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def two(city):
    """An officer of the east who is an expert of the western enterprise's head as well."""
    user = city.people["county_officer"]
    second = Membership.objects.create(user=user, organisation=city.west_enterprise.org, role_key="enterprise_head")
    return user, second


def test_switching_changes_what_one_may_do(city, two):
    user, second = two
    client = city_client(user)
    assert client.get("/account/registrations/").status_code == 200
    assert client.get("/account/hands/").status_code == 403
    client.post(f"/account/switch/{second.pk}/")
    assert client.get("/account/registrations/").status_code == 403
    assert "西山水泥有限公司" in said(client.get("/account/hands/"))
    event = Event.unscoped.get(action="membership.switched")
    assert "西山水泥有限公司" in event.after["membership"] and event.actor_org == "西山水泥有限公司"


def city_client(user):
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_nobody_switches_to_what_is_not_theirs(city, two):
    user, second = two
    client = city_client(user)
    foreign = Membership.objects.get(user=city.west["county_officer"])
    assert client.post(f"/account/switch/{foreign.pk}/").status_code == 404
    second.active = False
    second.save()
    assert client.post(f"/account/switch/{second.pk}/").status_code == 404
    assert client.get(f"/account/switch/{second.pk}/").status_code == 405


def test_what_one_says_of_oneself(city):
    client, user = city.client("bank"), city.people["bank"]
    said_form = {"name": "钱多", "post": "客户经理", "phone": "0812-3351234", "language": "zh-hans", "version": "1"}
    assert client.post("/account/me/", said_form).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.phone, user.version) == ("钱多", "0812-3351234", 2)
    assert Event.unscoped.get(action="account.own_edited").after["name"] == "钱多"
    assert "别处改过" in said(client.post("/account/me/", said_form | {"name": "钱少"}))
    bad = client.post("/account/me/", said_form | {"phone": "x", "version": "2"})
    assert "请写电话号码" in said(bad) and "钱多" in said(bad)


def test_the_language_is_kept_with_the_account(city):
    client, user = city.client("bank"), city.people["bank"]
    client.post("/account/me/language/", {"language": "en"}, headers={"referer": "http://testserver/account/me/"})
    assert '<html lang="en"' in said(client.get("/account/me/"))
    assert User.objects.get(pk=user.pk).language == "en"
    client.post("/account/me/language/", {"language": "xx"})
    assert User.objects.get(pk=user.pk).language == "en"
    fresh = city.client("bank")
    assert '<html lang="en"' in said(fresh.get("/account/me/")), "on another machine too"


def test_every_role_sees_its_account_and_the_matrix(city):
    for key in city.people:
        client = city.client(key)
        assert client.get("/account/me/").status_code == 200, key
        assert client.get("/account/grants/matrix/").status_code == 200, key


PAGES = {
    "system_admin": [
        "/account/people/",
        "/account/people/add/",
        "/account/organisations/",
        "/account/organisations/add/",
    ],
    "security_admin": ["/account/grants/", "/account/grants/locked/"],
    "county_officer": ["/account/registrations/"],
    "city_officer": ["/account/registrations/"],
    "enterprise_head": ["/account/hands/"],
}


def test_pages_open_for_their_roles_and_no_other(city):
    paths = {path for found in PAGES.values() for path in found}
    for key in city.people:
        client = city.client(key)
        for path in paths:
            expected = 200 if path in PAGES.get(key, []) else 403
            assert client.get(path).status_code == expected, (key, path)


def test_pages_of_one_person_and_one_organisation(city):
    user, bureau = city.people["county_officer"], Organisation.objects.get(kind="county_bureau", manager_code="510402")
    assert "county_officer_510402" in said(city.client("system_admin").get(f"/account/people/{user.pk}/"))
    assert city.client("system_admin").get(f"/account/organisations/{bureau.pk}/").status_code == 200
    assert "县区经办" in said(city.client("security_admin").get(f"/account/grants/{user.pk}/"))


def test_giving_and_taking_by_the_page(city):
    user = city.people["county_officer"]
    client = city.client("security_admin")
    bureau = user.memberships.get().organisation
    page = client.post(
        f"/account/grants/{user.pk}/", {"organisation": bureau.pk, "role_key": "county_head", "reason": ""}
    )
    assert "id_reason_wrong" in said(page)
    client.post(f"/account/grants/{user.pk}/", {"organisation": bureau.pk, "role_key": "county_head", "reason": "兼任"})
    held = user.memberships.get(role_key="county_head")
    client.post(f"/account/grants/{user.pk}/take/{held.pk}/", {"reason": "期满"})
    held.refresh_from_db()
    assert not held.active


def test_lists_answer_htmx_with_the_table_only(city):
    page = said(city.client("system_admin").get("/account/people/?q=officer", headers={"hx-request": "true"}))
    assert "<html" not in page and "county_officer_510402" in page and "bank_510402" not in page


@pytest.mark.parametrize(("key", "path"), [(key, path) for key, found in PAGES.items() for path in found])
def test_a_longer_list_costs_no_more_questions(city, key, path, django_assert_max_num_queries):
    client = city.client(key)
    client.get(path)
    for number in range(20):
        user = User.objects.create(username=f"more{number}", name=f"多{number}")
        bureau = Organisation.objects.create(kind="county_bureau", name=f"局{number}", manager_code="510402")
        Membership.objects.create(user=user, organisation=bureau, role_key="county_officer")
    with django_assert_max_num_queries(30):
        assert client.get(path).status_code == 200
