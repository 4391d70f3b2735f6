"""Who may open what (D30): every address × role × own and foreign objects × methods and fragments.

``entries.yaml`` says for each address which objects it takes; an address without an entry fails. What must come out
follows from the guard of the view and the scope of the role, not from the entry. `make test` asks each address as a
stranger, as a role without the capability, and as the narrowest role with it; `make test-all` as every role.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.platform.matrix import things
from tests.platform.matrix.addresses import addresses
from tests.platform.matrix.asking import FEW, WAYS, cases, check_role, check_stranger, may
from tests.platform.matrix.objects import KINDS, sees

from jigai.platform.accounts.roles import roles

pytestmark = pytest.mark.django_db
ENTRIES = yaml.safe_load(Path(__file__).with_name("entries.yaml").read_text(encoding="utf-8"))
NARROWEST = ("organisation", "none", "managing_unit", "city")


KNOWN = [
    pytest.param(one, ENTRIES["ours"][one.name] or {}, id=one.name)
    for one in addresses()
    if one.ours and one.name in ENTRIES["ours"]
]


def narrowest(address, entry):
    """Return the role with the capability that sees least, and still sees something of its own."""
    able = [key for key, role in roles().items() if may(address, role)]
    kinds = [kind for _name, kind in cases(entry) if kind and kind.seen_by != "nobody"]
    seeing = [key for key in able if all(sees(kind, roles()[key], west=False) for kind in kinds)]
    return min(seeing or able, key=lambda key: NARROWEST.index(roles()[key].scope))


def test_every_address_has_an_entry():
    entries = set(ENTRIES["ours"]) | set(ENTRIES["of_libraries"])
    named = {one.name for one in addresses()}
    assert sorted(named - entries) == []
    assert sorted(entries - named) == []


def test_every_argument_is_filled_and_every_object_is_used():
    used = {name for entry in ENTRIES["ours"].values() for name in (entry or {}).get("objects", [])}
    assert sorted(used - set(KINDS)) == []
    assert sorted(set(KINDS) - used) == []
    bare = [one.name for one in addresses() if one.arguments and not (ENTRIES["ours"][one.name] or {}).get("objects")]
    assert bare == []


def test_every_view_of_ours_says_who_may_open_it():
    unguarded = [one.name for one in addresses() if not one.ours and one.name not in ENTRIES["of_libraries"]]
    assert unguarded == []
    assert [one.name for one in addresses() if one.ours and not one.capability and not one.reason] == []


def test_both_sides_have_one_of_everything(built):
    assert things.of(built, False).keys() == things.of(built, True).keys()


@pytest.mark.parametrize(("address", "entry"), KNOWN)
def test_nobody_gets_in_without_signing_in(visitors, address, entry):
    check_stranger(visitors, address, entry, tuple(WAYS))


@pytest.mark.parametrize(("address", "entry"), KNOWN)
def test_who_lacks_the_capability_is_refused_and_a_foreign_object_is_not_there(visitors, address, entry):
    key = narrowest(address, entry)
    check_role(visitors, address, entry, key, FEW, west=False)
    check_role(visitors, address, entry, key, FEW, west=True)
    lacking = next((other for other, role in roles().items() if not may(address, role)), None)
    if lacking:
        check_role(visitors, address, entry, lacking, FEW, west=False)


@pytest.mark.slow
@pytest.mark.parametrize(("address", "entry"), KNOWN)
def test_each_role_opens_what_it_may(visitors, address, entry):
    for key in roles():
        check_role(visitors, address, entry, key, tuple(WAYS), west=False)
        check_role(visitors, address, entry, key, FEW, west=True)
