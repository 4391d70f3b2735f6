"""Take back what was said of devices in one step: the former states are said again, nothing is removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Line, Site
from jigai.platform.ledger.acts import REASON, ActRefusedError, Said, again, restate_all, stands
from jigai.platform.ledger.models import Act, Device, DeviceState, OpenLine
from jigai.platform.ledger.relocating import relocate
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.screening import obsolete
from jigai.platform.walls.actor import Actor


def get_act(actor: Actor, pk: int) -> Act:
    """Return an act in scope, locked; ``Http404`` for anything else."""
    actor.require(CAPABILITY)
    act = Act.objects.select_for_update(of=("self",)).select_related("site").filter(pk=pk).first()
    if act is None:
        raise Http404
    return act


def take_back(actor: Actor, act: Act, reason: str = "") -> Act:
    """Take an act back: its devices are what they were, those it made are gone, its lines are open again.

    Raises:
        ActRefusedError: something was said since, hangs on a device it made, or it is part of a bulk.
    """
    actor.require(CAPABILITY)
    if act.what == "bulk":
        raise ActRefusedError(_("这是整批入库的，请到批量上传页撤销这一批。"))
    if refused := stands(act):
        raise ActRefusedError(refused)
    said = _restore_devices(actor, act, list(act.states.order_by("pk")), reason)
    finish(actor, act, said, reason)
    return act


def finish(actor: Actor, act: Act, devices: Sequence[Device], reason: str) -> None:
    """Restore what an act changed beside the states, and mark it as taken back."""
    _restore_silence(act)
    obsolete.taken_back(actor.label, act, devices)
    OpenLine.objects.filter(act=act).update(settled=None, settled_at=None, settled_by="", act=None)
    act.undone_at, act.undone_by = timezone.now(), actor.label[:150]
    act.save(update_fields=["undone_at", "undone_by"])
    after = {"devices": [one.identifier for one in devices]}
    record(actor, f"devices.{act.what}.undone", act, after=after, reason=reason or _("撤销"))


def former(states: Iterable[DeviceState], act: Act) -> dict[int, DeviceState]:
    """Return the state of each device before the act; devices the act made have none."""
    mine = {one.device_id: one.pk for one in states}
    older = DeviceState.objects.filter(device__in=mine).exclude(act=act)
    last = older.filter(pk__lt=max(mine.values(), default=0)).values("device").annotate(last=Max("pk"))
    return {one.device_id: one for one in DeviceState.objects.filter(pk__in=[row["last"] for row in last])}


def _restore_devices(actor: Actor, act: Act, states: Sequence[DeviceState], reason: str) -> list[Device]:
    before = former(states, act)
    site = _back_to(act, [one.device_id for one in states])
    why = (reason or _("撤销"))[:REASON]
    back: dict[str, list[Said]] = {"back": [], "gone": []}
    for one in states:
        was = before.get(one.device_id)
        back["gone" if was is None or was.how == "gone" else "back"].append(again(was or one))
    return [device for how, said in back.items() for device in restate_all(actor, None, site, said, how, why)]


def _back_to(act: Act, devices: Sequence[int]) -> Site:
    """Return the site the devices are of once the act is taken back; a move is turned round first."""
    if "from_site" in act.details:
        return relocate(devices, act.details["from_site"], act.details.get("from_line", {}))
    site = Site.objects.filter(pk=act.site_id or 0).first()
    if site is None:
        raise Http404
    return site


def _restore_silence(act: Act) -> None:
    for number, since in act.details.get("silent", {}).items():
        Device.objects.filter(pk=int(number), gone_at=None).update(silent_since=datetime.fromisoformat(since))
    silenced = act.details.get("silenced", [])
    if silenced:
        Device.objects.filter(pk__in=silenced).update(silent_since=None)


def line_of(site: Site, number: int | None) -> Line | None:
    """Return a production line of a site, None for no number; ``Http404`` for a line of another site."""
    if number is None:
        return None
    found = Line.objects.filter(pk=number, site=site).first()
    if found is None:
        raise Http404
    return found
