"""The page that prints labels of devices."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jigai.platform.ledger.act_views import nothing_picked
from jigai.platform.ledger.labels import SHEET, sheets, sizes
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.services import picked
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


def address_of(request: SiteRequest, device: Device) -> str:
    """Return where the label of a device leads, whole with host: the one people use, where the site names it.

    A label lives for years; one printed at the server itself must not say ``localhost``.
    """
    path = reverse("ledger:identified", args=[device.identifier])
    named = settings.SITE_URL.rstrip("/")
    return request.build_absolute_uri(path) if urlsplit(named).hostname == "localhost" else f"{named}{path}"


@needs("ledger.view")
def sheet(request: SiteRequest) -> HttpResponse:
    """Show the labels of the ticked devices as they come out of the printer."""
    devices = picked(request.actor, request.GET.getlist("pick"))
    if not devices:
        return nothing_picked(request, reverse("ledger:list"))
    size = sizes().get(request.GET.get("size", ""), next(iter(sizes().values())))
    text = request.GET.get("skip", "")
    skip = min(int(text), size.per_sheet - 1) if text.isdecimal() and len(text) < 4 else 0
    context = {
        "devices": devices,
        "pages": sheets(devices, [address_of(request, one) for one in devices], size, skip),
        "size": size,
        "sizes": sizes().values(),
        "skip": skip,
        "most": size.per_sheet - 1,
        "paper": SHEET,
    }
    return render(request, "ledger/labels.html", context)
