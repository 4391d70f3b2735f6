"""Operations on devices: the list, one with all that was said and found of it, findings, identifiers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from jigai.platform.api.v1 import device_schemas as schemas
from jigai.platform.api.v1.auth import Token
from jigai.platform.api.v1.pages import LARGEST, Page, Paging, page
from jigai.platform.api.v1.problems import ERRORS
from jigai.platform.ledger import services
from jigai.platform.ledger.models import Device
from jigai.platform.screening.models import Finding

router = Router(tags=["devices"])
VIEW = Token("ledger.view")
Id = Path(..., ge=1, le=LARGEST)
Label = Path(..., max_length=40)


@router.get("/devices", response={200: Page[schemas.DeviceOut], **ERRORS}, auth=VIEW)
def devices(request: HttpRequest, filters: Query[schemas.DeviceFilters], paging: Query[Paging]) -> Any:
    """List the devices in scope."""
    rows = Device.objects.filter(gone_at__isnull=not filters.gone)
    exact = {
        "manager_code": filters.manager_code,
        "place_code": filters.place_code,
        "legal_person_id": filters.enterprise,
        "site_id": filters.site,
        "kind": filters.kind,
        "verdict": filters.verdict,
        "use_state": filters.use_state,
        "industry_code__startswith": filters.industry_code,
        "code": filters.code,
    }
    return page(rows.filter(**{name: value for name, value in exact.items() if value}), paging)


@router.get("/devices/{int:id}", response={200: schemas.WholeDeviceOut, **ERRORS}, auth=VIEW)
def device(request: HttpRequest, id: int = Id) -> Any:
    """Show one device with its states and findings; money only with the capability ``finance.view``."""
    return _whole(request, services.get_device(request.actor, id))  # type: ignore[attr-defined]


@router.get("/identifiers/{identifier}", response={200: schemas.WholeDeviceOut, **ERRORS}, auth=VIEW)
def identifier(request: HttpRequest, identifier: str = Label) -> Any:
    """Resolve the identifier on a label to its device; one with a slip in it names none."""
    if not identifier.isascii():
        raise Http404
    return _whole(request, services.by_identifier(request.actor, identifier))  # type: ignore[attr-defined]


@router.get("/findings", response={200: Page[schemas.FindingOut], **ERRORS}, auth=VIEW)
def findings(request: HttpRequest, filters: Query[schemas.FindingFilters], paging: Query[Paging]) -> Any:
    """List the findings in force that need someone; all of a run are in its file ``findings``."""
    rows = Finding.objects.all()
    exact = {
        "manager_code": filters.manager_code,
        "place_code": filters.place_code,
        "device_id": filters.device,
        "site_id": filters.site,
        "check_name": filters.check,
        "outcome": filters.outcome,
        "document": filters.document,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.mandatory is not None:
        rows = rows.filter(mandatory=filters.mandatory)
    return page(rows, paging)


def _whole(request: HttpRequest, one: Device) -> dict[str, Any]:
    """Return a device with its states and findings, without what the token may not see."""
    without = services.hidden(request.actor)  # type: ignore[attr-defined]
    states = [
        {
            **{name: getattr(state, name) for name in schemas.StateOut.model_fields},
            "values": {name: value for name, value in state.values.items() if name not in without},
            "cells": {name: cell for name, cell in state.cells.items() if name not in without},
        }
        for state in services.states(one)
    ]
    return {"device": one, "states": states, "findings": list(Finding.objects.filter(device=one).order_by("pk"))}
