"""Checks at a site: which devices want a look, what each person read there, and the end of the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.services import VIEW
from jigai.platform.ledger.stating import restate
from jigai.platform.replies import listing_up, photos
from jigai.platform.replies.data import words
from jigai.platform.replies.forms import PREFIX, read_values
from jigai.platform.replies.models import CheckAnswer, CheckItem, SiteCheck
from jigai.platform.screening import obsolete
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import SiteRun
from jigai.platform.walls.actor import Actor

CHECK: Final = "site.check"
REASON: Final = "现场核对"
"""What the states that come of a check say as their reason; the note follows."""
SAME, DIFFERS = "same", "differs"


@dataclass(frozen=True)
class Progress:
    """How far a check is: devices answered, all devices, and those two people answered differently."""

    done: int
    total: int
    contested: int


def open_check(actor: Actor, site: int) -> SiteCheck:
    """List up the devices of a site that want a look; the check that is open already is returned as it is.

    Raises:
        Http404: the site is not in scope.
        ValidationError: nothing was screened yet, or nothing wants a look.
    """
    actor.require(CHECK)
    place = Site.objects.select_for_update(of=("self",)).filter(pk=site).first()
    if place is None:
        raise Http404
    known = SiteCheck.objects.filter(site=place, state=SiteCheck.State.OPEN).first()
    if known is not None:
        return known
    in_force = SiteRun.objects.select_related("run").filter(site=place, superseded_at__isnull=True).first()
    if in_force is None:
        raise ValidationError(_("这个厂区还没有筛查过，先发起筛查再建现场核对表。"))
    wanted = listing_up.wanted(place, in_force.run)
    if not wanted:
        raise ValidationError(_("这个厂区没有要到现场看的设备：必须淘汰的、线索和资料不足的都没有。"))
    made = SiteCheck.objects.create(
        run=in_force.run, opened_at=timezone.now(), opened_by=actor.label[:150], **place.scope_columns()
    )
    CheckItem.objects.bulk_create(
        [
            CheckItem(
                site_check=made, device_id=one.device, place=number, why=one.why, looks=one.looks, asks=one.asks,
                **place.scope_columns(),
            )
            for number, one in enumerate(wanted, 1)
        ],
        batch_size=500,
    )  # fmt: skip
    record(actor, "check.opened", made, after={"devices": len(wanted), "run": in_force.run_id})
    return made


def get(actor: Actor, pk: int) -> SiteCheck:
    """Return a check in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    found = SiteCheck.objects.select_related("site", "run", "run_after").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def progress(check: SiteCheck) -> Progress:
    """Return how far a check is."""
    items = CheckItem.objects.filter(site_check=check)
    return Progress(items.exclude(found="").count(), items.count(), items.filter(contested=True).count())


def answer(
    actor: Actor,
    item: int,
    *,
    key: str,
    found: str,
    given: Mapping[str, str],
    note: str = "",
    proofs: Sequence[int] = (),
    read_at: datetime | None = None,
) -> CheckItem:
    """Write down what one person read at a device; what differs from the ledger becomes its state at once.

    Args:
        actor: who stands at the device.
        item: number of the line on the site list.
        key: what the phone sent it under; sent again under the same key, it is not written twice.
        found: a key of ``founds.csv``.
        given: attribute → what was written; empty where nothing was read.
        note: a remark.
        proofs: numbers of photos of this device.
        read_at: when it was read, where it was sent later.

    Raises:
        Http404: not in scope.
        ValidationError: the check is closed, or something written cannot be read; by attribute (``v_model``).
    """
    actor.require(CHECK)
    one = (
        CheckItem.objects.select_for_update(of=("self",)).select_related("site_check", "device").filter(pk=item).first()
    )
    if one is None:
        raise Http404
    if CheckAnswer.objects.filter(item=one, key=key).exists():
        return one
    if one.site_check.state != SiteCheck.State.OPEN:
        raise ValidationError(_("这张核对表已经结束，没有保存。请新建一张再填。"))
    values, found = _read(one, found, given, note, proofs)
    own = photos.own(one.device, proofs)
    one.contested = _contradicts(actor, one, found, values)
    _state(actor, one, found, values, note)
    CheckAnswer.objects.create(
        item=one, key=key[:40], found=found, values=values, note=note[:200], photos=own, read_at=read_at,
        recorded_at=timezone.now(), recorded_by=actor.label[:150], **one.scope_columns(),
    )  # fmt: skip
    one.found, one.answered_at, one.answered_by = found, timezone.now(), actor.label[:150]
    one.save(update_fields=["found", "contested", "answered_at", "answered_by"])
    record(actor, "check.answered", one, after={"found": found, "values": values, "photos": own}, reason=note)
    return one


def _read(
    one: CheckItem, found: str, given: Mapping[str, str], note: str, proofs: Sequence[int]
) -> tuple[dict[str, Any], str]:
    """Return the values read, and what was found: whoever says *same* and writes another value found it differs."""
    row = words("founds").get(found)
    if row is None:
        raise ValidationError({"found": _("请先选现场情况。")})
    if row.row["effect"] == "gone" and not (proofs or note.strip()):
        raise ValidationError({"note": _("已拆除的，请附照片或写明去向、日期和处置凭证。")})
    if row.row["values"] != "1":
        return {}, found
    values, faults = read_values(given, one.asks)
    if faults:
        raise ValidationError({PREFIX + name: fault for name, fault in faults.items()})
    known = _known(one)
    differs = any(name in known and known[name] != value for name, value in values.items())
    if found == DIFFERS and not differs and not any(name not in known for name in values):
        raise ValidationError({"found": _("没有填与台账不同的数值：一致的请选“与台账一致”。")})
    return values, DIFFERS if differs else SAME


def _known(one: CheckItem) -> dict[str, Any]:
    return dict(DeviceState.objects.get(device=one.device, superseded_at__isnull=True).values)


def _contradicts(actor: Actor, one: CheckItem, found: str, values: Mapping[str, Any]) -> bool:
    """Say whether somebody else read something different last."""
    last = one.answers.exclude(recorded_by=actor.label[:150]).order_by("-pk").first()
    if last is None:
        return False
    shared = set(values) & set(last.values)
    apart = any(values[name] != last.values[name] for name in shared)
    kinds = words("founds")
    return apart or kinds[last.found].row["values"] != kinds[found].row["values"]


def _state(actor: Actor, one: CheckItem, found: str, values: Mapping[str, Any], note: str) -> None:
    """Say anew what the device is, where something was read that the ledger does not have."""
    known = _known(one)
    reason = f"{REASON}：{note}" if note else REASON
    if words("founds")[found].row["effect"] == "gone":
        gone = restate(actor, one.device_id, known, "gone", reason)
        obsolete.close(actor.label, [gone], timezone.localdate(), reason)
    elif any(known.get(name) != value for name, value in values.items()):
        _there(actor, restate(actor, one.device_id, {**known, **values}, "edit", reason), reason)
    elif one.device.gone_at is not None and words("founds")[found].row["effect"] == "values":
        _there(actor, restate(actor, one.device_id, known, "back", reason), reason)


def _there(actor: Actor, device: Device, reason: str) -> None:
    obsolete.reopen(actor.label, [device], reason)


def close(actor: Actor, pk: int, today: date, *, version: int | None = None) -> SiteCheck:
    """End a check: its site is judged again by what is in force ``today``.

    Raises:
        ValidationError: closed already, nothing answered, or two people's answers still differ.
    """
    actor.require(CHECK)
    get(actor, pk)
    check = SiteCheck.objects.select_for_update(of=("self",)).get(pk=pk)
    if check.state != SiteCheck.State.OPEN or (version is not None and version != check.version):
        raise ValidationError(_("这张核对表已经结束。"))
    far = progress(check)
    if far.contested:
        raise ValidationError(_("还有 %(n)d 台两人填的不一样，请先到现场定下来。") % {"n": far.contested})
    if not far.done:
        raise ValidationError(_("一台都还没有核对。"))
    check.state, check.closed_at, check.closed_by = SiteCheck.State.CLOSED, timezone.now(), actor.label[:150]
    check.version += 1
    title = _("现场核对后筛查：%(site)s") % {"site": check.site}
    check.run_after = screening.start(actor, [check.site_id], today, title=title)
    check.save()
    record(actor, "check.closed", check, after={"done": far.done, "total": far.total, "run": check.run_after_id})
    return check
