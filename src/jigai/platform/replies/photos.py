"""Photos of devices: taken in once, shown through the scope of who asks, withdrawn but never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.imports import storage
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.services import VIEW, get_device
from jigai.platform.replies.data import limit
from jigai.platform.replies.models import Photo
from jigai.platform.replies.pictures import PhotoRefusedError, read_picture
from jigai.platform.walls.actor import Actor

ADD: Final = "photo.add"


def add(actor: Actor, device: int, data: bytes, *, file_name: str = "", note: str = "", key: str = "") -> Photo:
    """Keep a photo of a device: the original untouched under its hash, and a small copy without its data.

    Args:
        actor: who hands it in; sees the device.
        device: number of the device.
        data: the file as it came.
        file_name: what it was called.
        note: what it shows.
        key: what the sender calls it; sent again under the same key, or the same picture again, it is not doubled.

    Raises:
        Http404: the device is not in scope.
        PhotoRefusedError: it is no photo we take; the text says why and what to do.
        StorageFullError: there is no room.
    """
    actor.require(ADD)
    one = get_device(actor, device)
    picture = read_picture(data)
    Device.objects.select_for_update(of=("self",)).get(pk=one.pk)  # the same photo sent twice at once is one
    known = Photo.objects.filter(device=one)
    if key and (sent := known.filter(key=key).first()):
        return sent
    content_hash = storage.keep(data)
    if same := known.filter(content_hash=content_hash, withdrawn_at__isnull=True).first():
        return same
    if known.filter(withdrawn_at__isnull=True).count() >= limit("photos_a_device"):
        most = limit("photos_a_device")
        raise PhotoRefusedError(_("这台设备已有 %(n)d 张照片，请先撤下用不着的再加。") % {"n": most})
    made = Photo.objects.create(
        device=one,
        key=key[:40],
        content_hash=content_hash,
        preview_hash=storage.keep(picture.preview),
        size=len(data),
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        camera=picture.camera,
        latitude=picture.latitude,
        longitude=picture.longitude,
        file_name=file_name[-200:],
        note=note[:200],
        received_at=timezone.now(),
        received_by=actor.label[:150],
        **one.scope_columns(),
    )
    hold(one)
    record(actor, "photo.added", made, after={"device": one.pk, "sha256": content_hash, "file": made.file_name})
    return made


def hold(device: Device) -> None:
    """Note that something hangs on this very machine, so that it is not mixed up with one like it."""
    Device.objects.filter(pk=device.pk, held=False).update(held=True)


def get_photo(actor: Actor, pk: int) -> Photo:
    """Return a photo in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    photo = Photo.objects.select_related("device").filter(pk=pk).first()
    if photo is None:
        raise Http404
    return photo


def of_device(device: Device) -> list[Photo]:
    """Return the photos of a device, the newest first, those withdrawn last."""
    return sorted(Photo.objects.filter(device=device).order_by("-pk"), key=lambda one: one.withdrawn_at is not None)


def own(device: Device, numbers: Sequence[int]) -> list[int]:
    """Return those of ``numbers`` that are photos of this device and not withdrawn, in their order."""
    found = set(Photo.objects.filter(device=device, withdrawn_at__isnull=True).values_list("pk", flat=True))
    return [number for number in dict.fromkeys(numbers) if number in found]


def may_see_place(actor: Actor, photo: Photo) -> bool:
    """Say whether ``actor`` may know where a photo was taken: the enterprise itself and its managing unit."""
    if actor.organisation is not None and actor.organisation.pk == photo.org_id:
        return True
    return bool(photo.manager_code) and photo.manager_code in actor.scope.managers


def preview(actor: Actor, pk: int) -> bytes:
    """Return the small copy of a photo (JPEG); ``FileNotFoundError`` where the store has lost it."""
    return storage.read(get_photo(actor, pk).preview_hash)


def original(actor: Actor, pk: int) -> tuple[Photo, bytes]:
    """Return a photo with its original, place and all: for those who may know where it was taken.

    Raises:
        PermissionDenied: ``actor`` sees the photo, but not its place.
        FileNotFoundError: the store has lost it.
    """
    photo = get_photo(actor, pk)
    if not may_see_place(actor, photo):
        raise PermissionDenied("photo.original")
    data = storage.read(photo.content_hash)
    record(actor, "photo.fetched", photo, after={"sha256": photo.content_hash})
    return photo, data


def withdraw(actor: Actor, pk: int, reason: str) -> Photo:
    """Take a photo out of what counts, with a reason; it stays readable. Whoever added it, or its managing unit, may.

    Raises:
        PhotoRefusedError: withdrawn already, or without a reason.
        PermissionDenied: it is somebody else's.
    """
    actor.require(ADD)
    photo = get_photo(actor, pk)
    if not may_see_place(actor, photo):
        raise PermissionDenied("photo.withdraw")
    if not reason.strip():
        raise PhotoRefusedError(_("请写明撤下的原因。"))
    if photo.withdrawn_at is not None:
        raise PhotoRefusedError(_("这张照片已经撤下。"))
    photo.withdrawn_at, photo.withdrawn_by = timezone.now(), actor.label[:150]
    photo.withdrawn_reason = reason.strip()[:200]
    photo.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(actor, "photo.withdrawn", photo, after={"device": photo.device_id}, reason=reason)
    return photo
