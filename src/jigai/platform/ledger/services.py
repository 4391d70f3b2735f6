"""Read devices: one with all that is known of it, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.identifiers import NotAnIdentifierError, number_of
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.words import attribute_word, with_unit
from jigai.platform.walls.actor import Actor
from jigai.screening import Explanation, explain

VIEW = "ledger.view"
MOST_PICKED = 500
"""Devices ticked at once."""
_PLAIN = (
    "name",
    "model",
    "kind",
    "kind_reason",
    "code",
    "serial_no",
    "quantity",
    "maker",
    "workshop",
    "location",
    "remark",
)
"""Attributes that say who a device is; the others are its parameters."""
FINANCIAL = ("original_value", "net_value")
"""Attributes shown to those who may see financial figures alone."""


@dataclass(frozen=True)
class Value:
    """One parameter of a device: its name, its value with unit, the cell it stands in, and where it came from."""

    name: str
    label: str
    text: str
    cell: str
    origin: str
    conflict: str = ""


def get_device(actor: Actor, pk: int) -> Device:
    """Return a device in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    device = Device.objects.select_related("site", "line").filter(pk=pk).first()
    if device is None:
        raise Http404
    return device


def picked(actor: Actor, texts: Iterable[str]) -> list[Device]:
    """Return the devices ticked in a list, in order, at most :data:`MOST_PICKED`; ``Http404`` where one is not in
    scope or gone."""
    actor.require(VIEW)
    wanted = _numbers(texts)
    found = list(Device.objects.select_related("site").filter(pk__in=wanted, gone_at=None).order_by("pk"))
    if len(found) != len(wanted):
        raise Http404
    return found


def gone_since(actor: Actor, texts: Iterable[str]) -> Device | None:
    """Return the first of the devices ticked that is gone by now, None where all are there or out of sight."""
    actor.require(VIEW)
    return Device.objects.filter(pk__in=_numbers(texts), gone_at__isnull=False).order_by("pk").first()


def _numbers(texts: Iterable[str]) -> list[int]:
    return sorted({int(one) for one in texts if one.isdecimal() and len(one) < 16})[:MOST_PICKED]


def by_identifier(actor: Actor, text: str) -> Device:
    """Return the device an identifier names; ``Http404`` for a slip, and for what is not in scope."""
    try:
        number = number_of(text)
    except NotAnIdentifierError as error:
        raise Http404 from error
    return get_device(actor, number)


def states(device: Device) -> QuerySet[DeviceState]:
    """Return everything that was ever said of a device, the newest first."""
    return DeviceState.objects.filter(device=device).select_related("act").order_by("-recorded_at", "-pk")


def explained(state: DeviceState, as_of: date | None = None, industry: str = "") -> Explanation:
    """Judge one state anew and tell all steps, by what is in force on ``as_of`` (default: today).

    ``industry`` is the class of its site, where the ledger names none.
    """
    day = as_of or timezone.localdate()
    known = attribute_dtypes()
    given = {name: value for name, value in state.values.items() if name in known or name in {"name", "model"}}
    if industry:
        given.setdefault("industry_code", industry)
    return explain(reference(day), day, {name: given[name] for name in given if name != "quantity"})


def hidden(actor: Actor) -> frozenset[str]:
    """Return the attributes ``actor`` may not see."""
    return frozenset() if actor.may("finance.view") else frozenset(FINANCIAL)


def parameters(state: DeviceState, told: Explanation, without: frozenset[str] = frozenset()) -> list[Value]:
    """Return the parameters of a device: what the ledger says, what the nameplate adds, what is only inferred."""
    doubts = {one["attribute"]: one for one in told.conflicts}
    found = []
    for name, origin in told.origins.items():
        if name in _PLAIN or name in without or name not in attribute_dtypes():
            continue
        if origin == "ledger" and name not in state.values:
            continue  # known of the site, not said by the ledger
        doubt = doubts.get(name)
        said = f"{doubt['ledger_value']} ≠ {doubt['nameplate_value']}" if doubt else ""
        found.append(
            Value(
                name,
                attribute_word(name),
                with_unit(name, told.device[name]),
                state.cells.get(name, "") if origin == "ledger" else "",
                origin,
                said,
            )
        )
    return sorted(found, key=lambda one: {"ledger": 0, "nameplate": 1, "inferred": 2}[one.origin])


def changes(
    history: list[DeviceState], without: frozenset[str] = frozenset()
) -> list[tuple[DeviceState, list[tuple[str, str, str]]]]:
    """Return each state, the newest first, with what it changed: (attribute, before, after) in words."""
    told = []
    for place, state in enumerate(history):
        former: dict[str, Any] = history[place + 1].values if place + 1 < len(history) else {}
        named = [name for name in {**former, **state.values} if name not in without]
        names = [name for name in named if former.get(name) != state.values.get(name)]
        pairs = [
            (
                attribute_word(name),
                with_unit(name, former[name]) if name in former else "—",
                with_unit(name, state.values[name]) if name in state.values else "—",
            )
            for name in names
        ]
        told.append((state, pairs if former else []))
    return told
