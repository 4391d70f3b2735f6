"""A form drawn in one role never acts in another: after a switch, and after the role was taken away meanwhile."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.platform.accounts.signing import sign_in

from jigai.platform.accounts.models import Invitation, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HANDS = "/account/hands/"


@pytest.fixture
def both(city):
    """A head of two enterprises, signed in as the head of the first, in a browser that checks like a real one."""
    user = city.people["enterprise_head"]
    second = Membership.objects.create(user=user, organisation=city.west_enterprise.org, role_key="enterprise_head")
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/login/").content.decode()
    sign_in(user.username, client=client, headers={"x-csrftoken": token(page)})
    return client, second


def token(page):
    return re.search(r'x-csrftoken": "([A-Za-z0-9]+)"', page).group(1)


def invite(client, word, **headers):
    said = {"name": "周八", "role_key": "enterprise_finance", "csrfmiddlewaretoken": word}
    return client.post(HANDS, said, headers=headers)


def test_a_form_that_was_open_before_the_switch_is_refused(both):
    client, second = both
    page = client.get(HANDS).content.decode()
    assert "东风轧钢" in page
    client.post(reverse("accounts:switch", args=[second.pk]), headers={"x-csrftoken": token(page)})
    refused = invite(client, token(page))
    assert refused.status_code == 403
    assert "填写的内容还在" in refused.content.decode()
    assert not Invitation.unscoped.exists()
    page = client.get(HANDS).content.decode()
    assert "西山水泥" in page
    invite(client, token(page))
    assert Invitation.unscoped.get().org_id == second.organisation_id


def test_a_form_of_a_role_that_was_taken_away_does_not_act_in_the_next(both, city):
    client, _second = both
    page = client.get(HANDS).content.decode()
    Membership.objects.filter(organisation=city.east_enterprise.org).update(active=False)
    other_tab = token(page)
    refused = invite(client, other_tab)
    assert refused.status_code == 403
    page = client.get(HANDS).content.decode()
    assert "原来的身份已不再有效" in refused.content.decode() + page
    assert "西山水泥" in page
    assert invite(client, other_tab).status_code == 403
    assert not Invitation.unscoped.exists()
    assert "原来的身份已不再有效" not in client.get(HANDS).content.decode(), "said once"


def test_a_part_of_a_page_loads_the_whole_again(both):
    client, second = both
    page = client.get(HANDS).content.decode()
    client.post(reverse("accounts:switch", args=[second.pk]), headers={"x-csrftoken": token(page)})
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{HANDS}"}
    answer = invite(client, token(page), **headers)
    assert answer.headers["HX-Redirect"] == HANDS
    assert "没有保存" in client.get(HANDS).content.decode()
    assert not Invitation.unscoped.exists()
