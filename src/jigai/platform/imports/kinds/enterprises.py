"""A list of enterprises: one row per site; the legal person is made or changed with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises import services
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports.kinds.common import differences, said, table
from jigai.platform.imports.subjects import Context, Match, NextStep, Row, RowRefusedError, Subject
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.walls.actor import Actor

MAIN_SITE = "主厂区"
_PERSON = {"enterprise_name": "name", "industry_code": "industry_code", "registered_on": "registered_on"}
_SITE = {"address": "address"}


def subject() -> Subject:
    """Return the subject of lists of enterprises."""
    of = table("enterprises", "企业和厂区", "enterprises and sites")
    return Subject(
        key="enterprises",
        title=_("企业和厂区"),
        table=of,
        capability="enterprise.import",
        match=match,
        save=save,
        list_url=lambda: reverse("enterprises:list"),
        fills=lambda: {"site_name": MAIN_SITE},
        after=lambda actor, context: [NextStep(_("打开企业清单，核对管理主体和行业。"), reverse("enterprises:list"))],
        advice=("一个厂区一行；企业只有一个厂区的，厂区名称写“主厂区”。",),
    )


def match(actor: Actor, rows: Sequence[Row], context: Context) -> list[Match]:
    """Return what each row would do: a new enterprise or site, other values, or nothing."""
    codes = {row.values["credit_code"] for row in rows}
    persons = {one.credit_code: one for one in LegalPerson.objects.filter(credit_code__in=codes)}
    sites = {
        (one.legal_person_id, one.name): one for one in Site.objects.filter(legal_person__in=list(persons.values()))
    }
    find = _places()
    found = []
    for row in rows:
        person = persons.get(row.values["credit_code"])
        site = sites.get((person.pk, row.values["site_name"])) if person else None
        found.append(_match(actor, row, person, site, find))
    return found


def _match(
    actor: Actor, row: Row, person: LegalPerson | None, site: Site | None, find: Callable[[Mapping[str, Any]], Any]
) -> Match:
    title = f"{row.values['enterprise_name']} {row.values['site_name']}"
    try:
        codes = find(row.values)
    except ValueError as error:
        return Match(row, "refused", title, why=str(error))
    if not actor.scope.everything and codes["manager_code"] not in actor.scope.managers:
        return Match(
            row, "refused", title, why=_("管理主体“%(name)s”不归您管。") % {"name": row.values["manager_name"]}
        )
    target = (codes, person, site)
    of = table("enterprises", "企业和厂区", "enterprises and sites")
    if person is None or site is None:
        return Match(row, "new", title, target=target)
    before = {name: getattr(person, field) for name, field in _PERSON.items()}
    before |= {name: getattr(site, field) for name, field in _SITE.items()}
    before |= {"manager_name": _unit_name(site.manager_code), "park_name": site.park.name if site.park else None}
    after = {name: value for name, value in _wanted(row).items() if name in before}
    if "manager_name" in row.values:
        after["manager_name"] = _unit_name(codes["manager_code"])
    changes = differences(of, {name: value or None for name, value in before.items()}, after)
    return Match(row, "changed" if changes else "same", title, changes, target=target)


def save(actor: Actor, one: Match, source: str, context: Context) -> str:
    """Make or change the enterprise and its site."""
    codes, person, site = one.target
    wanted = _wanted(one.row)
    values = {field: wanted[name] for name, field in _PERSON.items() if name in wanted}
    of_site = {field: wanted[name] for name, field in _SITE.items() if name in wanted}
    of_site |= {"manager_code": codes["manager_code"], "place_code": codes["place_code"]}
    if codes["park"] is not None:
        of_site["park"] = codes["park"]
    try:
        if person is None:
            # Two rows of one new enterprise: the second finds it made by the first.
            person = LegalPerson.objects.filter(credit_code=one.row.values["credit_code"]).first()
        if person is None:
            where = {"manager_code": codes["manager_code"], "place_code": codes["place_code"]}
            person = services.create_enterprise(
                actor, values | where | {"credit_code": one.row.values["credit_code"]} | _address(of_site)
            )
        elif any(getattr(person, name) != value for name, value in values.items()):
            services.edit_enterprise(actor, person, values, person.version, reason=source)
        if site is None:
            services.create_site(actor, person, of_site | {"name": one.row.values["site_name"]})
        elif any(getattr(site, name) != value for name, value in of_site.items()):
            services.edit_site(actor, site, of_site, site.version, reason=source)
    except ValidationError as error:
        raise RowRefusedError(said(error)) from error
    return ""


def _address(of_site: Mapping[str, Any]) -> dict[str, Any]:
    return {"address": of_site["address"]} if "address" in of_site else {}


def _wanted(row: Row) -> dict[str, Any]:
    values = dict(row.values)
    if code := re.search(r"\d{4}", str(values.get("industry_code") or "")):
        values["industry_code"] = code[0]
    return values


def _unit_name(code: str) -> str:
    unit = ManagingUnit.objects.filter(code=code).first()
    return str(unit) if unit else code


def _places() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function that tells the codes of what a row names; ``ValueError`` says which is unknown."""
    units = {name: unit for unit in ManagingUnit.objects.all() for name in (unit.name, unit.short, unit.code) if name}
    places = {name: place.code for place in Place.objects.filter(level="county") for name in (place.name, place.code)}
    parks = {park.name: park for park in Park.objects.all()}

    def find(values: Mapping[str, Any]) -> dict[str, Any]:
        unit = units.get(str(values["manager_name"]))
        if unit is None:
            raise ValueError(_("没有叫“%(name)s”的县区或高新区，请写名称或代码。") % {"name": values["manager_name"]})
        named = values.get("place_name")
        place = places.get(str(named)) if named else unit.place_id
        if not place:
            if named:
                raise ValueError(_("没有叫“%(name)s”的县区。") % {"name": named})
            raise ValueError(_("“%(name)s”跨县区，请填属地。") % {"name": unit.name})
        park = parks.get(str(values["park_name"])) if values.get("park_name") else None
        if values.get("park_name") and park is None:
            raise ValueError(_("没有叫“%(name)s”的园区，请在区划园区中核对。") % {"name": values["park_name"]})
        return {"manager_code": unit.code, "place_code": place, "park": park}

    return find
