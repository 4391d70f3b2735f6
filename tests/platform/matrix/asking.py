"""Ask one address in one role, and say what must come out: it follows from guard, capability and scope alone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.platform.matrix.addresses import Address
from tests.platform.matrix.objects import KINDS, Kind, sees
from tests.platform.people import City

from jigai.platform.accounts.roles import Role, roles

SERVED = {200, 204, 302, 303}
WRONG = {400, 422}
"""Answers of a view that was reached but did not like the empty form."""
NOT_SO = 405
FOREIGN_NAME = "西山水泥"
"""Stands in the name of everything of the west."""
WAYS: dict[str, dict[str, Any]] = {
    "get": {},
    "post": {},
    "fragment": {"HTTP_HX_REQUEST": "true"},
    "head": {},
    "put": {},
    "delete": {},
}
FEW = ("get", "post", "fragment")


class Visitors:
    """Browsers of every role, signed in once; each request is undone, so that no case sees what another did."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.cookies = {role: city.client(role).cookies for role in roles()}

    def ask(self, role: str, url: str, way: str, query: dict[str, str]) -> Any:
        """Return the answer; ``role`` is empty for somebody who is not signed in."""
        client = Client(raise_request_exception=False)
        if role:
            client.cookies.update(self.cookies[role])
        method = "get" if way == "fragment" else way
        asked = f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else url
        with transaction.atomic():
            answer = getattr(client, method)(asked, **WAYS[way])
            answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer


def cases(entry: dict[str, Any]) -> list[tuple[str, Kind | None]]:
    """Return the kinds of objects an address is asked with; one empty where it takes none."""
    return [(name, KINDS[name]) for name in entry.get("objects", [])] or [("", None)]


def url_of(address: Address, kind: Kind | None, city: City, role: str, *, west: bool) -> str:
    """Return the address of an object."""
    kwargs = kind.make(city, role or "city_officer", west) if kind else {}
    return reverse(address.name, kwargs=kwargs).replace("%252F", "%2F")


def may(address: Address, role: Role) -> bool:
    """Say whether the guard lets a role in."""
    return not address.capability or address.capability in role.capabilities


def check_stranger(visitors: Visitors, address: Address, entry: dict[str, Any], ways: tuple[str, ...]) -> None:
    """Nobody gets in without signing in, except where the view says that it is open and why."""
    for name, kind in cases(entry):
        url = url_of(address, kind, visitors.city, "", west=False)
        for way in ways:
            answer = visitors.ask("", url, way, entry.get("query", {}))
            what = (address.name, name, way, answer.status_code)
            if address.capability is None:
                allowed = SERVED | WRONG | {NOT_SO} | ({403, 404} if entry.get("may_refuse") else set())
                assert answer.status_code in allowed, what
            elif answer.status_code != NOT_SO:
                assert answer.status_code == 302, what
                assert "/login/" in answer["Location"], what
            assert FOREIGN_NAME not in answer.body.decode(errors="replace"), what


def check_role(
    visitors: Visitors, address: Address, entry: dict[str, Any], key: str, ways: tuple[str, ...], *, west: bool
) -> None:
    """A role is served what it may do with what it sees; anything else is refused, or is not there."""
    role = roles()[key]
    for name, kind in cases(entry):
        if west and (kind is None or kind.seen_by == "everyone"):
            continue
        url = url_of(address, kind, visitors.city, key, west=west)
        reached = False
        for way in ways:
            answer = visitors.ask(key, url, way, entry.get("query", {}))
            code, what = answer.status_code, (address.name, name, key, way, answer.status_code)
            if not may(address, role):
                assert code in {403, NOT_SO}, what
            elif kind and not sees(kind, role, west=west):
                assert code in unseen(entry), what
            else:
                assert code in SERVED | WRONG | {NOT_SO} | ({403, 404} if entry.get("may_refuse") else set()), what
            reached |= code != NOT_SO
            if role.scope != "city" and not (kind and kind.all_for and kind.all_for in role.capabilities):
                assert FOREIGN_NAME not in answer.body.decode(errors="replace"), what
        assert reached, (address.name, key, "answers no method")


def unseen(entry: dict[str, Any]) -> set[int]:
    """Return what an object out of sight may answer: as one that never was, or as one not meant for the role."""
    refused = {403} if entry.get("may_refuse") else set()
    asks = {302} if entry.get("asks_first") else set()
    return {404, NOT_SO} | refused | asks
