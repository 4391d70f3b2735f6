"""Invented enterprises with their sites and lines, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from jigai.platform.sample.draws import between, draw, rounded, table, weighted

SEED: Final = "jigai-1"
ZONE: Final = "GX"
"""Stands in the tables for the high-tech zone, whose sites lie in other counties."""
ZONE_PLACE: Final = {"510411": 3, "510402": 1}
"""Counties in which sites of the zone lie, by weight."""


@dataclass(frozen=True)
class FirmLine:
    """A production line as drawn; ``capacity`` a year in ``capacity_unit``."""

    name: str
    product: str
    process: str
    capacity: float
    capacity_unit: str
    unit_energy: float
    energy_unit: str
    grade: str
    commissioned: int


@dataclass(frozen=True)
class FirmSite:
    """A site as drawn: ``manager`` is a county code or the zone, ``county`` where it lies."""

    name: str
    manager: str
    county: str
    address: str
    lines: tuple[FirmLine, ...]


@dataclass(frozen=True)
class Firm:
    """An enterprise as drawn. ``scale`` is its size against a middling one of its sector, ``founded`` a year."""

    number: int
    name: str
    sector: dict[str, Any]
    industry: str
    scale: float
    founded: int
    contact: str
    sites: tuple[FirmSite, ...] = field(default=())

    @property
    def code_body(self) -> str:
        """First seventeen characters of the credit code: the registering place 510499 does not exist."""
        return f"91510499MA{self.number:07d}"


def firms(size: int, seed: str = SEED) -> Iterator[Firm]:
    """Yield ``size`` enterprises; the first ones are the same whatever the size."""
    taken: set[str] = set()
    for number in range(1, size + 1):
        yield _firm(number, seed, taken)


def _firm(number: int, seed: str, taken: set[str]) -> Firm:
    chance = draw(seed, "firm", number)
    sectors = table("sectors")
    sector = weighted(chance, {place: one["share"] for place, one in enumerate(sectors)})
    spec = sectors[sector]
    scale = rounded(min(max(chance.lognormvariate(0, 0.9), 0.12), 14))
    founded = int(chance.triangular(1968, 2020, 2003))
    manager = weighted(chance, spec["counties"])
    sites = 1 + (chance.random() < 0.22 + 0.06 * scale) + (chance.random() < 0.04 * scale)
    return Firm(
        number=number,
        name=_name(chance, spec, taken),
        sector=spec,
        industry=chance.choice(spec["industries"]),
        scale=scale,
        founded=founded,
        contact=_person(chance),
        sites=tuple(_site(chance, spec, place, manager, scale, founded) for place in range(sites)),
    )


def _name(chance: Random, spec: dict[str, Any], taken: set[str]) -> str:
    words = table("names")
    while True:
        parts = (words["first"], words["second"], spec["trade"], words["form"])
        name = "".join(chance.choice(part) for part in parts) + words["mark"]
        if name not in taken:
            taken.add(name)
            return name


def _person(chance: Random) -> str:
    words = table("names")
    return str(chance.choice(words["family"]) + chance.choice(words["given"]))


def _site(chance: Random, spec: dict[str, Any], place: int, home: str, scale: float, founded: int) -> FirmSite:
    words = table("names")
    manager = home if place == 0 or chance.random() < 0.55 else weighted(chance, spec["counties"])
    county = weighted(chance, ZONE_PLACE) if manager == ZONE else manager
    lines = 1 + (scale > 1.2) + (scale > 4 and chance.random() < 0.6) if place == 0 else int(chance.random() < 0.8)
    return FirmSite(
        name=words["sites"][0] if place == 0 else chance.choice(words["sites"][1:]),
        manager=manager,
        county=county,
        address=f"{chance.choice(words['townships'][manager])}{chance.randint(1, 180)}号",
        lines=tuple(_line(chance, spec, number, scale, founded) for number in range(lines)),
    )


def _line(chance: Random, spec: dict[str, Any], number: int, scale: float, founded: int) -> FirmLine:
    made = chance.choice(spec["lines"])
    low, high = made["capacity"]
    capacity = rounded(min(max(between(chance, [low, high]) * scale**0.4, low), high))
    return FirmLine(
        name=f"{number + 1}#{made['name']}线",
        product=made["product"],
        process=made["process"],
        capacity=capacity,
        capacity_unit=made["unit"],
        unit_energy=rounded(chance.triangular(*made["energy"]) if made["energy"][1] else 0.0, 4),
        energy_unit=made["energy_unit"],
        grade=weighted(chance, {"A": 1, "B": 3, "B-": 1, "C": 4, "D": 2, "": 2}),
        commissioned=min(2025, founded + int(chance.triangular(0, 18, 3))),
    )
