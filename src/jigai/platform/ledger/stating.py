"""Say something of one device by hand: a new one, a value put right, gone, back again; every state stays (D16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.acts import Said, add_all, again, in_force, restate_all
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.walls.actor import Actor


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
    _check_names(values)
    (device,) = add_all(actor, None, place, [Said(values, source)], how, reason)
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
    # Locked before its state is read, so that nobody says something else of it in between.
    known = Device.objects.select_for_update(of=("self",)).select_related("site").filter(pk=device).first()
    if known is None:
        raise Http404
    _check_names(values)
    before = in_force([device])[device]
    (changed,) = restate_all(actor, None, known.site, [again(before, values)], how, reason)
    record(actor, f"device.{how}", changed, before=before.values, after=dict(values), reason=reason)
    return changed


def _check_names(values: Iterable[str]) -> None:
    if strays := set(values) - set(attribute_dtypes()):
        raise UnknownAttributeError(", ".join(sorted(strays)))
