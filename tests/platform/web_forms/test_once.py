"""A creating form makes one thing, however often and however fast it is sent."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from tests.platform.enterprises.helpers import code

from jigai.platform.enterprises.models import LegalPerson, Line
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web.models import OnceKey
from jigai.platform.web.once import OtherContentError, once


def line_form(key, name="1 号线"):
    return {"name": name, "product": "线材", "once": key}


def lines():
    with transaction.atomic(), use_scope(command_scope("test")):
        return Line.objects.count()


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_double_submit_creates_once_and_leads_to_the_same_page(city):
    client = city.client("county_officer")
    url = reverse("enterprises:new")
    form = {
        "name": "江北轧钢有限公司",
        "credit_code": code(1),
        "manager_code": "510402",
        "place_code": "510402",
        "status": "operating",
        "once": "abc",
    }
    first = client.post(url, form)
    second = client.post(url, form, follow=True)
    assert first.status_code == 302
    assert second.redirect_chain[0][0] == first.url
    assert "没有重复办理" in second.content.decode()
    with use_scope(command_scope("test")):
        assert LegalPerson.objects.filter(credit_code=code(1)).count() == 1


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_form_that_was_refused_can_be_sent_again_under_its_key(city):
    client = city.client("county_officer")
    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    assert client.post(url, line_form("k") | {"name": ""}).status_code == 422
    assert client.post(url, line_form("k")).status_code == 302
    assert lines() == 1


@pytest.mark.django_db
@pytest.mark.sqlite
def test_the_key_of_someone_else_does_not_count(city):
    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    city.client("county_officer").post(url, line_form("k"))
    city.client("enterprise_head").post(url, line_form("k", "2 号线"))
    assert lines() == 2


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_key_with_another_content_is_told(city):
    actor = city.actor("county_officer")
    assert once(actor, "k", lambda: "7", "aa").again is False
    assert once(actor, "k", lambda: "8", "aa").result == "7"
    with pytest.raises(OtherContentError) as told:
        once(actor, "k", lambda: "8", "bb")
    assert told.value.result == "7"
    OnceKey.objects.update(content="")
    assert once(actor, "k", lambda: "8", "bb").result == "7", "a key from before contents were kept"


@pytest.mark.django_db
@pytest.mark.sqlite
def test_old_keys_go(city):
    actor = city.actor("county_officer")
    once(actor, "old", lambda: "/a/")
    OnceKey.objects.update(at=timezone.now() - timedelta(days=8))
    once(actor, "new", lambda: "/b/")
    assert list(OnceKey.objects.values_list("key", flat=True)) == ["new"]
    assert once(actor, "", lambda: "/c/").again is False


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_failing_act_leaves_no_key(city):
    actor = city.actor("county_officer")

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError):
        once(actor, "k", fail)
    assert once(actor, "k", lambda: "/made/").result == "/made/"


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_create_one(city):
    client = city.client("county_officer")
    url = reverse("enterprises:line_new", args=[city.east_site.pk])
    client.get(url)
    together = threading.Barrier(2)
    answers = []

    def send():
        from django.db import connections
        from django.test import Client

        own = Client()
        own.cookies = client.cookies
        together.wait()
        answers.append(own.post(url, line_form("same")))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert lines() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_two_fails_the_second_acts(city):
    actor = city.actor("county_officer")
    inside, results = threading.Event(), []

    def fails_late():
        inside.set()
        threading.Event().wait(0.5)
        raise ValueError("the first one broke")

    def run(act):
        from django.db import connections

        try:
            results.append(once(actor, "k", act).result)
        except ValueError as error:
            results.append(str(error))
        finally:
            connections.close_all()

    first = threading.Thread(target=run, args=[fails_late])
    first.start()
    inside.wait(timeout=30)
    second = threading.Thread(target=run, args=[lambda: "/made/"])
    second.start()
    first.join(timeout=30)
    second.join(timeout=30)
    assert sorted(results) == ["/made/", "the first one broke"]
