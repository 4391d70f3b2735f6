"""Who signs in, fails to, and signs out is in the trail, with the address it came from."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import path

from jigai.platform.audit.address import address_of
from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.urls import urlpatterns as pages
from jigai.platform.walls.guards import open_to_all
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@open_to_all("a page of a test: signing in that fails and answers 403")
def refuse(request):
    authenticate(request, username="nobody", password="wrong")
    record(request.actor, "job.done")
    return HttpResponse("no", status=403)


@open_to_all("a page of a test: something is done")
def do(request):
    record(request.actor, "job.done")
    return HttpResponse("yes")


urlpatterns = [path("refuse/", refuse), path("do/", do), *pages]


def seen(action):
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(Event.objects.filter(action=action).order_by("number"))


def test_signing_in_and_out(city):
    user = city.people["bank"]
    client = Client(REMOTE_ADDR="10.9.8.7")
    client.post("/account/login/", {"login": user.username, "password": "correct horse battery"})
    assert [(one.actor, one.object_id) for one in seen("account.signed_in")] == [(user.username, str(user.pk))]
    client.post("/account/logout/")
    [out] = seen("account.signed_out")
    assert (out.actor, out.address) == (user.username, "10.9.8.7")


@override_settings(ROOT_URLCONF=__name__)
def test_a_failed_sign_in_is_kept_though_the_request_is_undone(city):
    Client(REMOTE_ADDR="10.9.8.7").get("/refuse/")
    [failed] = seen("account.sign_in_failed")
    assert (failed.actor, failed.address) == ("nobody", "10.9.8.7")
    assert "wrong" not in str(failed.__dict__)
    assert seen("job.done") == []


@override_settings(ROOT_URLCONF=__name__)
def test_every_event_of_a_request_has_its_address(city):
    Client(REMOTE_ADDR="10.9.8.7").get("/do/")
    assert [one.address for one in seen("job.done")] == ["10.9.8.7"]


@pytest.mark.parametrize(
    ("proxies", "passed", "expected"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.2.2.2", "1.1.1.1"),
        (1, "", "10.0.0.1"),
        (2, "1.1.1.1", "10.0.0.1"),
        (1, "<script>", ""),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_proxies_of_ours_are_believed(settings, proxies, passed, expected):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=passed)
    assert address_of(request) == expected


def test_a_socket_has_no_address(settings):
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""
