"""Ask one address in one role, and say what must come out: it follows from guard, capability and scope alone."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
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
REFUSED = {403, 404, NOT_SO}
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
        cache.clear()  # limits on how often one may try are tested elsewhere
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
            if kind and kind.seen_by == "nowhere":
                assert answer.status_code == 404, what
            elif address.capability is None:
                absent = kind is not None and kind.seen_by == "nobody"
                allowed = REFUSED if absent or turned_away(entry, name, way, None) else answers(entry)
                assert answer.status_code in allowed, what
            elif answer.status_code != NOT_SO:
                assert sent_to_sign_in(answer, fragment=way == "fragment"), what
            assert FOREIGN_NAME not in answer.body.decode(errors="replace"), what


def sent_to_sign_in(answer: Any, *, fragment: bool) -> bool:
    """Say whether an answer holds nothing and leads to the sign-in page; htmx is led by a header of its own."""
    if fragment and answer.status_code == 200:
        return not answer.body and "/login/" in answer.headers.get("HX-Redirect", "")
    return answer.status_code == 302 and "/login/" in answer["Location"]


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
            if kind and kind.seen_by == "nowhere":
                assert code == 404, what
            elif not may(address, role):
                assert code in {403, NOT_SO}, what
            elif turned_away(entry, name, way, role):
                assert code in REFUSED, what
            elif kind and not sees(kind, role, west=west):
                asked = entry.get("asks_first") and code == 302 and "/reauthenticate/" in answer["Location"]
                assert code in {404, NOT_SO} or asked, what
            else:
                assert code in answers(entry), what
            reached |= code != NOT_SO
            if role.scope != "city" and not (kind and kind.all_for and kind.all_for in role.capabilities):
                assert FOREIGN_NAME not in answer.body.decode(errors="replace"), what
        assert reached, (address.name, key, "answers no method")


def answers(entry: dict[str, Any]) -> set[int]:
    """Return what a view that was reached may answer; ``answers`` of an entry adds one that says something."""
    return SERVED | WRONG | {NOT_SO} | set(entry.get("answers", {}))


def turned_away(entry: dict[str, Any], name: str, way: str, role: Role | None) -> bool:
    """Say whether a rule of the entry keeps a role (None: a stranger) out although the guard lets it in."""
    for rule in entry.get("only", []):
        concerned = name in rule.get("objects", [name]) and way in rule.get("ways", [way])
        able = (
            role is not None
            and rule.get("holding", "") in role.capabilities
            and role.scope in rule.get("scopes", [role.scope])
        )
        if concerned and not able:
            return True
    return False
