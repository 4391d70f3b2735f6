"""Tokens: issued once, never more than the issuer has, stopped at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jigai.platform.accounts.models import Membership
from jigai.platform.api import services
from jigai.platform.api.models import ApiToken
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def head(city):
    return city.actor("enterprise_head")


def issue(actor, *capabilities, days=30):
    return services.issue(actor, "能耗平台", capabilities or ("enterprise.view",), days)


def test_a_token_acts_for_its_organisation_with_what_was_chosen(head):
    token, secret = issue(head, "enterprise.view", "fact.view")
    actor = services.actor_of_secret(secret)
    assert actor.organisation == head.organisation
    assert actor.scope == head.scope
    assert actor.capabilities == {"enterprise.view", "fact.view"}
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))


@pytest.mark.parametrize(
    ("name", "capabilities", "days", "at_fault"),
    [
        (" ", ["enterprise.view"], 30, "name"),
        ("x", [], 30, "capabilities"),
        ("x", ["audit.read"], 30, "capabilities"),
        ("x", ["token.manage"], 30, "capabilities"),
        ("x", ["enterprise.view"], 0, "days"),
        ("x", ["enterprise.view"], 367, "days"),
    ],
)
def test_what_cannot_be_issued_says_why(head, name, capabilities, days, at_fault):
    with pytest.raises(ValidationError) as refused:
        services.issue(head, name, capabilities, days)
    assert set(refused.value.message_dict) == {at_fault}


def test_only_who_may_issues(city):
    with pytest.raises(PermissionDenied):
        issue(city.actor("enterprise_equipment"))


def test_a_revoked_token_stops_at_once(head):
    token, secret = issue(head)
    services.revoke(head, token)
    services.revoke(head, token)
    assert services.actor_of_secret(secret) is None
    assert Event.unscoped.filter(action="token.revoked").count() == 1


def test_a_token_ends_with_its_time(head):
    token, secret = issue(head)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert services.actor_of_secret(secret) is None


def test_a_token_ends_with_the_role_of_its_issuer(head):
    _, secret = issue(head)
    Membership.objects.filter(pk=head.membership.pk).update(active=False)
    assert services.actor_of_secret(secret) is None


def test_use_is_noted_but_not_each_time(head):
    token, secret = issue(head)
    services.actor_of_secret(secret)
    first = ApiToken.objects.get(pk=token.pk).used_at
    services.actor_of_secret(secret)
    assert ApiToken.objects.get(pk=token.pk).used_at == first


def test_the_page_shows_the_secret_once(city):
    client = city.client("enterprise_head")
    page = client.post("/api/tokens/", {"name": "能耗平台", "days": 30, "capabilities": ["enterprise.view"]})
    assert services.MARK in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    again = client.get("/api/tokens/").content.decode()
    assert "能耗平台" in again
    assert ApiToken.objects.get().digest not in again


def test_the_page_says_what_is_missing(city):
    page = city.client("enterprise_head").post("/api/tokens/", {"name": "", "days": 9999})
    assert page.status_code == 200
    assert page.content.decode().count('class="wrong"') == 3
    assert not ApiToken.objects.exists()


def test_a_foreign_token_cannot_be_revoked(city, head):
    token, _ = issue(head)
    assert city.client("enterprise_head", west=True).post(f"/api/tokens/{token.pk}/revoke/").status_code == 404
    assert city.client("enterprise_head").post(f"/api/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at


def test_the_description_can_be_read(city):
    page = city.client("enterprise_head").get("/api/docs/").content.decode()
    assert "/api/v1/enterprises" in page


def test_a_token_may_be_issued_for_what_operations_change_and_for_nothing_else(city):
    page = city.client("enterprise_head").get("/api/tokens/").content.decode()
    offered = {key for key in city.actor("enterprise_head").capabilities if f'value="{key}"' in page}
    assert {"ledger.take", "screening.run", "enterprise.view"} <= offered
    assert not {"token.manage", "fact.submit", "hands.manage"} & offered
