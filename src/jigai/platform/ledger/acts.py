"""One thing a person says of devices of a site: states appended, audited once, and taken back as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import Act, Bulk, Device, DeviceState
from jigai.platform.ledger.saying import COLUMNS, in_columns, said_by, state_fields
from jigai.platform.ledger.taking import BATCH, CAPABILITY
from jigai.platform.walls.actor import Actor

REASON: Final = 200
_SOURCE: Final = ("source_file", "sheet", "row", "cells")


class ActRefusedError(ValueError):
    """Something that cannot be said of a device, or not be taken back; the text says why and what to do."""


@dataclass(frozen=True)
class Said:
    """What is said of one device, or of a new one where ``device`` is None.

    ``source`` is where it stands: ``row_id``, and where known ``source_file``, ``sheet``, ``row``, ``cells``.
    """

    values: Mapping[str, Any]
    source: Mapping[str, Any]
    device: int | None = None
    reason: str = ""


def begin(
    actor: Actor, what: str, site: Site, reason: str, details: Mapping[str, Any] | None = None, bulk: Bulk | None = None
) -> Act:
    """Open an act at a site; the states it brings name it."""
    actor.require(CAPABILITY)
    return Act.objects.create(
        what=what,
        reason=reason[:REASON],
        details=dict(details or {}),
        bulk=bulk,
        recorded_at=timezone.now(),
        recorded_by=actor.label[:150],
        **site.scope_columns(),
    )


def end(actor: Actor, act: Act, devices: Iterable[Device], **more: Any) -> Act:
    """Write the act into the audit trail, with the devices it touched."""
    named = [one.identifier for one in devices]
    record(actor, f"devices.{act.what}", act, after={"devices": named, **act.details, **more}, reason=act.reason)
    return act


def devices_by_site(actor: Actor, numbers: Iterable[int]) -> list[tuple[Site, list[Device]]]:
    """Return devices, locked, under their sites in order; ``Http404`` where one is not in scope or gone."""
    actor.require(CAPABILITY)
    wanted = sorted(set(numbers))
    found = list(Device.objects.select_for_update(of=("self",)).filter(pk__in=wanted, gone_at__isnull=True))
    if not found or len(found) != len(wanted):
        raise Http404
    sites = Site.objects.in_bulk({one.site_id for one in found})
    groups: dict[int, list[Device]] = {}
    for one in sorted(found, key=lambda each: each.pk):
        groups.setdefault(one.site_id or 0, []).append(one)
    return [(sites[number], devices) for number, devices in sorted(groups.items())]


def in_force(devices: Iterable[int]) -> dict[int, DeviceState]:
    """Return the state in force of each device."""
    return {one.device_id: one for one in DeviceState.objects.filter(device__in=list(devices), superseded_at=None)}


def again(state: DeviceState, values: Mapping[str, Any] | None = None, reason: str = "") -> Said:
    """Say of a device what was said before, with other ``values`` where given; cells stay with what did not change."""
    said = state.values if values is None else values
    cells = ";".join(f"{name}={cell}" for name, cell in state.cells.items() if said.get(name) == state.values.get(name))
    source = {name: getattr(state, name) for name in ("row_id", "source_file", "sheet", "row")} | {"cells": cells}
    return Said(said, source, state.device_id, reason)


def restate_all(actor: Actor, act: Act | None, site: Site, said: Sequence[Said], how: str, reason: str) -> list[Device]:
    """Append a state to each device; *gone* takes them out of lists and runs, anything else brings them in.

    ``act`` is what the states belong to and are taken back with, None where each stands for itself.
    """
    if not said:
        return []
    known = Device.objects.select_for_update(of=("self",)).in_bulk([one.device for one in said if one.device])
    if len(known) != len(said):
        raise Http404
    now = timezone.now()
    rows = _rows(site, said)
    touched = [known[one.device or 0] for one in said]
    for device, row in zip(touched, rows, strict=True):
        for name, value in in_columns(row).items():
            setattr(device, name, value)
        device.gone_at = (device.gone_at or now) if how == "gone" else None
        device.version += 1
    named = [*COLUMNS, "values", "said_hash", "row_id", "silent_since", "gone_at", "version"]
    Device.objects.bulk_update(touched, named, batch_size=BATCH // 10)
    DeviceState.objects.filter(device__in=list(known), superseded_at=None).update(superseded_at=now)
    _append(actor, act, site, zip(said, rows, touched, strict=True), how, reason, now)
    return touched


def add_all(actor: Actor, act: Act | None, site: Site, said: Sequence[Said], how: str, reason: str) -> list[Device]:
    """Add devices to a site, each with its first state; ``act`` as in :func:`restate_all`."""
    rows = _rows(site, said)
    made = Device.objects.bulk_create(
        [Device(legal_person_id=site.legal_person_id, **site.scope_columns(), **in_columns(row)) for row in rows],
        batch_size=BATCH,
    )
    _append(actor, act, site, zip(said, rows, made, strict=True), how, reason, timezone.now())
    return list(made)


def _append(
    actor: Actor,
    act: Act | None,
    site: Site,
    told: Iterable[tuple[Said, Mapping[str, Any], Device]],
    how: str,
    reason: str,
    now: datetime,
) -> None:
    DeviceState.objects.bulk_create(
        [
            DeviceState(
                device=device,
                act=act,
                **state_fields(actor, row, site, now, how=how, reason=(one.reason or reason)[:REASON]),
            )
            for one, row, device in told
        ],
        batch_size=BATCH,
    )


def _rows(site: Site, said: Sequence[Said]) -> list[dict[str, Any]]:
    """Lay values out as lines of a ledger are and read them like lines, all at once."""
    dtypes = attribute_dtypes()
    named = {name for one in said for name, value in one.values.items() if value is not None}
    schema = {"device_id": pl.String(), "site": pl.Int64(), **{name: dtypes[name] for name in dtypes if name in named}}
    # A place in the batch stands for the line: two machines split off one line share its id.
    lines = pl.DataFrame(
        [{"device_id": str(place), "site": site.pk, **dict(one.values)} for place, one in enumerate(said)],
        schema=schema,
        strict=False,
    )
    rows = said_by(lines, reference(timezone.localdate()), industry_of([site])).to_dicts()
    return [
        row | {name: one.source.get(name) for name in _SOURCE} | {"device_id": one.source["row_id"]}
        for row, one in zip(rows, said, strict=True)
    ]


def silence_of(devices: Iterable[Device]) -> dict[str, Any]:
    """Return what taking an act back restores of silent devices."""
    return {"silent": {str(one.pk): one.silent_since.isoformat() for one in devices if one.silent_since}}


def stands(act: Act) -> str:
    """Return why an act cannot be taken back, empty where it can."""
    if act.undone_at:
        return _("已经撤销过。")
    later = act.states.filter(superseded_at__isnull=False)
    if later.exists():
        named = "、".join(str(one.device) for one in later.select_related("device").order_by("pk")[:3])
        return _("“%(what)s”之后又有登记或上报，不能撤销；请从后往前撤，或直接更正。") % {"what": named}
    first = _first_states(act)
    held = Device.objects.filter(Q(held=True), pk__in=[one.device_id for one in first]).first()
    if held:
        return _("“%(what)s”已有照片、异议或整改记录，不能撤销。") % {"what": held}
    return ""


def _first_states(act: Act) -> list[DeviceState]:
    """States of the act that were the first ever said of their device."""
    states = list(act.states.all())
    older = DeviceState.objects.filter(device__in=[one.device_id for one in states], pk__lt=min_pk(states))
    known = set(older.values_list("device_id", flat=True))
    return [one for one in states if one.device_id not in known]


def min_pk(states: Sequence[DeviceState]) -> int:
    """Return the number of the earliest state, 0 without any."""
    return min((one.pk for one in states), default=0)
