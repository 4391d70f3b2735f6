"""The operations of version 1. Each names the capability its token needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Path, Query

from jigai.platform.api.v1 import devices, library, runs, schemas, uploads
from jigai.platform.api.v1.auth import Token
from jigai.platform.api.v1.document import Interface
from jigai.platform.api.v1.pages import LARGEST, CodePaging, Page, Paging, page
from jigai.platform.api.v1.problems import ERRORS, answer_with_problems
from jigai.platform.enterprises.attributes import visible_attributes
from jigai.platform.enterprises.facts import end_of
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.registers.definition import registers
from jigai.platform.registers.versions import versions
from jigai.platform.walls.actor import Actor

api = Interface(
    title="jigai",
    version="1",
    description=_("工业设备更新工作平台的接口。令牌由本单位签发，看到的与签发人在页面上看到的相同。"),
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api-v1",
)
answer_with_problems(api)
for part in (devices, uploads, runs, library):
    api.add_router("", part.router)
Id = Path(..., ge=1, le=LARGEST)


@api.get("/me", response={200: schemas.Me, **ERRORS}, auth=Token(""), tags=["me"])
def me(request: HttpRequest) -> Any:
    """Say who the token acts for and what it may do."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    membership = actor.membership
    return {
        "organisation": str(actor.organisation),
        "role": membership.role_key if membership else "",
        "capabilities": sorted(actor.capabilities),
    }


@api.get("/places", response={200: Page[schemas.PlaceOut], **ERRORS}, auth=Token("place.view"), tags=["places"])
def places(request: HttpRequest, paging: Query[CodePaging]) -> Any:
    """List the administrative divisions."""
    return page(Place.objects.all(), paging)


@api.get(
    "/managing-units",
    response={200: Page[schemas.ManagingUnitOut], **ERRORS},
    auth=Token("place.view"),
    tags=["places"],
)
def managing_units(request: HttpRequest, paging: Query[CodePaging]) -> Any:
    """List the managing units."""
    return page(ManagingUnit.objects.all(), paging)


@api.get("/parks", response={200: Page[schemas.ParkOut], **ERRORS}, auth=Token("place.view"), tags=["places"])
def parks(request: HttpRequest, paging: Query[Paging]) -> Any:
    """List the parks."""
    return page(Park.objects.all(), paging)


@api.get(
    "/enterprises",
    response={200: Page[schemas.EnterpriseOut], **ERRORS},
    auth=Token("enterprise.view"),
    tags=["enterprises"],
)
def enterprises(request: HttpRequest, filters: Query[schemas.EnterpriseFilters], paging: Query[Paging]) -> Any:
    """List the enterprises in scope."""
    rows = _located(LegalPerson.objects.all(), filters)
    if filters.industry_code:
        rows = rows.filter(industry_code__startswith=filters.industry_code)
    if filters.credit_code:
        rows = rows.filter(credit_code=filters.credit_code)
    if filters.above_scale_year:
        rows = rows.filter(above_scale__year=filters.above_scale_year, above_scale__superseded_at=None).distinct()
    return page(rows, paging)


@api.get(
    "/enterprises/{int:id}",
    response={200: schemas.EnterpriseOut, **ERRORS},
    auth=Token("enterprise.view"),
    tags=["enterprises"],
)
def enterprise(request: HttpRequest, id: int = Id) -> Any:
    """Show one enterprise."""
    return get_object_or_404(LegalPerson.objects.all(), pk=id)


@api.get("/sites", response={200: Page[schemas.SiteOut], **ERRORS}, auth=Token("enterprise.view"), tags=["enterprises"])
def sites(request: HttpRequest, filters: Query[schemas.Filters], paging: Query[Paging]) -> Any:
    """List the sites in scope."""
    return page(_located(Site.objects.all(), filters), paging)


@api.get(
    "/sites/{int:id}", response={200: schemas.SiteOut, **ERRORS}, auth=Token("enterprise.view"), tags=["enterprises"]
)
def site(request: HttpRequest, id: int = Id) -> Any:
    """Show one site."""
    return get_object_or_404(Site.objects.all(), pk=id)


@api.get("/lines", response={200: Page[schemas.LineOut], **ERRORS}, auth=Token("enterprise.view"), tags=["enterprises"])
def lines(request: HttpRequest, filters: Query[schemas.Filters], paging: Query[Paging]) -> Any:
    """List the production lines in scope."""
    return page(_located(Line.objects.all(), filters), paging)


@api.get(
    "/lines/{int:id}", response={200: schemas.LineOut, **ERRORS}, auth=Token("enterprise.view"), tags=["enterprises"]
)
def line(request: HttpRequest, id: int = Id) -> Any:
    """Show one production line."""
    return get_object_or_404(Line.objects.all(), pk=id)


@api.get("/facts", response={200: Page[schemas.FactOut], **ERRORS}, auth=Token("fact.view"), tags=["facts"])
def facts(request: HttpRequest, filters: Query[schemas.FactFilters], paging: Query[Paging]) -> Any:
    """List annual figures as known on a day; financial ones only with the capability ``finance.view``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = Fact.objects.filter(attribute__in=visible_attributes(actor)).exclude(value="")
    known_on = schemas.held(filters.known_on)
    if known_on:
        end = end_of(known_on)
        rows = rows.filter(recorded_at__lt=end).filter(Q(superseded_at=None) | Q(superseded_at__gte=end))
    else:
        rows = rows.filter(superseded_at=None)
    for name, value in (
        ("year", filters.year),
        ("attribute", filters.attribute),
        ("legal_person_id", filters.enterprise),
    ):
        if value:
            rows = rows.filter(**{name: value})
    return page(rows, paging)


@api.get(
    "/registers",
    response={200: list[schemas.RegisterOut], **ERRORS},
    auth=Token("register.view"),
    tags=["registers"],
)
def register_list(request: HttpRequest) -> Any:
    """List the registers with the meaning of their columns."""
    return list(registers().values())


@api.get(
    "/register-entries",
    response={200: Page[schemas.EntryOut], **ERRORS},
    auth=Token("register.view"),
    tags=["registers"],
)
def register_entries(request: HttpRequest, filters: Query[schemas.EntryFilters], paging: Query[Paging]) -> Any:
    """List the entries of a register in scope, as known on a day."""
    register = registers().get(filters.register_key)
    if register is None:
        raise Http404
    return page(versions(register, schemas.held(filters.known_on), filters.valid_in), paging)


def _located(rows: QuerySet[Any], filters: schemas.Filters) -> QuerySet[Any]:
    for name in ("manager_code", "place_code"):
        value = getattr(filters, name)
        if value:
            rows = rows.filter(**{name: value})
    return rows
