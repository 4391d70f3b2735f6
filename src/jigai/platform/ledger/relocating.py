"""A device that stands at another site now takes along its states, its findings, and what must go of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.apps import apps
from django.http import Http404

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Device, DeviceState


def relocate(devices: Sequence[int], site: int, lines: Mapping[str, int] | None = None) -> Site:
    """Move devices to a site: rows, states, findings and what must go of them; production lines stay behind.

    Args:
        devices: numbers of the devices.
        site: number of the site, in scope.
        lines: device → production line there, for devices that come back to theirs.

    Raises:
        Http404: the site is not in scope.
    """
    to = Site.objects.filter(pk=site).first()
    if to is None:
        raise Http404
    columns = to.scope_columns()
    DeviceState.objects.filter(device__in=devices).update(**columns)
    for judged in ("Finding", "RestsOn", "ObsoleteStep"):
        apps.get_model("screening", judged).objects.filter(device__in=devices).update(**columns)
    Device.objects.filter(pk__in=devices).update(legal_person=to.legal_person_id, line=None, **columns)
    for number, line in (lines or {}).items():
        Device.objects.filter(pk=int(number)).update(line=line)
    return to
