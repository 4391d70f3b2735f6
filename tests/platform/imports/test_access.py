"""Who opens what: every address of registers and imports, every role, one's own and somebody else's."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from tests.platform.imports.test_imports import GOOD, GREEN, hand_in, inside

from jigai.platform.accounts.roles import roles
from jigai.platform.imports.models import RememberedMapping, Upload
from jigai.platform.registers import services
from jigai.platform.registers.definition import registers
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.walls.scope import NOBODY, Scope, use_scope

pytestmark = pytest.mark.django_db
SEES = {role.key for role in roles().values() if "register.view" in role.capabilities}
KEEPS = {role.key for role in roles().values() if "register.edit" in role.capabilities}
IMPORTS = {role.key for role in roles().values() if "import.use" in role.capabilities}
WHOLE = {role.key for role in roles().values() if role.scope == "city"}


@pytest.fixture
def entry(city):
    """An entry about the enterprise of the east."""
    actor = city.actor("city_officer")
    with inside(actor):
        values = {"enterprise_name": "东风轧钢有限公司", "level": "national", "year": 2023}
        version = services.add(actor, registers()["green-factories"], values)
    return version.entry_id


@pytest.fixture
def upload(city):
    """A file handed in by the county of the east."""
    return hand_in(city.actor("county_officer")).pk


def addresses(app):
    """Every address of an app, with the guard on its view."""
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", None) == app:
            for one in pattern.url_patterns:
                yield one.name, one.callback


@pytest.mark.parametrize("app", ["registers", "imports"])
def test_every_view_has_a_guard(app):
    found = dict(addresses(app))
    assert found
    assert {name: getattr(view, "capability", None) for name, view in found.items() if not view.capability} == {}


@pytest.mark.parametrize("role", sorted(roles()))
@pytest.mark.parametrize("west", [False, True], ids=["east", "west"])
def test_an_entry_opens_to_those_who_see_its_enterprise(city, entry, role, west):
    client = city.client(role, west=west)
    mine = role in WHOLE or not west
    expected = 403 if role not in SEES else 200 if mine else 404
    assert client.get(f"/registers/green-factories/{entry}/").status_code == expected
    expected = 403 if role not in KEEPS else 200 if mine else 404
    assert client.get(f"/registers/green-factories/{entry}/edit/").status_code == expected
    posted = client.post(f"/registers/green-factories/{entry}/edit/", {"version": 9, "reason": "x"})
    assert posted.status_code == (403 if role not in KEEPS else 422 if mine else 404)


@pytest.mark.parametrize("role", sorted(roles()))
@pytest.mark.parametrize("west", [False, True], ids=["east", "west"])
def test_an_upload_opens_to_those_who_keep_the_register_and_see_the_county(city, upload, role, west):
    client = city.client(role, west=west)
    if role not in IMPORTS:
        expected = 403
    elif role in WHOLE or (role == "county_officer" and not west):
        expected = 200
    else:
        expected = 404
    for page in ("", "original/", "marked/", "progress/"):
        found = client.get(f"/imports/{upload}/{page}").status_code
        assert found == expected, page
    found = client.post(f"/imports/{upload}/cell/", {"version": 0, "sheet": "名单", "cell": "A1", "text": "x"})
    assert found.status_code == (302 if expected == 200 else expected)


def test_nobody_signed_in_is_sent_to_sign_in(city, entry, upload, client):
    for url in ("/registers/", f"/registers/green-factories/{entry}/", "/imports/", f"/imports/{upload}/original/"):
        response = client.get(url)
        assert response.status_code == 302
        assert "login" in response.headers["Location"]


def test_the_database_keeps_the_wall_where_a_query_forgets_it(city, entry, upload):
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        pytest.skip("one-office mode has no second wall")
    east, west = city.actor("county_officer").scope, city.actor("county_officer", west=True).scope
    for model in (RegisterEntry, RegisterVersion, Upload):
        counts = []
        for scope in (east, west, NOBODY, Scope(everything=True)):
            with transaction.atomic(), use_scope(scope):
                counts.append(model.unscoped.count())
        assert counts == [1, 0, 0, 1], model
    with transaction.atomic(), use_scope(west):
        assert RegisterVersion.unscoped.filter(entry_id=entry).update(values={}) == 0
        assert Upload.unscoped.filter(pk=upload).update(state="withdrawn") == 0
        assert RememberedMapping.unscoped.count() == 0


def test_a_forged_subject_or_context_gains_nothing(city):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from tests.platform.imports.conftest import book

    client = city.client("enterprise_equipment")
    for key in (GREEN, "enterprises", "lines", "registers.holidays"):
        file = SimpleUploadedFile("名单.xlsx", book(GOOD))
        assert client.post(f"/imports/new/{key}/", {"file": file}).status_code == 403, key
    file = SimpleUploadedFile("年报.xlsx", book([["企业名称", "年末从业人员"], ["西山水泥有限公司", 5]]))
    response = client.post("/imports/new/facts/", {"file": file, "year": "2024", "enterprise_name": "x"})
    upload = Upload.unscoped.get()
    assert upload.context == {"year": 2024}
    text = client.get(response.headers["Location"]).content.decode()
    assert "可见范围" in text, "another enterprise is not there"
