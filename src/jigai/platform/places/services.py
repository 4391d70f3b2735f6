"""Load the places of a city from the core's dataset, and keep managing units and parks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.places.moving import move_register_rows
from jigai.platform.walls.actor import Actor
from jigai.platform.web.editing import save_edit
from jigai.reference import Reference

EDIT = "place.edit"


@dataclass(frozen=True)
class Loaded:
    """How many rows there are after loading."""

    places: int
    managing_units: int
    parks: int


def load(reference: Reference, city: str = "") -> Loaded:
    """Bring divisions, managing units and parks of ``city`` (default: that of the settings) in line with the dataset.

    Divisions follow the dataset. Managing units and parks are only added: what people changed stays. Every county is
    a managing unit; a park that answers to the city itself (the high-tech zone) is one of its own, known by its id.
    Safe to repeat. ``ValueError`` where the dataset does not hold the city.
    """
    city = city or settings.CITY_CODE
    rows = list(reference.table("regions", "divisions").iter_rows(named=True))
    wanted = [row for row in rows if row["code"] == city or row["code"].startswith(city[:4])]
    if not any(row["code"] == city for row in wanted):
        raise ValueError(
            _("数据集 regions 中没有 %(city)s：请用 JIGAI_REFERENCE 装入本市的区划数据集。") % {"city": city}
        )
    with transaction.atomic():
        for order, row in enumerate(sorted(wanted, key=lambda row: (len(row["code"]), row["code"]))):
            parent = row["parent"] if row["code"] != city else None
            values = {"name": row["name"], "level": row["level"], "parent_id": parent, "order": order}
            Place.objects.update_or_create(code=row["code"], defaults=values)
        _units_and_parks(reference, city)
    return Loaded(Place.objects.count(), ManagingUnit.objects.count(), Park.objects.count())


def _units_and_parks(reference: Reference, city: str) -> None:
    counties = Place.objects.filter(level="county", parent_id=city)
    for place in counties:
        values = {"name": place.name, "short": place.name, "place": place, "order": place.order}
        ManagingUnit.objects.get_or_create(code=place.code, defaults=values)
    for order, row in enumerate(reference.table("regions", "parks").iter_rows(named=True)):
        if not row["parent"].startswith(city[:4]):
            continue
        code = row["parent"]
        if code == city:
            code = row["park_id"]
            values = {"name": row["name"], "short": _short(row["name"]), "order": 1000 + order}
            ManagingUnit.objects.get_or_create(code=code, defaults=values)
        Park.objects.get_or_create(name=row["name"], defaults={"manager_id": code, "place_id": row["parent"]})


def _short(name: str) -> str:
    text = files("jigai.platform.places").joinpath("short_names.csv").read_text(encoding="utf-8")
    known = {row["name"]: row["short"] for row in csv.DictReader(text.splitlines())}
    return known.get(name, name[:20])


def create_unit(actor: Actor, values: Mapping[str, Any]) -> ManagingUnit:
    """Create a managing unit: ``code`` and ``name`` needed, ``short``, ``place``, ``order`` may be given."""
    actor.require(EDIT)
    taken = _("代码 %(code)s 已用于另一个管理主体。") % {"code": values["code"]}
    if ManagingUnit.objects.filter(code=values["code"]).exists():
        raise ValidationError({"code": taken})
    try:
        with transaction.atomic():
            unit = ManagingUnit.objects.create(**values)
    except IntegrityError:  # somebody entered the same at the same moment
        raise ValidationError({"code": taken}) from None
    record(actor, "managing_unit.created", unit, after=_said(values))
    return unit


def edit_unit(
    actor: Actor, unit: ManagingUnit, changes: Mapping[str, Any], version: int, *, reason: str = ""
) -> ManagingUnit:
    """Change name, short name, place or order of a managing unit; its code stays, since rows carry it."""
    actor.require(EDIT)
    with transaction.atomic():
        edited = save_edit(actor, unit, changes, version, action="managing_unit.edited", reason=reason)
        if edited.place_id != unit.place_id:
            about = {"manager_code": unit.code, "identity__startswith": "unit/"}
            move_register_rows(about, {"place_code": edited.place_id or ""})
    return edited


def create_park(actor: Actor, values: Mapping[str, Any]) -> Park:
    """Create a park: ``name, manager, place``, and whether it is ``chemical``."""
    actor.require(EDIT)
    _name_is_free(str(values["name"]), None)
    try:
        with transaction.atomic():
            park = Park.objects.create(**values)
    except IntegrityError:  # somebody entered the same at the same moment
        raise _taken(str(values["name"])) from None
    record(actor, "park.created", park, after=_said(values))
    return park


def edit_park(actor: Actor, park: Park, changes: Mapping[str, Any], version: int, *, reason: str = "") -> Park:
    """Change a park; a new managing unit or place takes along what the registers say of it."""
    actor.require(EDIT)
    if "name" in changes:
        _name_is_free(str(changes["name"]), park)
    with transaction.atomic():
        edited = save_edit(actor, park, changes, version, action="park.edited", reason=reason)
        columns = {"manager_code": edited.manager_id, "place_code": edited.place_id}
        if columns != {"manager_code": park.manager_id, "place_code": park.place_id}:
            move_register_rows({"park": edited}, columns)
    return edited


def set_active(actor: Actor, subject: ManagingUnit | Park, active: bool, reason: str) -> Event:
    """Take a managing unit or park out of use, or bring it back; returns the event, which can be undone."""
    actor.require(EDIT)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因，将记入审计记录。")})
    with transaction.atomic():
        before = {"active": subject.active, "version": subject.version}
        subject.active, subject.version = active, subject.version + 1
        subject.save()
        verb = "restored" if active else "archived"
        kind = "park" if isinstance(subject, Park) else "managing_unit"
        after = {"active": active, "version": subject.version}
        return record(actor, f"{kind}.{verb}", subject, before=before, after=after, reason=reason)


def _name_is_free(name: str, park: Park | None) -> None:
    if Park.objects.filter(name=name).exclude(pk=(park.pk if park else None) or 0).exists():
        raise _taken(name)


def _taken(name: str) -> ValidationError:
    return ValidationError({"name": _("已有名为“%(name)s”的园区。") % {"name": name}})


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "pk", value) for name, value in values.items() if value not in (None, "")}
