"""Photos: taken in, shown small, handed out whole to those who may, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.imports.storage import StorageFullError
from jigai.platform.ledger.services import get_device
from jigai.platform.replies import photos
from jigai.platform.replies.forms import WithdrawPhotoForm
from jigai.platform.replies.pictures import PhotoRefusedError, content_of
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
SHOWN_FOR = 3600
"""Seconds a browser may keep a small copy; it never changes."""


@require_POST
@needs(photos.ADD)
def add(request: SiteRequest, pk: int) -> HttpResponse:
    """Take photos of a device in, and go back to its page."""
    device = get_device(request.actor, pk)
    taken = 0
    given = request.FILES.getlist("photos")
    for file in given:
        try:
            photos.add(request.actor, pk, content_of(file), file_name=file.name or "")
            taken += 1
        except PhotoRefusedError as error:
            messages.error(request, _("%(file)s 没有收：%(why)s") % {"file": file.name, "why": error})
        except StorageFullError as error:
            messages.error(request, error.strerror or str(error))
            break
    if taken:
        messages.success(request, _("已收 %(n)d 张照片，原件留存。") % {"n": taken})
    elif not given:
        messages.error(request, _("请先拍照或选择照片。"))
    return redirect(reverse("ledger:device", args=[device.pk]) + "#photos")


@needs("ledger.view")
def preview(request: SiteRequest, pk: int) -> HttpResponse:
    """Show the small copy, which carries nothing but pixels."""
    return _served(_read(lambda: photos.preview(request.actor, pk)), "image/jpeg", f"{pk}.jpg", whole=False)


@needs("ledger.view")
def original(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand out the original, untouched: to the enterprise and its managing unit."""
    photo, data = _read(lambda: photos.original(request.actor, pk))
    name = f"{photo.device.identifier}_{photo.content_hash[:8]}.{ENDINGS[photo.media_type]}"
    return _served(data, photo.media_type, name, whole=True)


def _read(fetch: Any) -> Any:
    try:
        return fetch()
    except FileNotFoundError as error:
        raise Http404 from error


def _served(data: bytes, media_type: str, name: str, *, whole: bool) -> HttpResponse:
    """Answer with a picture as that and nothing else: never guessed at, never run, never kept by others."""
    answer = HttpResponse(data, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store" if whole else f"private, max-age={SHOWN_FOR}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=whole, filename=name) or "inline"
    return answer


@needs(photos.ADD)
def withdraw(request: SiteRequest, pk: int) -> HttpResponse:
    """Take a photo out of what counts, with the reason."""
    photo = photos.get_photo(request.actor, pk)
    back = reverse("ledger:device", args=[photo.device_id]) + "#photos"

    def act(values: dict[str, Any], version: int) -> Done:
        try:
            photos.withdraw(request.actor, pk, values["reason"])
        except PhotoRefusedError as error:
            raise ValidationError(str(error)) from error
        return Done(back, _("照片已撤下，记录可查。"))

    return form_page(
        request, WithdrawPhotoForm, act, title=_("撤下照片"), back=back, button=_("撤下"), sub=str(photo.device)
    )
