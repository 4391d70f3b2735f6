"""Version 1: the same scope as the pages, pages by cursor, every error documented."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from jigai.platform.api import services
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line
from jigai.platform.registers.models import RegisterEntry, RegisterVersion
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def get(city):
    """Ask as the head of the eastern enterprise, whose token may view everything the head may."""
    actor = city.actor("enterprise_head")
    chosen = [key for key in actor.capabilities if key.endswith(".view")]
    _, secret = services.issue(actor, "测试", chosen, 30)

    def ask(path, status=200, **query):
        answer = Client().get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    return ask


@pytest.fixture
def whole():
    with transaction.atomic(), use_scope(command_scope("test")):
        yield


def test_me_says_who_the_token_is(get):
    said = get("/me")
    assert said["organisation"] == "东风轧钢有限公司"
    assert set(said["capabilities"]) <= set(capabilities())


def test_only_ones_own_is_given(get, city):
    assert [one["name"] for one in get("/enterprises")["items"]] == ["东风轧钢有限公司"]
    assert get(f"/enterprises/{city.east_enterprise.pk}")["credit_code"] == city.east_enterprise.credit_code
    assert get(f"/enterprises/{city.west_enterprise.pk}", 404)["code"] == "not_found"
    assert get(f"/sites/{city.west_site.pk}", 404)["code"] == "not_found"
    assert get(f"/sites/{city.east_site.pk}")["enterprise"] == city.east_enterprise.pk


def test_places_are_public_facts(get):
    assert [one["code"] for one in get("/places")["items"]] == ["510400", "510402", "510403"]
    assert [one["name"] for one in get("/managing-units")["items"]] == ["东区", "西区"]
    assert get("/parks")["items"] == []


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Bearer jgt_unknown", "Basic eDp5"])
def test_without_a_good_token_nothing_is_given(header):
    answer = Client().get("/api/v1/enterprises", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_needed"


def test_a_browser_session_is_no_token(city):
    assert city.client("city_officer").get("/api/v1/enterprises").status_code == 401


def test_a_missing_capability_is_named(city):
    _, secret = services.issue(city.actor("enterprise_head"), "只看区划", ["place.view"], 30)
    answer = Client().get("/api/v1/enterprises", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert "enterprise.view" in answer.json()["message_zh"]


def test_pages_give_every_row_once(get, city, whole):
    site = city.east_site
    for number in range(7):
        Line.objects.create(
            name=f"{number}#线", product="钢材", site=site, org=site.org, manager_code=site.manager_code, capacity="1.5"
        )
    seen, cursor = [], 0
    while True:
        said = get("/lines", limit=3, cursor=cursor)
        seen += [one["name"] for one in said["items"]]
        cursor = said["next"]
        if cursor is None:
            break
    assert seen == [f"{number}#线" for number in range(7)]
    assert get("/lines", limit=1)["items"][0]["capacity"] in {"1.5000", 1.5, "1.5"}


@pytest.mark.parametrize("cursor", ["x", "你好", "-1", "99999999999999999999", "1.5"])
def test_a_foreign_cursor_is_refused(get, cursor):
    assert [place.split(".")[-1] for place in get("/enterprises", 422, cursor=cursor)["where"]] == ["cursor"]


def test_parameters_at_fault_are_named(get):
    assert [place.split(".")[-1] for place in get("/enterprises", 422, limit=0)["where"]] == ["limit"]
    assert [place.split(".")[-1] for place in get("/facts", 422, year="ab")["where"]] == ["year"]


def test_filters_narrow(get, city, whole):
    east = city.east_enterprise
    AboveScale.objects.create(legal_person=east, year=2025, org=east.org, manager_code=east.manager_code)
    for query, number in (
        ({"above_scale_year": 2025}, 1),
        ({"above_scale_year": 2024}, 0),
        ({"industry_code": "31"}, 1),
        ({"industry_code": "26"}, 0),
        ({"manager_code": "510402"}, 1),
        ({"place_code": "510403"}, 0),
        ({"credit_code": east.credit_code}, 1),
    ):
        assert len(get("/enterprises", **query)["items"]) == number, query


def test_facts_are_given_as_known_on_a_day(get, city, whole):
    def at(day):
        return timezone.make_aware(datetime(2026, 3, day, 12))

    person = city.east_enterprise
    common = {
        "legal_person": person, "subject": "legal_person", "attribute": "employees", "year": 2025, "org": person.org,
        "manager_code": person.manager_code, "recorded_by": "x",
    }  # fmt: skip
    Fact.objects.create(value="100", number=100, recorded_at=at(1), superseded_at=at(10), **common)
    Fact.objects.create(value="120", number=120, recorded_at=at(10), **common)
    assert [one["value"] for one in get("/facts", attribute="employees")["items"]] == ["120"]
    assert [one["value"] for one in get("/facts", known_on="2026-03-05")["items"]] == ["100"]
    assert get("/facts", known_on="2026-02-01")["items"] == []
    assert get("/facts", known_on="0001-01-01")["items"] == []
    assert get("/facts", known_on="9999-12-31")["items"]
    assert get("/facts", year=2024)["items"] == []
    assert get("/facts", attribute="employees")["items"][0]["line"] is None
    site = city.east_site
    line = Line.objects.create(name="1#线", product="铁水", planned_exit="2027-06-30", **site.scope_columns())
    of_line = common | site.scope_columns() | {"subject": "line", "attribute": "line_output", "line": line}
    Fact.objects.create(value="90", number=90, recorded_at=at(10), **of_line)
    assert [one["line"] for one in get("/facts", attribute="line_output")["items"]] == [line.pk]
    assert get(f"/lines/{line.pk}")["planned_exit"] == "2027-06-30"


def test_financial_figures_need_their_capability(city, whole):
    """A token with fact.view alone sees no financial figure, whatever it asks for."""
    person = city.east_enterprise
    for name in ("employees", "output_value"):
        Fact.objects.create(
            legal_person=person, subject="legal_person", attribute=name, year=2025, value="100", number=100,
            recorded_at=timezone.now(), recorded_by="x", org=person.org, manager_code=person.manager_code,
        )  # fmt: skip
    head = city.actor("enterprise_head")
    for chosen, seen in (
        (["fact.view"], ["employees"]),
        (["fact.view", "finance.view"], ["employees", "output_value"]),
    ):
        _, secret = services.issue(head, "测试", chosen, 30)
        for query in ({}, {"attribute": "output_value"}):
            answer = Client().get("/api/v1/facts", query, headers={"Authorization": f"Bearer {secret}"}).json()
            wanted = [name for name in seen if query.get("attribute", name) == name]
            assert sorted(one["attribute"] for one in answer["items"]) == wanted


def test_registers_are_given_with_their_columns(get):
    said = {one["key"]: one for one in get("/registers")}
    assert said["green-factories"]["title"]["zh"]
    columns = {one["name"]: one for one in said["environmental-grades"]["columns"]}
    assert columns["grade"]["choices"][:2] == ["A", "B"]
    assert columns["capacity"]["unit"] == "万吨"
    assert get("/register-entries", 404, register_key="no-such")["code"] == "not_found"


def test_entries_of_registers_are_given_in_scope_and_as_known_on_a_day(get, city, whole):
    def at(day):
        return timezone.make_aware(datetime(2026, 3, day, 12))

    for person in (city.east_enterprise, city.west_enterprise):
        common = {"register": "green-factories", "org": person.org, "manager_code": person.manager_code}
        entry = RegisterEntry.objects.create(identity=person.credit_code, title=person.name, **common)
        said = {"entry": entry, "recorded_by": "x", **common}
        RegisterVersion.objects.create(values={"level": "municipal"}, recorded_at=at(1), superseded_at=at(10), **said)
        RegisterVersion.objects.create(values={"level": "national"}, recorded_at=at(10), **said)
    path = "/register-entries"
    assert [(one["title"], one["values"]["level"]) for one in get(path, register_key="green-factories")["items"]] == [
        ("东风轧钢有限公司", "national")
    ]
    assert [
        one["values"]["level"] for one in get(path, register_key="green-factories", known_on="2026-03-05")["items"]
    ] == ["municipal"]
    assert get(path, register_key="green-factories", known_on="2026-02-01")["items"] == []
    assert get(path, register_key="smart-factories")["items"] == []


def test_the_county_is_given_its_county(city, whole):
    assert LegalPerson.objects.count() == 2


def test_every_operation_needs_a_token_and_documents_its_errors():
    from jigai.platform.api.v1.interface import api

    described = api.get_openapi_schema()
    for path, methods in described["paths"].items():
        for said in methods.values():
            assert said["security"], path
            assert {"401", "403", "404", "422"} <= {str(code) for code in said["responses"]}, path
            assert said["description"], path
