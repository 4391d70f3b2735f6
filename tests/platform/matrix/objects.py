"""Objects of the east and the west for the matrix: what each address is tried with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.platform.people import City

Maker = Callable[[City, bool], dict[str, Any]]
MAKERS: dict[str, Maker] = {}


def maker(name: str) -> Callable[[Maker], Maker]:
    """Register how the arguments of an address are made: for the east, or (``west``) for the west."""

    def keep(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return keep


@maker("enterprise")
def _enterprise(city: City, west: bool) -> dict[str, Any]:
    return {"pk": (city.west_enterprise if west else city.east_enterprise).pk}


@maker("site")
def _site(city: City, west: bool) -> dict[str, Any]:
    return {"pk": (city.west_site if west else city.east_site).pk}


@maker("membership")
def _membership(city: City, west: bool) -> dict[str, Any]:
    side = city.west if west else city.people
    return {"pk": side["enterprise_head"].memberships.get().pk}
