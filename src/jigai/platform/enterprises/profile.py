"""What the page of an enterprise shows: names for codes, sites with their lines, five years of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from jigai.attributes import Attribute
from jigai.platform.enterprises import reference
from jigai.platform.enterprises.attributes import of_line, visible_attributes
from jigai.platform.enterprises.completeness import Completeness, completeness
from jigai.platform.enterprises.fact_values import shown
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.enterprises.tables import BADGES
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.walls.actor import Actor

YEARS = 5
"""Years of figures beside each other."""


@dataclass(frozen=True)
class Head:
    """The names behind the codes of an enterprise or a site."""

    manager: str
    place: str
    industry: str
    division: str
    badge: str


@dataclass(frozen=True)
class Row:
    """One figure over the years: ``cells`` from the oldest year, ``line`` the points of its little curve."""

    attribute: Attribute
    cells: list[str]
    line: str


def head(subject: LegalPerson | Site) -> Head:
    """Return the names behind the codes."""
    return heads([subject])[0]


def heads(subjects: Sequence[LegalPerson | Site]) -> list[Head]:
    """Return the names behind the codes of each, asked for once for all."""
    managers = ManagingUnit.objects.in_bulk({one.manager_code for one in subjects})
    places = Place.objects.in_bulk({one.place_code for one in subjects})
    return [_head(one, managers.get(one.manager_code), places.get(one.place_code)) for one in subjects]


def _head(subject: LegalPerson | Site, manager: ManagingUnit | None, place: Place | None) -> Head:
    found = reference.industry_classes(timezone.localdate()).get(subject.industry_code)
    return Head(
        manager=str(manager or subject.manager_code),
        place=str(place or subject.place_code),
        industry=str(found or subject.industry_code or "—"),
        division=found.division if found else "",
        badge=BADGES.get(getattr(subject, "status", ""), "idle"),
    )


def sites_with_lines(person: LegalPerson) -> list[Site]:
    """Return the sites, those in use first, each with ``its_lines``, names of places beside."""
    sites = list(Site.objects.filter(legal_person=person).select_related("park").order_by("-active", "name", "pk"))
    by_site: dict[int | None, list[Line]] = {}
    for line in Line.objects.filter(site__in=sites):
        by_site.setdefault(line.site_id, []).append(line)
    for site, its_head in zip(sites, heads(sites), strict=True):
        site.its_lines = by_site.get(site.pk, [])
        site.head = its_head
    return sites


def subjects(person: LegalPerson) -> list[models.Model]:
    """Return the records whose history belongs to the enterprise."""
    sites = list(Site.objects.filter(legal_person=person))
    return [person, *sites, *Line.objects.filter(site__in=sites), *person.titles.all(), *person.above_scale.all()]


def complete(person: LegalPerson, year: int) -> Completeness:
    """Return how complete the record is."""
    return completeness(person, year)


def five_years(actor: Actor, person: LegalPerson, last: int) -> dict[str, Any]:
    """Return the figures of the five years up to ``last``; figures of sites are summed where they are numbers."""
    years = list(range(last - YEARS + 1, last + 1))
    known = visible_attributes(actor)
    held: dict[tuple[str, int], list[Fact]] = {}
    current = Fact.objects.filter(legal_person=person, year__in=years, superseded_at__isnull=True).exclude(value="")
    rows = current.filter(attribute__in=known)
    for fact in rows:
        held.setdefault((fact.attribute, fact.year), []).append(fact)
    groups: dict[str, list[Row]] = {}
    for name, attribute in known.items():
        if of_line(attribute):  # products differ: a sum of their figures says nothing
            continue
        values = [_together(attribute, held.get((name, year), [])) for year in years]
        if any(text for text, _number in values):
            cells = [shown(attribute, text) for text, _number in values]
            line = spark([number for _text, number in values]) if attribute.numeric else ""
            groups.setdefault(attribute.extra["group"], []).append(Row(attribute, cells, line))
    return {"years": years, "groups": groups}


def _together(attribute: Attribute, facts: list[Fact]) -> tuple[str, Decimal | None]:
    if not facts:
        return "", None
    if attribute.numeric:
        total = sum((fact.number or Decimal() for fact in facts), Decimal())
        return f"{total.normalize():f}", total
    return ";".join(dict.fromkeys(fact.value for fact in facts)), None


def spark(numbers: list[Decimal | None], width: int = 72, height: int = 20) -> str:
    """Return the points of a curve through the numbers that are known, for an SVG of this size; empty below two."""
    held = [(place, float(number)) for place, number in enumerate(numbers) if number is not None]
    if len(held) < 2:
        return ""
    values = [value for _place, value in held]
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = (width - 4) / (len(numbers) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{height - 3 - (value - low) / span * (height - 6):.1f}" for place, value in held
    )
