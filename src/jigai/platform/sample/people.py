"""Offices and demonstration accounts of the sample city, from ``data/people.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.places.models import ManagingUnit
from jigai.platform.sample.draws import table


def load_people(enterprises: Sequence[Organisation], password: str) -> int:
    """Store offices, county bureaus and accounts; returns the number of accounts.

    Accounts of an enterprise that a smaller city does not have are left out.
    """
    said = table("people")
    offices = {one["key"]: _office(one) for one in said["offices"]}
    bureaus = [_bureau(unit, said) for unit in ManagingUnit.objects.all()]
    hashed = make_password(password)
    number = 0
    for account in said["accounts"]:
        if account["org"] == "firm":
            held = list(enterprises[account["firm"] - 1 : account["firm"]])
        elif account["org"] == "county":
            held = bureaus
        else:
            held = [offices[account["org"]]]
        for place, organisation in enumerate(held, 1):
            _account({key: str(value).format(n=place) for key, value in account.items()}, organisation, hashed)
            number += 1
    return number


def accounts() -> list[tuple[str, str]]:
    """Return user name and what it is for, of one demonstration account of every role, to be printed and shown."""
    return [(one["username"].format(n=1), one["role"]) for one in table("people")["accounts"]]


def _office(said: dict[str, str]) -> Organisation:
    values = {"short": said["short"]}
    return Organisation.objects.get_or_create(kind=said["kind"], name=said["name"], defaults=values)[0]


def _bureau(unit: ManagingUnit, said: dict[str, Any]) -> Organisation:
    words = said["county_office" if unit.place_id else "zone_office"]
    values = {"short": words["short"].format(unit=unit), "manager_code": unit.code}
    name = words["name"].format(unit=unit)
    return Organisation.objects.get_or_create(kind="county_bureau", name=name, defaults=values)[0]


def _account(said: dict[str, str], organisation: Organisation, hashed: str) -> None:
    user, made = User.objects.get_or_create(
        username=said["username"],
        defaults={
            "name": said["name"],
            "post": said["post"],
            "phone": said["phone"],
            "password": hashed,
            "password_changed_at": timezone.now(),
            "sample": True,
        },
    )
    if made:
        Membership.objects.create(user=user, organisation=organisation, role_key=said["role"])
