"""Every operation of the token interface × tokens good and bad × own and foreign objects (D30).

The operations come from the OpenAPI description; one without an entry in ``api_entries.yaml`` fails.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.platform.matrix import things
from tests.platform.matrix.asking import FOREIGN_NAME
from tests.platform.people import EAST, WEST

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.api import services
from jigai.platform.api.models import ApiToken
from jigai.platform.api.v1.auth import CHANGING
from jigai.platform.api.v1.interface import api
from jigai.platform.api.v1.runs import PARQUET
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db
ENTRIES = yaml.safe_load(Path(__file__).with_name("api_entries.yaml").read_text(encoding="utf-8"))
OPERATIONS = sorted(
    f"{method} {path.removeprefix('/api/v1')}"
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
)
KNOWN = [pytest.param(one, ENTRIES[one], id=one) for one in OPERATIONS if one in ENTRIES]
BAD = {
    "revoked": lambda token: ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now()),
    "expired": lambda token: ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now()),
    "ended": lambda token: Membership.objects.filter(pk=token.membership_id).update(active=False),
    "disabled": lambda token: User.objects.filter(pk=token.membership.user_id).update(is_active=False),
    "closed": lambda token: Organisation.objects.filter(pk=token.membership.organisation_id).update(active=False),
}


def issued(city, role="enterprise_head", *, west=False, holding=None):
    """Return a token of a role and its secret; it holds every capability to view, or the ones asked for.

    Roles that issue no tokens get theirs by hand, so that each scope is asked: a county's, the city's, nobody's.
    """
    user = things.side(city, west)[role]
    every = sorted({*(key for key in capabilities() if key.endswith(".view")), *CHANGING})
    chosen = every if holding is None else list(holding)
    secret = f"{services.MARK}{role}-{west}-{len(chosen)}-{'-'.join(chosen)}"[:90]
    with transaction.atomic(), use_scope(command_scope("matrix")):
        token, _ = ApiToken.objects.get_or_create(
            membership=user.memberships.get(),
            digest=services.digest(secret),
            defaults={
                "name": role,
                "prefix": secret[:12],
                "capabilities": chosen,
                "expires_at": timezone.now() + timedelta(days=1),
            },
        )
    return token, secret


def ask(city, operation, entry, secret, *, west=False, query=None):
    """Return the answer to an operation about what is of the east, or the west."""
    method, path = operation.split(" ")
    side = things.of(city, west)
    number = side[entry["object"]].pk if "object" in entry else entry.get("id", "")
    label = side[entry["label"]].identifier if "label" in entry else ""
    for place, value in (("{id}", number), ("{identifier}", label), ("{name}", entry.get("name", ""))):
        path = path.replace(place, str(value))
    said = _filled(entry.get("query", {}) | (query or {}), city, side)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    if "json" in entry:
        body = json.dumps(_filled(entry["json"], city, side))
        return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)
    if "files" in entry:
        said["files"] = SimpleUploadedFile("台账.csv", f"设备名称,规格型号\n{side['device'].name},Y-1\n".encode())
    return getattr(Client(), method)(f"/api/v1{path}", said, headers=headers)


def _filled(said, city, side):
    """Put the numbers of things where their words stand."""
    words = {"west": things.of(city, True)["enterprise"].pk, "site": side["site"].pk}
    return {
        key: [words.get(one, one) for one in value]
        if isinstance(value, list)
        else words.get(value, value)
        if isinstance(value, str)
        else value
        for key, value in said.items()
    }


def items(answer):
    """Return the rows of an answer."""
    if answer["Content-Type"] == PARQUET:
        return pl.read_parquet(io.BytesIO(answer.content)).to_dicts()
    said = answer.json()
    return said if isinstance(said, list) else said.get("items", [said])


def of_side(answer, code):
    """Say whether all rows of an answer are of one side, by the codes they name; the name is looked for besides."""
    return {row["manager_code"] for row in items(answer) if "manager_code" in row} <= {code}


def test_every_operation_has_an_entry():
    assert sorted(ENTRIES) == OPERATIONS
    assert all({"object", "label", "id"} & set(ENTRIES[one]) for one in OPERATIONS if "{" in one)


@pytest.mark.parametrize(("operation", "entry"), KNOWN)
def test_without_a_good_token_nothing_is_given(built, operation, entry):
    for secret in ("", "x", "jgt_unknown"):
        assert ask(built, operation, entry, secret).status_code == 401
    for how, spoil in BAD.items():
        token, secret = issued(built)
        assert ask(built, operation, entry, secret).status_code == 200, how
        with transaction.atomic():
            spoil(token)
            answer = ask(built, operation, entry, secret)
            transaction.set_rollback(True)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_needed"), how


@pytest.mark.parametrize(("operation", "entry"), KNOWN)
def test_a_token_opens_what_its_capability_says_and_nothing_else(built, operation, entry):
    needed = entry["capability"]
    _, just = issued(built, holding=[needed] if needed else [])
    assert ask(built, operation, entry, just).status_code == 200
    if needed:
        rest = [key for key in roles()["enterprise_head"].capabilities if key != needed]
        _, without = issued(built, holding=sorted(rest))
        for west in (False, True):
            assert ask(built, operation, entry, without, west=west).status_code == 403
        _, empty = issued(built, holding=[])
        assert ask(built, operation, entry, empty).status_code == 403


@pytest.mark.parametrize(("operation", "entry"), KNOWN)
def test_each_side_is_given_its_own(built, operation, entry):
    _, east = issued(built)
    _, west = issued(built, west=True)
    if entry["rows"] == "public":
        first, second = ask(built, operation, entry, east), ask(built, operation, entry, west)
        assert first.status_code == second.status_code == 200
        return
    own = ask(built, operation, entry, east)
    assert own.status_code == 200 and items(own), "a row of one's own, or the test could not fail"
    assert of_side(own, EAST) and FOREIGN_NAME not in str(items(own))
    theirs = ask(built, operation, entry, west, west=True)
    assert theirs.status_code == 200 and items(theirs) and of_side(theirs, WEST)
    assert "东风" not in str(items(theirs))
    if {"object", "label", "json", "files"} & set(entry):
        answer = ask(built, operation, entry, east, west=True)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for query in entry.get("foreign", []):
        answer = ask(built, operation, entry, east, query=query)
        assert answer.status_code == 404 or (answer.status_code == 200 and items(answer) == []), query


@pytest.mark.parametrize("role", sorted(roles()))
def test_a_token_never_sees_or_may_more_than_the_role_behind_it(built, role):
    _, secret = issued(built, role)
    held = roles()[role]
    for operation in OPERATIONS:
        entry = ENTRIES[operation]
        answer = ask(built, operation, entry, secret)
        may = not entry["capability"] or entry["capability"] in held.capabilities
        assert answer.status_code == (200 if may else 403), operation
        if held.scope != "city" and entry["rows"] == "own":
            assert FOREIGN_NAME not in answer.content.decode(errors="replace"), operation
            if may and {"object", "label", "json", "files"} & set(entry):
                assert ask(built, operation, entry, secret, west=True).status_code == 404, operation


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_through_an_operation_that_is_not_described(built, method):
    _, secret = issued(built)
    described = {(one.split(" ")[0], one.split(" ")[1]) for one in OPERATIONS}
    for operation in OPERATIONS:
        template = operation.split(" ")[1]
        if (method, template) in described:
            continue
        path = template.replace("{id}", str(built.east_enterprise.pk)).replace("{name}", "devices")
        answer = getattr(Client(), method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 405, operation
