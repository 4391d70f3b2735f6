"""What is noted about an entry: calls, comments on devices and files with their answers, spot checks."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.campaigns.data import rule
from jigai.platform.campaigns.models import Campaign, Entry, Note
from jigai.platform.enterprises.rules import governs
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.taking import CAPABILITY as TAKE
from jigai.platform.walls.actor import Actor

VERIFY = "campaign.verify"
CHECKS = (Note.Kind.MATCHES, Note.Kind.DIFFERS)


def notes_of(actor: Actor, entry: Entry) -> QuerySet[Note]:
    """Return what was noted, the newest first; calls are shown to the authorities alone, answers stand below."""
    rows = Note.objects.filter(entry=entry, answers__isnull=True).select_related("device")
    rows = rows.prefetch_related("replies").order_by("-pk")
    return rows if governs(actor) else rows.exclude(kind=Note.Kind.CALL)


def add(actor: Actor, entry: Entry, kind: str, text: str, *, device: int | None = None, file_name: str = "") -> Note:
    """Note a call, a comment or a spot check.

    Args:
        actor: who notes it; needs ``campaign.verify``.
        entry: about whom.
        kind: *call*, *comment*, *matches*, *differs*.
        text: what; a spot check that matches needs none.
        device: which device it is about; a spot check needs one.
        file_name: which file it is about.

    Raises:
        ValidationError: something is missing, the device is not of this site, or the survey is over.
    """
    actor.require(VERIFY)
    if kind not in set(Note.Kind) - {Note.Kind.ANSWER}:
        raise ValidationError({"kind": _("请选择记录的类别。")})
    if not text.strip() and kind != Note.Kind.MATCHES:
        raise ValidationError({"text": _("请写明内容。")})
    about = Device.objects.filter(pk=device or 0, site=entry.site).first()
    if (device and about is None) or (kind in CHECKS and about is None):
        raise ValidationError({"device": _("这台设备不在本厂区的台账里，请重新选择。")})
    return _noted(actor, entry, kind=kind, text=text, device=about, file_name=file_name)


def answer(actor: Actor, entry: Entry, number: int, text: str) -> Note:
    """Answer a comment or a spot check for the enterprise.

    Raises:
        PermissionDenied: neither the enterprise's equipment keeper nor its head.
        ValidationError: the answer is empty, or there is no such comment.
    """
    actor.require(TAKE)
    asked = Note.objects.filter(entry=entry, pk=number, answers__isnull=True).exclude(kind=Note.Kind.CALL).first()
    if asked is None or not text.strip():
        raise ValidationError({"text": _("请写明答复。")})
    return _noted(actor, entry, kind=Note.Kind.ANSWER, text=text, answers=asked)


def unanswered(entry: Entry) -> int:
    """Return how many comments and failed spot checks have no answer yet."""
    rows = Note.objects.filter(entry=entry, kind__in=(Note.Kind.COMMENT, Note.Kind.DIFFERS), replies__isnull=True)
    return rows.count()


def drawn(entry: Entry) -> list[tuple[Device, Note | None]]:
    """Return the devices drawn for spot checks, each with its check: the same ones for everybody who looks.

    Drawn by a hash of entry and device, so nobody can choose them, and devices added later change the draw little.
    """
    devices = Device.objects.filter(site=entry.site, gone_at__isnull=True).values_list("pk", flat=True)
    mark = f"{entry.campaign_id}:{entry.pk}"
    chosen = sorted(devices, key=lambda pk: hashlib.sha256(f"{mark}:{pk}".encode()).digest())[: rule("spot_checks")]
    done = {one.device_id: one for one in Note.objects.filter(entry=entry, kind__in=CHECKS).order_by("pk")}
    found = Device.objects.in_bulk([*chosen, *(pk for pk in done if pk and pk not in chosen)])
    return [(found[pk], done.get(pk)) for pk in found]


def _noted(actor: Actor, entry: Entry, **fields: object) -> Note:
    if entry.campaign.status != Campaign.Status.RUNNING:
        raise ValidationError(_("摸排已经结束或还没有开始，不能办理。"))
    fields["text"] = str(fields["text"]).strip()[:500]
    fields["file_name"] = str(fields.get("file_name", ""))[:200]
    with transaction.atomic():
        made = Note(
            entry=entry,
            recorded_at=timezone.now(),
            recorded_by=actor.label[:150],
            **fields,
            **entry.scope_columns(),
        )
        made.save()
        record(actor, "campaign.noted", entry, after={"kind": made.kind, "text": made.text, "device": made.device_id})
    return made
