"""Say something of one device by hand: a new one, a value put right, gone, back again; every state stays (D16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from django.http import Http404
from django.utils import timezone

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.saying import COLUMNS, in_columns, said_by, state_fields
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.walls.actor import Actor

_REASON: Final = 200
_SOURCE: Final = ("source_file", "sheet", "row", "cells")


class UnknownAttributeError(ValueError):
    """A value for something devices do not have; the text is its name."""


def add(
    actor: Actor, site: int, values: Mapping[str, Any], how: str, reason: str, *, source: Mapping[str, Any]
) -> Device:
    """Add a device of a site that no file names.

    Args:
        actor: who says so; sees the site.
        site: number of the site.
        values: attribute → value, in the types and units of the attribute table.
        how: what brings it: *entry* (typed in), *split*.
        reason: why, in words.
        source: ``row_id``, and where known ``source_file``, ``sheet``, ``row``, ``cells`` (``attribute=cell;…``).

    Raises:
        Http404: the site is not in scope.
        UnknownAttributeError: an attribute is not in the table.
    """
    actor.require(CAPABILITY)
    place = Site.objects.filter(pk=site).first()
    if place is None:
        raise Http404
    row = _row(place, values, source)
    device = Device.objects.create(legal_person_id=place.legal_person_id, **place.scope_columns(), **in_columns(row))
    _append(actor, device, row, place, how, reason)
    record(actor, "device.added", device, after=dict(values), reason=reason)
    return device


def restate(actor: Actor, device: int, values: Mapping[str, Any], how: str, reason: str) -> Device:
    """Say anew what a device is; ``values`` is all that holds from now on, the former state stays readable.

    Where it came from (file, cell) stays with the values that did not change; ``how`` is *edit*, *reply*, *split*,
    *merge*, *gone* or *back*. *gone* takes the device out of lists and runs, any other brings it into them.

    Raises:
        Http404: the device is not in scope.
        UnknownAttributeError: an attribute is not in the table.
    """
    actor.require(CAPABILITY)
    known = Device.objects.select_for_update(of=("self",)).filter(pk=device).first()
    if known is None:
        raise Http404
    before = DeviceState.objects.get(device=known, superseded_at__isnull=True)
    cells = ";".join(
        f"{name}={cell}" for name, cell in before.cells.items() if values.get(name) == before.values.get(name)
    )
    source = {name: getattr(before, name) for name in ("row_id", "source_file", "sheet", "row")} | {"cells": cells}
    row = _row(known.site, values, source)
    for name, value in in_columns(row).items():
        setattr(known, name, value)
    known.gone_at = (known.gone_at or timezone.now()) if how == "gone" else None
    known.version += 1
    known.save(update_fields=[*COLUMNS, "values", "said_hash", "row_id", "silent_since", "gone_at", "version"])
    DeviceState.objects.filter(device=known, superseded_at__isnull=True).update(superseded_at=timezone.now())
    _append(actor, known, row, known.site, how, reason)
    record(actor, f"device.{how}", known, before=before.values, after=dict(values), reason=reason)
    return known


def _row(site: Site, values: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values out as a line of a ledger is, read like one: the kind and the tidied designation are found anew."""
    dtypes = attribute_dtypes()
    if strays := set(values) - set(dtypes):
        raise UnknownAttributeError(", ".join(sorted(strays)))
    said = {name: value for name, value in values.items() if value is not None}
    named = {"device_id": source["row_id"], "site": site.pk, **said}
    schema = {"device_id": pl.String(), "site": pl.Int64(), **{name: dtypes[name] for name in said}}
    lines = pl.DataFrame([named], schema=schema)
    row = said_by(lines, reference(timezone.localdate()), industry_of([site])).to_dicts()[0]
    return row | {name: source.get(name) for name in _SOURCE}


def _append(actor: Actor, device: Device, row: Mapping[str, Any], site: Site, how: str, reason: str) -> None:
    fields = state_fields(actor, row, site, timezone.now(), how=how, reason=reason[:_REASON])
    DeviceState.objects.create(device=device, **fields)
