"""Who may open what (D30): every address × every role × own and foreign objects × methods.

``entries.yaml`` says for each address which object it takes and which methods it answers; an address without an entry
fails. What must come out follows from the guard of the view and the scope of the role, not from the entry.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from tests.platform.matrix.addresses import addresses
from tests.platform.matrix.objects import MAKERS

from jigai.platform.accounts.roles import roles

ENTRIES = yaml.safe_load(Path(__file__).with_name("entries.yaml").read_text(encoding="utf-8"))
SERVED = {200, 204, 302, 303}
REFUSED = {400, 405, 409, 422, 429}
"""Answers of a view that was reached but did not like the (empty) form or the method."""

pytestmark = pytest.mark.django_db


def test_every_address_has_an_entry():
    known = set(ENTRIES["ours"]) | set(ENTRIES["of_libraries"])
    named = {one.name for one in addresses()}
    assert sorted(named - known) == []
    assert sorted(known - named) == []


def test_every_view_of_ours_says_who_may_open_it():
    unguarded = [one.name for one in addresses() if not one.ours and one.name not in ENTRIES["of_libraries"]]
    assert unguarded == []
    assert [one.name for one in addresses() if one.ours and not one.capability and not one.reason] == []


def cases():
    for one in addresses():
        if one.ours and one.name in ENTRIES["ours"]:
            yield pytest.param(one, ENTRIES["ours"][one.name] or {}, id=one.name)


def tried(city, entry, *, west=False):
    return MAKERS[entry["object"]](city, west) if "object" in entry else {}


@pytest.mark.parametrize(("address", "entry"), cases())
def test_nobody_gets_in_without_signing_in(city, address, entry):
    url = reverse(address.name, kwargs=tried(city, entry))
    for method in entry.get("methods", ["get"]):
        answer = getattr(Client(), method)(url)
        if address.capability is None:
            assert answer.status_code in SERVED | REFUSED, (method, answer.status_code)
        else:
            assert answer.status_code == 302, (method, answer.status_code)
            assert "/login/" in answer["Location"], method


@pytest.mark.parametrize(("address", "entry"), cases())
def test_each_role_opens_what_it_may(city, address, entry):
    url = reverse(address.name, kwargs=tried(city, entry))
    for key, role in roles().items():
        client = city.client(key)
        for method in entry.get("methods", ["get"]):
            answer = getattr(client, method)(url)
            what = (key, method, answer.status_code)
            if address.capability and address.capability not in role.capabilities:
                assert answer.status_code == 403, what
            elif "object" in entry and not entry.get("shared") and not sees(entry, role, own=True):
                assert answer.status_code in {404, 403} | REFUSED, what
            else:
                assert answer.status_code in SERVED | REFUSED | {403, 404}, what
                assert answer.status_code in SERVED | REFUSED or entry.get("may_refuse"), what


@pytest.mark.parametrize(
    ("address", "entry"), [case for case in cases() if "object" in case.values[1] and not case.values[1].get("shared")]
)
def test_a_foreign_object_is_not_there(city, address, entry):
    """For everyone whose scope does not cover it, a foreign object answers like one that never was."""
    url = reverse(address.name, kwargs=tried(city, entry, west=True))
    for key, role in roles().items():
        if role.scope == "city" or (address.capability and address.capability not in role.capabilities):
            continue
        client = city.client(key)
        for method in entry.get("methods", ["get"]):
            answer = getattr(client, method)(url)
            assert answer.status_code in {404, 405}, (key, method, answer.status_code)


def sees(entry, role, *, own):
    """Say whether a role of the east sees the object of the east."""
    if role.scope == "city":
        return True
    if role.scope == "managing_unit":
        return own
    return own and "legal_person" in role.org_kinds and role.scope == "organisation"
