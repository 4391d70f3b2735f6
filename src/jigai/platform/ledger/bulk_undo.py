"""Take a whole bulk back: what it added and changed, as far as nothing was said since and nothing hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.jobs.services import submit
from jigai.platform.ledger.acts import REASON, Said, again, begin, restate_all
from jigai.platform.ledger.bulk import BulkRefusedError, get_bulk
from jigai.platform.ledger.models import Act, Bulk, Device, DeviceState, OpenLine
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.undoing import finish, former
from jigai.platform.walls.actor import Actor


@dataclass
class Left:
    """What came of taking an act back: devices restored, and those that could not be, each with the reason."""

    restored: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def noted(actor: Actor, bulk: Bulk, numbers: Iterable[int]) -> Iterator[None]:
    """Note what taking files in does to their sites, an act for each site, so that it can be taken back."""
    sites = list(Site.objects.select_for_update().filter(pk__in=list(numbers)).order_by("pk"))
    before = timezone.now()
    quiet = {one.pk: one.silent_since for one in Device.objects.filter(site__in=sites, silent_since__isnull=False)}
    yield
    for site in sites:
        _note(actor, bulk, site, before, quiet)


def _note(actor: Actor, bulk: Bulk, site: Site, before: datetime, quiet: dict[int, datetime | None]) -> None:
    states = DeviceState.objects.filter(site=site, how="upload", act=None, recorded_at__gte=before)
    asked = OpenLine.objects.filter(site=site, settled_at=None, recorded_at__gte=before)
    silent = {one.pk: one.silent_since for one in Device.objects.filter(site=site, silent_since__isnull=False)}
    heard = Device.objects.filter(site=site, pk__in=[pk for pk in quiet if pk not in silent])
    details: dict[str, Any] = {
        "silenced": sorted(set(silent) - set(quiet)),
        "silent": {str(one.pk): quiet[one.pk].isoformat() for one in heard if quiet[one.pk]},  # type: ignore[union-attr]
        "asked": list(asked.values_list("pk", flat=True)),
    }
    act = begin(actor, "bulk", site, _("批量上传 %(bulk)s") % {"bulk": bulk}, details, bulk)
    touched = states.update(act=act)
    record(actor, "devices.bulk", act, after={"states": touched, "silenced": len(details["silenced"])})


def order(actor: Actor, bulk: Bulk, version: int, reason: str) -> Bulk:
    """Have a bulk taken back by a job.

    Raises:
        BulkRefusedError: no reason, changed meanwhile, nothing of it was taken in, or it was taken back before.
    """
    locked = get_bulk(actor, bulk.pk, lock=True)
    if locked.version != version:
        raise BulkRefusedError(_("刚被别人改动过，已为您刷新，请核对后再操作。"))
    if not reason.strip():
        raise BulkRefusedError(_("请写明为什么撤销这一批。"))
    if locked.state == Bulk.State.TAKING or not Act.objects.filter(bulk=locked, undone_at=None).exists():
        raise BulkRefusedError(_("这一批没有已入库、可撤销的内容。"))
    wanted = {"bulk": locked.pk, "reason": reason.strip()[:REASON]}
    locked.job_id = submit(actor, "ledger.bulk_undo", wanted, _("撤销批量入库 %(bulk)s") % {"bulk": locked}).pk
    locked.version += 1
    locked.save()
    return locked


def take_back_act(actor: Actor, act: Act, reason: str) -> Left:
    """Take one site's part of a bulk back, device by device where it can be."""
    actor.require(CAPABILITY)
    site = Site.objects.get(pk=act.site_id)
    states = list(act.states.select_related("device").order_by("pk"))
    before = former(states, act)
    left, said = Left(), {"back": list[Said](), "gone": list[Said]()}
    for one in states:
        why = _why_kept(one, act, one.device_id not in before)
        if why:
            left.kept.append((f"{one.device} {one.device.identifier}", why))
            continue
        was = before.get(one.device_id)
        said["gone" if was is None or was.how == "gone" else "back"].append(again(was or one))
    devices = [device for how, all_ in said.items() for device in restate_all(actor, None, site, all_, how, reason)]
    left.restored = len(devices)
    asked = OpenLine.objects.filter(pk__in=act.details.get("asked", []), settled_at=None)
    asked.update(settled_at=timezone.now(), settled_by=actor.label[:150])
    act.details["kept"] = left.kept
    act.save(update_fields=["details"])
    finish(actor, act, devices, reason)
    return left


def _why_kept(state: DeviceState, act: Act, new: bool) -> str:
    if state.superseded_at is not None:
        return _("之后又有登记或上报")
    if state.site_id != act.site_id:
        return _("已移到别的厂区")
    if new and state.device.held:
        return _("已有照片、异议或整改记录")
    return ""


def close(actor: Actor, pk: int, reason: str) -> None:
    """Mark a bulk whose acts were taken back: its files are kept, and can be handed in again."""
    bulk = Bulk.objects.select_for_update().get(pk=pk)
    bulk.files.filter(state="taken").update(state="undone", result={})
    bulk.state, bulk.undone_at = Bulk.State.UNDONE, timezone.now()
    bulk.version += 1
    bulk.save()
    record(actor, "ledger.undone", bulk, reason=reason)


def kept_of(bulk: Bulk) -> list[tuple[str, str]]:
    """Return what could not be taken back of a bulk, and why."""
    return [tuple(row) for act in bulk.acts.filter(undone_at__isnull=False) for row in act.details.get("kept", [])]
