"""A NUL in any text is refused in one place, with where it stands, for pages and for the interface."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.platform.api import services
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.web.unwritable import _in_json

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def token(city):
    head = city.actor("enterprise_head")
    chosen = [key for key in head.capabilities if key.endswith(".view")]
    return {"Authorization": f"Bearer {services.issue(head, '测试', chosen, 30)[1]}"}


@pytest.mark.parametrize(
    "url",
    [
        "/search/?q=a%00b",
        "/enterprises/?q=%00",
        "/devices/?q=%00&verdict=keep",
        "/places/units/a%00/",
    ],
)
def test_no_page_takes_one(city, url):
    answer = city.client("city_officer").get(url)
    assert answer.status_code == 400
    assert "空字符" in answer.content.decode()


def test_no_form_saves_one(city):
    person = city.east_enterprise
    said = {"name": "东\0风", "credit_code": person.credit_code, "version": person.version}
    answer = city.client("county_officer").post(f"/enterprises/{person.pk}/edit/", said)
    assert answer.status_code == 400
    assert LegalPerson.unscoped.get(pk=person.pk).name == person.name


def test_no_file_name_brings_one_and_its_content_may(city):
    client = city.client("county_officer")
    named = SimpleUploadedFile("台账.csv", b"\0\0not a ledger")
    assert client.post("/devices/bulk/", {"files": named}).status_code in (302, 422)
    assert client.post("/devices/bulk/", {"note": "x\0"}).status_code == 400
    assert client.post("/devices/bulk/", {"note\0": "x"}).status_code == 422, "nobody asks for such a field"


def test_who_is_not_signed_in_is_told_too(db):
    assert Client().post("/account/login/", {"login": "a\0b", "password": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/enterprises?credit_code=%00", "query.credit_code"),
        ("/register-entries?register_key=a%00", "query.register_key"),
    ],
)
def test_no_operation_takes_one(token, path, where):
    answer = Client().get(f"/api/v1{path}", headers=token)
    assert (answer.status_code, answer.json()["code"], answer.json()["where"]) == (422, "hidden_sign", [where])


def test_json_is_looked_through(token):
    said = {"a": ["b", {"c": "x\0y"}], "d\0": 1}
    answer = Client().post("/api/v1/me", json.dumps(said), content_type="application/json", headers=token)
    assert (answer.status_code, sorted(answer.json()["where"])) == (422, ["body", "body.a.1.c"])
    assert list(_in_json(b'{"a": "\\\\u0000"}')) == [], "the six letters of an escape are no NUL"
    assert list(_in_json(b"[" * 100_000)) == [], "too deep to be read is for whoever reads it"
    assert list(_in_json(b"{")) == []
