"""One device typed in: what is asked of its kind, how its plate is read, what would be found, and like which it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import polars as pl
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.ledger.columns import attribute_dtypes, attributes_for
from jigai.ledger.single import read_one
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.services import hidden
from jigai.platform.ledger.stating import add
from jigai.platform.ledger.taking import CAPABILITY, plan
from jigai.platform.ledger.words import language
from jigai.platform.screening import services as screening
from jigai.platform.walls.actor import Actor
from jigai.reports.template.questions import Kind, UnknownKind, choice_words, find_kind, questions
from jigai.screening import Explanation, explain

_APART: Final = ("enterprise", "industry_code", "photo", "kind_text")
"""Attributes that the site or the kind tells; nobody types them here."""
_ROLES: Final = ("signature", "nameplate", "identity", "evidence", "quantity")


class AlikeError(ValueError):
    """A device like the one typed in stands at the site already; ``devices`` are those."""

    def __init__(self, devices: list[Device]) -> None:
        super().__init__("a device like this one is known")
        self.devices = devices


@dataclass(frozen=True)
class Asked:
    """One attribute to type in: what it is called, its unit, its answers, an example and a hint."""

    name: str
    label: str
    unit: str
    choices: list[tuple[str, str]]
    required: bool
    example: str
    hint: str
    numeric: bool


@dataclass(frozen=True)
class Typed:
    """What was typed: ``values`` by attribute as the attribute table has them, ``wrong`` what cannot be read."""

    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def kinds() -> list[tuple[str, str]]:
    """Return every kind of equipment with its name, in the order of the table."""
    rows = reference(timezone.localdate()).table("kinds", "kinds").select("kind", "zh", "en").rows()
    return [(kind, en if language() == "en" else zh) for kind, zh, en in rows]


def get_kind(key: str) -> Kind:
    """Return a kind by its key; ``Http404`` where there is none."""
    try:
        return find_kind(key, reference(timezone.localdate()))
    except UnknownKind as error:
        raise Http404 from error


def asked(actor: Actor, kind: Kind) -> tuple[list[Asked], list[Asked]]:
    """Return what decides a kind, in the order of its template, and what else it may have."""
    first = [
        _asked(one.attribute, required=one.required and one.attribute.name != "quantity", example=one.example,
               hint=one.advice)
        for one in questions(kind, reference(timezone.localdate()))
        if one.attribute.name not in _APART
    ]  # fmt: skip
    known = {one.name for one in first} | set(_APART) | hidden(actor)
    further = [
        _asked(item)
        for item in attributes_for(kind.key)
        if item.name not in known and item.aliases and item.role in _ROLES and item.kinds
    ]
    return first, further


def _asked(item: Attribute, *, required: bool = False, example: str = "", hint: str = "") -> Asked:
    choices = [(word, word) for word in choice_words(item)]
    unit = item.unit if item.type != "year" else ""
    if language() == "en" and any("\u4e00" <= sign <= "\u9fff" for sign in unit):
        unit = ""  # 台, 级: counted things have no sign in English
    return Asked(
        item.name,
        item.en if language() == "en" else item.zh,
        "" if unit in item.zh else unit,
        choices,
        required,
        example,
        hint or item.definition,
        item.numeric,
    )


def read(actor: Actor, kind: Kind, form: Mapping[str, str]) -> Typed:
    """Read what was typed by the reader of a workbook's cells; a required attribute left empty is told."""
    typed = Typed({"kind_text": kind.zh})
    wanted = {one.attribute.name for one in questions(kind, reference(timezone.localdate())) if one.required}
    closed = {*_APART, *hidden(actor)}
    for item in attributes_for(kind.key):
        if item.name in closed:
            continue
        one = read_one(form.get(item.name), item)
        if one.code:
            typed.wrong[item.name] = one.en if language() == "en" else one.zh
        elif one.value is not None:
            typed.values[item.name] = one.value
        elif item.name in wanted and item.name != "quantity":
            typed.wrong[item.name] = _("没有填写：请填“%(label)s”。") % {"label": item.zh}
    typed.values.setdefault("quantity", 1)
    return typed


def foreseen(site: Site, values: Mapping[str, Any]) -> Explanation:
    """Judge what was typed by what is in force today, as a screening will."""
    day = timezone.localdate()
    industry = industry_of([site])[site.pk]
    given = {name: value for name, value in values.items() if name != "quantity"}
    if industry:
        given.setdefault("industry_code", industry)
    return explain(reference(day), day, given)


def alike(site: Site, values: Mapping[str, Any]) -> list[Device]:
    """Return the devices of the site that what was typed may be, as a line of a ledger would be found again (D9)."""
    dtypes = attribute_dtypes()
    schema = {
        "device_id": pl.String(),
        "site": pl.Int64(),
        "upload": pl.Int64(),
        **{name: dtypes[name] for name in values},
    }
    line = pl.DataFrame([{"device_id": "typed", "site": site.pk, **values}], schema=schema)
    told = plan(line, reference(timezone.localdate()), {site.pk: site}).lines.row(0, named=True)
    numbers = told.get("candidates") or [told["device"]]
    return list(Device.objects.filter(pk__in=[one for one in numbers if one]).order_by("pk"))


def save(actor: Actor, site: int, values: Mapping[str, Any], *, another: bool) -> Device:
    """Add the device, and have the site screened.

    Args:
        actor: who typed it in.
        site: number of the site.
        values: as :func:`read` gives them.
        another: it is another machine than those like it.

    Raises:
        AlikeError: the site has one like it and nobody said that this is another.
        Http404: the site is not in scope.
    """
    actor.require(CAPABILITY)
    place = get_site(site)
    if not another and (known := alike(place, values)):
        raise AlikeError(known)
    source = {"row_id": f"typed-{uuid4().hex}", "source_file": "", "sheet": "", "row": None, "cells": ""}
    device = add(actor, site, values, "entry", _("逐台录入"), source=source)
    if actor.may(screening.RUN):
        screening.start(actor, [site], timezone.localdate())
    return device


def get_site(pk: int) -> Site:
    """Return an active site in scope; ``Http404`` for anything else."""
    site = Site.objects.filter(pk=pk, active=True).first()
    if site is None:
        raise Http404
    return site
