"""Devices a whole ledger no longer names: a person says that they are dismantled, moved, sold, or still there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import Site
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
from jigai.platform.ledger.relocating import relocate
from jigai.platform.screening import obsolete
from jigai.platform.walls.actor import Actor

DISMANTLED = "已拆除"


def silent() -> QuerySet[Device]:
    """Return the devices of one's scope that wait for this."""
    return Device.objects.filter(silent_since__isnull=False, gone_at=None)


def dismantled(actor: Actor, devices: Iterable[int], on: date, record_no: str, today: date) -> list[Act]:
    """Say that devices were dismantled on a day, with the number of the disposal record (D11).

    They leave lists, counts and runs; their pages and history stay.

    Raises:
        Http404: a device is not in scope, or gone already.
        ActRefusedError: the day is to come, or the record is not named.
    """
    if on > today:
        raise ActRefusedError(_("拆除日期在今天之后。还没有拆的设备请选“仍在”。"))
    if not record_no.strip():
        raise ActRefusedError(_("请填处置记录编号（报废审批单、处置合同或注销单号）。"))
    reason = _("%(day)s 拆除，处置记录 %(no)s") % {"day": on.isoformat(), "no": record_no.strip()}
    details = {"on": on.isoformat(), "record_no": record_no.strip()}
    return _gone(actor, devices, reason, details, use_state=DISMANTLED)


def sold(actor: Actor, devices: Iterable[int], on: date, buyer: str, today: date) -> list[Act]:
    """Say that devices were sold or handed over to somebody outside; they leave lists, counts and runs."""
    if on > today:
        raise ActRefusedError(_("移交日期在今天之后。移交后再来登记。"))
    if not buyer.strip():
        raise ActRefusedError(_("请填接收单位名称。"))
    reason = _("%(day)s 售予或移交 %(buyer)s") % {"day": on.isoformat(), "buyer": buyer.strip()}
    return _gone(actor, devices, reason, {"on": on.isoformat(), "buyer": buyer.strip()})


def moved(actor: Actor, devices: Iterable[int], site: int, reason: str = "") -> list[Act]:
    """Say that devices stand at another site of the same enterprise now; history and findings go with them.

    Raises:
        Http404: a device or the site is not in scope.
        ActRefusedError: the site is the same, or of another enterprise.
    """
    made = []
    for old, found in devices_by_site(actor, devices):
        to = Site.objects.filter(pk=site, active=True).first()
        if to is None or to.legal_person_id != old.legal_person_id:
            raise ActRefusedError(_("只能移到同一企业的其他厂区。移交给别的企业请选“售予或移交”。"))
        if to.pk == old.pk:
            raise ActRefusedError(_("设备本来就在“%(site)s”。") % {"site": to.name})
        lines = {str(one.pk): one.line_id for one in found if one.line_id}
        details = silence_of(found) | {"from_site": old.pk, "to_site": to.pk, "from_line": lines}
        why = reason or _("由%(old)s移到%(new)s") % {"old": old.name, "new": to.name}
        relocate([one.pk for one in found], to.pk)
        act = begin(actor, "moved", to, why, details)
        said = [again(state) for state in in_force(one.pk for one in found).values()]
        made.append(end(actor, act, restate_all(actor, act, to, said, "moved", why)))
    return made


def still_there(actor: Actor, devices: Iterable[int], reason: str) -> list[Act]:
    """Say that devices are there although the ledger left them out.

    Raises:
        Http404: a device is not in scope.
        ActRefusedError: no reason is given.
    """
    if not reason.strip():
        raise ActRefusedError(_("请写明为什么台账里没有。"))
    made = []
    for site, found in devices_by_site(actor, devices):
        act = begin(actor, "still", site, reason, silence_of(found))
        said = [again(state) for state in in_force(one.pk for one in found).values()]
        made.append(end(actor, act, restate_all(actor, act, site, said, "still", reason)))
    return made


def _gone(actor: Actor, devices: Iterable[int], reason: str, details: dict[str, str], use_state: str = "") -> list[Act]:
    made = []
    for site, found in devices_by_site(actor, devices):
        act = begin(actor, "gone", site, reason, silence_of(found) | details)
        more = {"use_state": use_state} if use_state else {}
        states = in_force(one.pk for one in found).values()
        said = [again(state, {**state.values, **more}) for state in states]
        gone = restate_all(actor, act, site, said, "gone", reason)
        obsolete.close(actor.label, gone, date.fromisoformat(details["on"]), reason, act)
        made.append(end(actor, act, gone))
    return made
