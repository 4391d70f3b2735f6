"""Put a device right by hand: some values, with the reason; where it came from stays with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.ledger.columns import attributes_for
from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.ledger.acts import (
    ActRefusedError,
    again,
    begin,
    devices_by_site,
    end,
    in_force,
    restate_all,
    silence_of,
)
from jigai.platform.ledger.models import Act, Device
from jigai.platform.ledger.services import hidden
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.undoing import line_of
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import Actor

_NOT_TYPED: Final = ("provenance", "derived")
_ELSEWHERE: Final = ("enterprise", "photo")
"""Attributes that are not put right by typing: whose it is, and photos."""


def editable(actor: Actor, device: Device, known: Mapping[str, Any]) -> list[Attribute]:
    """Return the attributes one may put right of a device: those of its kind, and whatever is known of it."""
    without = hidden(actor)
    return [
        item
        for item in attributes_for(device.kind)
        if item.role not in _NOT_TYPED and item.name not in _ELSEWHERE and item.name not in without
    ]


def edit(actor: Actor, device: int, version: int, changes: Mapping[str, Any], reason: str) -> Act:
    """Put values right (None takes one away); all others stay.

    Raises:
        Http404: the device is not in scope, or gone.
        ActRefusedError: no reason, nothing changed, or somebody else changed it meanwhile.
    """
    ((site, (known,)),) = devices_by_site(actor, [device])
    if known.version != version:
        raise ActRefusedError(_("刚被别人改动过，已为您刷新，请核对后再改。"))
    if not reason.strip():
        raise ActRefusedError(_("请写明原因和依据，例如“现场核对铭牌”。"))
    state = in_force([device])[device]
    real = {name: value for name, value in changes.items() if state.values.get(name) != value}
    if not real:
        raise ActRefusedError(_("没有改动任何一项。"))
    values = {name: value for name, value in {**state.values, **real}.items() if value is not None}
    act = begin(actor, "edit", site, reason, silence_of([known]))
    devices = restate_all(actor, act, site, [again(state, values)], "edit", reason)
    before = {name: state.values.get(name) for name in real}
    record(actor, "device.edit", known, before=before, after=real, reason=reason)
    return end(actor, act, devices)


def choose_line(actor: Actor, device: int, line: int | None) -> Event:
    """Say which production line a device belongs to, or that it belongs to none; the event can be taken back.

    Raises:
        Http404: the device or the line is not in scope, or the line is of another site.
    """
    ((site, (known,)),) = devices_by_site(actor, [device])
    chosen = line_of(site, line)
    before = {"line": known.line_id, "version": known.version}
    known.line = chosen
    known.version += 1
    known.save(update_fields=["line", "version"])
    return record(actor, "device.line", known, before=before, after={"line": line, "version": known.version})


def screen_again(actor: Actor, acts: Iterable[Act]) -> Run | None:
    """Have the sites of acts screened, so that the findings in force follow; a run that waits for them anyway will do.

    Returns None where the one who acts starts no runs: the next one of their site takes the change up.
    """
    actor.require(CAPABILITY)
    sites = sorted({one.site_id for one in acts if one.site_id})
    sites += [one.details["from_site"] for one in acts if "from_site" in one.details]
    if not sites or not actor.may(screening.RUN):
        return None
    today = timezone.localdate()
    waiting = Run.objects.filter(state=Run.State.WAITING, rehearsal=False, as_of=today, sites=sorted(set(sites)))
    return waiting.first() or screening.start(actor, sorted(set(sites)), today)
