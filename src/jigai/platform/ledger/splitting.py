"""A line of several machines becomes numbered machines, and devices that were one become one (D10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from jigai.platform.ledger.acts import (
    REASON,
    ActRefusedError,
    Said,
    add_all,
    again,
    begin,
    devices_by_site,
    end,
    in_force,
    restate_all,
    silence_of,
)
from jigai.platform.ledger.models import Act, Device
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.screening import obsolete
from jigai.platform.walls.actor import Actor

MOST: Final = 200
"""Machines one line is split into at once."""
_RANGE: Final = re.compile(r"^(?P<head>.*?)(?P<first>\d+)\s*[~～至—–-]+\s*(?P<same>(?P=head))?(?P<last>\d+)$")


def proposed_numbers(device: Device, count: int) -> list[str]:
    """Return own numbers for the machines of a line: those its number spells out (A1~A3), else A1-1, A1-2 …"""
    code = device.code.strip()
    ranged = _RANGE.match(code)
    if ranged and (first := int(ranged["first"])) + (device.quantity or 0) - 1 == int(ranged["last"]):
        width = len(ranged["first"])
        return [f"{ranged['head']}{first + place:0{width}d}" for place in range(count)]
    head = code or device.identifier
    return [f"{head}-{place + 1}" for place in range(count)]


def split(actor: Actor, device: int, version: int, numbers: Sequence[str], reason: str) -> Act:
    """Split machines off a line, one device for each own number; the line keeps the rest of its quantity.

    Where all are split off, the line itself becomes the first machine, so that what hangs on it stays.

    Raises:
        Http404: the device is not in scope.
        ActRefusedError: changed meanwhile, not that many machines, a number twice or taken.
    """
    ((site, (known,)),) = devices_by_site(actor, [device])
    if known.version != version:
        raise ActRefusedError(_("刚被别人改动过，已为您刷新，请核对后再操作。"))
    wanted = [one.strip() for one in numbers if one.strip()]
    _check_split(known, wanted)
    state = in_force([device])[device]
    left = (known.quantity or 0) - len(wanted)
    act = begin(actor, "split", site, reason, silence_of([known]))
    own = wanted if left else wanted[1:]
    single = {**state.values, "quantity": 1}
    said = [Said({**single, "code": code}, again(state).source) for code in own]
    parts = add_all(actor, act, site, said, "split", _("由 %(id)s 拆出") % {"id": known.identifier})
    rest = {**state.values, "quantity": left} if left else {**single, "code": wanted[0]}
    named = _("拆出 %(ids)s") % {"ids": "、".join(one.identifier for one in parts)}
    restate_all(actor, act, site, [again(state, rest)], "split", _with(reason, named))
    obsolete.split(actor.label, act, known, parts)
    return end(actor, act, [known, *parts], machines=len(wanted))


def _check_split(known: Device, wanted: Sequence[str]) -> None:
    if not known.quantity or known.quantity < 2:
        raise ActRefusedError(_("这一行只有一台，不用拆分。数量不对请先更正。"))
    if not wanted or len(wanted) > known.quantity or len(wanted) > MOST:
        most = min(known.quantity, MOST)
        raise ActRefusedError(_("请填 1 到 %(most)d 个编号，一行一个。") % {"most": most})
    if len(set(wanted)) != len(wanted):
        twice = next(one for one in wanted if list(wanted).count(one) > 1)
        raise ActRefusedError(_("编号“%(code)s”填了两次。每台要有自己的编号。") % {"code": twice})
    taken = Device.objects.filter(site=known.site_id, gone_at=None, code__in=list(wanted)).exclude(pk=known.pk).first()
    if taken:
        raise ActRefusedError(_("编号“%(code)s”已是另一台设备的，请换一个。") % {"code": taken.code})


def version_of(devices: Iterable[Device]) -> int:
    """Return the version of devices seen together. That of each only rises, so their sum changes whenever one does."""
    return sum(one.version for one in devices)


def merge(actor: Actor, keep: int, others: Iterable[int], version: int, values: Mapping[str, Any], reason: str) -> Act:
    """Say that several devices of a site are one: ``keep`` stays with ``values``, the others are gone into it.

    Args:
        actor: who says so.
        keep: number of the device that stays.
        others: numbers of those that are the same.
        version: of all of them together (`version_of`) as they were seen.
        values: what holds of the one that stays.
        reason: why they are one.

    Raises:
        Http404: a device is not in scope.
        ActRefusedError: one was changed or went meanwhile, no reason, one device alone, several sites, or something
            hangs on one that would go.
    """
    wanted = {keep, *others}
    actor.require(CAPABILITY)
    # Locked before it is asked whether each is still there: who comes second waits here, and then sees it is gone.
    locked = Device.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    if lost := next((one for one in locked if one.gone_at), None):
        raise ActRefusedError(not_there(lost))
    groups = devices_by_site(actor, wanted)
    if version_of(one for _site, devices in groups for one in devices) != version:
        raise ActRefusedError(_("刚被别人改动过，已为您刷新，请核对后再操作。"))
    if len(groups) != 1 or len(groups[0][1]) < 2:
        raise ActRefusedError(_("请选同一厂区的两台以上设备。"))
    if not reason.strip():
        raise ActRefusedError(_("请写明为什么是同一台。"))
    site, found = groups[0]
    kept = next(one for one in found if one.pk == keep)
    gone = [one for one in found if one.pk != keep]
    if held := next((one for one in gone if one.held), None):
        text = _("“%(what)s”已有照片、异议或整改记录，请把它选为保留的一台。")
        raise ActRefusedError(text % {"what": held})
    states = in_force(one.pk for one in found)
    act = begin(actor, "merge", site, reason, silence_of(found))
    into = _("并入 %(id)s") % {"id": kept.identifier}
    restate_all(actor, act, site, [again(states[one.pk]) for one in gone], "gone", _with(reason, into))
    named = _("并入了 %(ids)s") % {"ids": "、".join(one.identifier for one in gone)}
    restate_all(actor, act, site, [again(states[keep], values)], "merge", _with(reason, named))
    obsolete.merge(actor.label, act, gone, kept)
    return end(actor, act, [kept, *gone], kept=kept.identifier)


def not_there(device: Device) -> str:
    """Say that a device went since it was ticked, by whichever way, and what to do."""
    text = _("“%(what)s”（%(id)s）刚刚已被合并或登记了去向，不在清单里了；这次没有合并，请回到清单重新勾选。")
    return text % {"what": device, "id": device.identifier}


def _with(reason: str, named: str) -> str:
    """Put what was done behind the reason; a long list of devices is cut, the act names them all."""
    return f"{reason.strip()}（{named}）"[:REASON] if reason.strip() else named[:REASON]
