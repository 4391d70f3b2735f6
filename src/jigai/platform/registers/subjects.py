"""Whom an entry is about: the enterprise, site, park or managing unit a row names, among what is in scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.registers.definition import Register
from jigai.platform.walls.actor import Actor


class SubjectUnknownError(ValueError):
    """A row names nobody that is in scope, or several; the text says what to do."""


@dataclass(frozen=True)
class About:
    """Whom an entry is about: ``identity`` in the register's key, ``name`` for people, and the scope columns."""

    identity: str
    name: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


WHOLE_CITY: Final = ("全市", "全市合计", "合计")
"""What the row of the whole city is called."""
Find = Callable[[Mapping[str, Any]], About]


def finder(actor: Actor, register: Register, rows: Iterable[Mapping[str, Any]]) -> Find:
    """Return a function that tells whom each of ``rows`` is about; the records are fetched once for all of them.

    It raises :class:`SubjectUnknownError` for a row that names nobody in the scope of ``actor``.
    """
    match register.subject:
        case "enterprise":
            return find_enterprises(list(rows))
        case "site":
            return _sites(list(rows))
        case "park":
            return _parks(actor)
        case "managing_unit":
            return _units(actor)
        case "area":
            return _areas(actor)
        case "city":
            return lambda row: About(str(row["city_name"]), str(row["city_name"]))
    return lambda row: About("", "")


def find_enterprises(rows: list[Mapping[str, Any]]) -> Find:
    """Return a function that finds the enterprise a row names by ``credit_code``, else by ``enterprise_name``."""
    codes = {row.get("credit_code") for row in rows} - {None, ""}
    names = {row.get("enterprise_name") for row in rows} - {None, ""}
    by_code = {one.credit_code: one for one in LegalPerson.objects.filter(credit_code__in=codes)}
    by_name: dict[str, list[LegalPerson]] = {}
    for one in LegalPerson.objects.filter(name__in=names):
        by_name.setdefault(one.name, []).append(one)

    def find(row: Mapping[str, Any]) -> About:
        person = _person(row, by_code, by_name)
        columns = _scope(person) | {"legal_person_id": person.pk}
        values = {"enterprise_name": person.name, "credit_code": person.credit_code}
        return About(person.credit_code, person.name, columns, values)

    return find


def _person(
    row: Mapping[str, Any], by_code: Mapping[str, LegalPerson], by_name: Mapping[str, list[LegalPerson]]
) -> LegalPerson:
    code, name = row.get("credit_code") or "", row.get("enterprise_name") or ""
    if code:
        if code in by_code:
            return by_code[code]
        raise SubjectUnknownError(
            _("企业档案里没有信用代码 %(code)s，或不在您的可见范围。请核对代码，或先登记企业。") % {"code": code}
        )
    found = by_name.get(name, [])
    if len(found) == 1:
        return found[0]
    if found:
        raise SubjectUnknownError(
            _("有 %(n)d 家企业叫“%(name)s”，请填统一社会信用代码。") % {"n": len(found), "name": name}
        )
    raise SubjectUnknownError(
        _("企业档案里没有“%(name)s”，或不在您的可见范围。请核对全称，或填统一社会信用代码。") % {"name": name}
    )


def _sites(rows: list[Mapping[str, Any]]) -> Find:
    find_person = find_enterprises(rows)

    def find(row: Mapping[str, Any]) -> About:
        about = find_person(row)
        wanted = str(row.get("site_name") or "")
        site = Site.objects.filter(legal_person_id=about.columns["legal_person_id"], name=wanted).first()
        if site is None:
            raise SubjectUnknownError(
                _("“%(name)s”没有叫“%(site)s”的厂区，或不在您的可见范围。") % {"name": about.name, "site": wanted}
            )
        columns = _scope(site) | {"legal_person_id": about.columns["legal_person_id"]}
        return About(f"{about.identity}/{site.pk}", site.name, columns, dict(about.values) | {"site_name": site.name})

    return find


def _scope(row: Any) -> dict[str, Any]:
    return {
        "org_id": row.org_id,
        "site_id": row.pk if isinstance(row, Site) else None,
        "manager_code": row.manager_code,
        "place_code": row.place_code,
    }


def _parks(actor: Actor) -> Find:
    known = {one.name: one for one in Park.objects.select_related("manager")}

    def find(row: Mapping[str, Any]) -> About:
        park = known.get(str(row.get("park_name") or ""))
        if park is None or not _covers(actor, park.manager_id):
            raise SubjectUnknownError(
                _("没有叫“%(name)s”的园区，或不归您管。请在区划园区中核对名称。") % {"name": row.get("park_name")}
            )
        columns = {"park_id": park.pk, "manager_code": park.manager_id, "place_code": park.place_id}
        return About(f"park/{park.pk}", park.name, columns, {"park_name": park.name})

    return find


def _units(actor: Actor) -> Find:
    known: dict[str, ManagingUnit] = {}
    for unit in ManagingUnit.objects.all():
        for name in (unit.name, unit.short, unit.code):
            if name:
                known[name] = unit

    def find(row: Mapping[str, Any]) -> About:
        unit = known.get(str(row.get("manager_name") or ""))
        if unit is None or not _covers(actor, unit.code):
            raise SubjectUnknownError(
                _("没有叫“%(name)s”的县区或高新区，或不归您管。请写区划园区中的名称或代码。")
                % {"name": row.get("manager_name")}
            )
        columns = {"manager_code": unit.code, "place_code": unit.place_id or ""}
        return About(f"unit/{unit.code}", str(unit), columns, {"manager_name": unit.name})

    return find


def _areas(actor: Actor) -> Find:
    """Return a function that finds a unit, or the whole city; what is said of the city only the city sees."""
    unit = _units(actor)
    whole = {*WHOLE_CITY, settings.CITY_NAME} - {""}

    def find(row: Mapping[str, Any]) -> About:
        if str(row.get("manager_name") or "").strip() not in whole:
            return unit(row)
        if not actor.scope.everything:
            raise SubjectUnknownError(_("全市合计由市级维护；请写本县区的名称。"))
        return About("city", WHOLE_CITY[0], {"manager_code": "", "place_code": ""}, {"manager_name": WHOLE_CITY[0]})

    return find


def _covers(actor: Actor, manager: str) -> bool:
    return actor.scope.everything or manager in actor.scope.managers
