"""Two at the same moment: one of them wins, the other is told, and nothing is done twice."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from tests.platform.accounts.test_registration import ASK, JOIN

from jigai.platform.accounts.models import Invitation, Membership, Organisation, Registration, SignIn, User
from jigai.platform.accounts.services import grants, hands, people, registrations
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.walls.scope import use_scope

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run each in a thread of its own, with its own connection; return what each gave or raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait(timeout=20)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def acting(actor, service, *args, **more):
    with transaction.atomic(), use_scope(actor.scope):
        return service(actor, *args, **more)


def refused(results):
    return [one for one in results if isinstance(one, ValidationError)]


@pytest.fixture
def asked(city):
    said = {key: ASK[key] for key in registrations.FIELDS}
    return registrations.submit("word", said, ASK["password1"])


def test_two_officers_who_approve_the_same_request(city, asked):
    county, town = city.actor("county_officer"), city.actor("city_officer")
    results = at_once(
        lambda: acting(county, registrations.approve, asked),
        lambda: acting(town, registrations.approve, asked),
    )
    assert len(refused(results)) == 1, results
    assert "办理" in refused(results)[0].messages[0]
    assert Organisation.objects.filter(credit_code=asked.credit_code).count() == 1
    assert LegalPerson.unscoped.filter(credit_code=asked.credit_code).count() == 1
    assert User.objects.filter(username=asked.username).count() == 1


def test_one_approves_while_another_returns(city, asked):
    county, town = city.actor("county_officer"), city.actor("city_officer")
    results = at_once(
        lambda: acting(county, registrations.approve, asked),
        lambda: acting(town, registrations.send_back, asked, "名称不符"),
    )
    assert len(refused(results)) == 1
    found = Registration.unscoped.get()
    assert User.objects.filter(username=asked.username).exists() == (found.status == "approved")


def test_a_link_opened_by_two_takes_in_one(city):
    _invitation, word = acting(city.actor("enterprise_head"), hands.invite, name="周八", role_key="enterprise_finance")
    results = at_once(
        lambda: hands.accept(word, name="周八", password=JOIN["password1"]),
        lambda: hands.accept(word, name="周九", password=JOIN["password1"]),
    )
    assert len(refused(results)) == 1, results
    assert User.objects.filter(name__in=["周八", "周九"]).count() == 1
    assert Invitation.unscoped.get().used_by is not None


def test_two_administrators_cannot_give_roles_that_exclude_each_other(city):
    bureau = Organisation.objects.get(kind="county_bureau", manager_code="510402")
    user, _ = acting(
        city.actor("system_admin"), people.create_person, username="lisi", name="李四", organisation=bureau
    )
    admin = city.actor("security_admin")
    results = at_once(
        lambda: acting(admin, grants.give_role, user, bureau, "system_admin", "任命"),
        lambda: acting(admin, grants.give_role, user, bureau, "audit_admin", "任命"),
    )
    assert len(refused(results)) == 1, results
    assert Membership.objects.filter(user=user, active=True).count() == 1


def test_many_sign_ins_at_once_leave_no_more_than_allowed(city, settings):
    from tests.platform.accounts.signing import is_in, sign_in

    settings.SESSIONS_PER_USER = 2
    clients = [client for client in at_once(*[lambda: sign_in("bank_510402")] * 4)]
    clients.append(sign_in("bank_510402"))
    assert SignIn.objects.filter(user__username="bank_510402", ended_at__isnull=True).count() <= 2
    assert is_in(clients[-1])
    assert sum(is_in(client) for client in clients) <= 2


@pytest.mark.postgres("row-level security is the second wall")
def test_what_a_county_decides_it_may_under_the_plain_role(city, asked):
    """All of the above ran under the plain role; here the second wall alone is asked."""
    acting(city.actor("enterprise_head"), hands.invite, name="周八", role_key="enterprise_finance")
    for key, west, seen in (
        ("county_officer", False, (1, 1)),
        ("county_officer", True, (0, 0)),
        ("enterprise_head", False, (0, 1)),
        ("enterprise_head", True, (0, 0)),
        ("bank", False, (0, 0)),
        ("system_admin", False, (0, 0)),
        ("city_officer", False, (1, 1)),
    ):
        actor = city.actor(key, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            assert (Registration.unscoped.count(), Invitation.unscoped.count()) == seen, (key, west)
            if not any(seen):
                assert Registration.unscoped.update(name="改") == 0
    assert Registration.unscoped.get().name == ASK["name"]


def test_setting_up_and_losing_a_second_factor_is_in_the_audit_trail(city, settings):
    from django.core.cache import cache
    from tests.platform.accounts.signing import sign_in
    from tests.platform.accounts.test_second_factor import set_up

    from jigai.platform.audit.models import Event

    cache.clear()
    settings.SECOND_FACTOR_ENFORCED = True
    client = sign_in("county_officer_510402")
    set_up(client)
    client.post("/account/2fa/totp/deactivate/")
    acts = Event.unscoped.filter(actor="county_officer_510402", action__startswith="account.second_factor")
    found = sorted((one.action, one.after["kind"]) for one in acts)
    assert ("account.second_factor_added", "totp") in found
    assert ("account.second_factor_removed", "totp") in found
    assert all(one.address == "127.0.0.1" for one in acts)
