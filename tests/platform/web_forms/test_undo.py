"""撤销: within minutes, by the same person, only while nothing else happened; audited."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from tests.platform.enterprises.helpers import acting

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import services, titles
from jigai.platform.enterprises.models import LegalPerson, Title
from jigai.platform.web import undo

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def archived(city):
    with acting(city, "county_officer") as actor:
        event = services.archive_enterprise(actor, city.east_enterprise, "注销")
        return undo.offer(event, services.EDIT, "/enterprises/")


def back(city, token, role="county_officer"):
    with acting(city, role) as actor:
        return undo.take_back(actor, token)


def test_an_archive_is_taken_back_and_audited(city):
    token = archived(city)
    assert back(city, token).subject.status == "operating"
    with acting(city, "county_officer"):
        event = Event.objects.first()
        assert event.action == "enterprise.archived.undone"
        assert event.after["status"] == "operating"
        assert LegalPerson.objects.get(pk=city.east_enterprise.pk).version == 3


def test_it_is_not_taken_back_twice(city):
    token = archived(city)
    back(city, token)
    with pytest.raises(ValidationError, match="又有改动"):
        back(city, token)


def test_not_after_someone_changed_it(city):
    token = archived(city)
    with acting(city, "city_officer") as actor:
        services.edit_enterprise(actor, city.east_enterprise, {"address": "新址"}, 2)
    with pytest.raises(ValidationError, match="又有改动"):
        back(city, token)


def test_not_by_someone_else_nor_without_the_capability(city):
    token = archived(city)
    with pytest.raises(ValidationError, match="本人"):
        back(city, token, "city_officer")
    with pytest.raises(PermissionDenied):
        back(city, token, "bank")


def test_not_when_minutes_have_passed_or_the_token_is_foreign(city, monkeypatch):
    token = archived(city)
    with pytest.raises(ValidationError, match="已失效"):
        back(city, token + "x")
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 60 * undo.MINUTES + 5)
    with pytest.raises(ValidationError, match="已过 5 分钟"):
        back(city, token)


def test_a_removal_with_a_moment_is_taken_back(city):
    with acting(city, "county_officer") as actor:
        title = titles.add_title(actor, city.east_enterprise, "high_tech", "国家级", 2023)
        event = titles.withdraw_title(actor, title, "错了")
        undo.take_back(actor, undo.offer(event, titles.EDIT, "/"))
        assert Title.objects.get(pk=title.pk).withdrawn_at is None


def test_the_button_on_the_page(city):
    client = city.client("county_officer")
    url = reverse("enterprises:archive", args=[city.east_enterprise.pk])
    page = client.post(url, {"reason": "已注销", "once": "k"}, follow=True).content.decode()
    assert "已归档" in page
    assert "东风轧钢有限公司</a>" not in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    page = client.post("/undo/", {"token": token}, follow=True).content.decode()
    assert "恢复原状" in page
    again = client.post("/undo/", {"token": token}, follow=True).content.decode()
    assert "又有改动" in again
    assert client.get("/undo/").status_code == 405
