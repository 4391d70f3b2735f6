"""The devices of one upload, narrowed to what became of them; part of the list of devices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jigai.platform.imports.models import Upload
from jigai.platform.ledger.models import Device, DeviceState

OFFERED: Final = 5
"""Uploads offered in the filter, the newest first."""


def by_upload(rows: QuerySet[Device], text: str) -> QuerySet[Device]:
    """Narrow devices to those of an upload: ``12.new``, ``12.changed``, ``12.silent``, ``12.site``.

    What cannot be read, or is out of sight, narrows to nothing.
    """
    number, _dot, what = text.partition(".")
    upload = Upload.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if upload is None:
        return rows.none()
    if what == "site":
        return rows.filter(site=upload.site_id or 0)
    if what == "silent":
        return rows.filter(pk__in=upload.result.get("quiet", []))
    if what not in {"new", "changed"} or "since" not in upload.result:
        return rows.none()
    since = datetime.fromisoformat(upload.result["since"])
    # As a list of numbers: what the database makes of a query within the query depends on its statistics.
    named = set(DeviceState.objects.filter(upload=upload, recorded_at__gte=since).values_list("device_id", flat=True))
    when = {"created_at__gte": since} if what == "new" else {"created_at__lt": since}
    return rows.filter(pk__in=named, **when)


def upload_choices(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Return the newest ledgers that were taken in, each with what became of its lines."""
    words = {"new": _("新增"), "changed": _("更新"), "silent": _("未再上报")}
    rows = Upload.objects.filter(subject="ledger", state=Upload.State.DONE).order_by("-pk")[:OFFERED]
    found = [
        (f"{one.pk}.{what}", f"{one.file_name} {word}")
        for one in rows
        for what, word in words.items()
        if one.result.get(what)
    ]
    asked = request.GET.get("upload", "")
    known = {"site": _("本厂区"), **words}
    number, _dot, what = asked.partition(".")
    if what in known and asked not in dict(found) and number.isdecimal():
        found.append((asked, known[what]))
    return found
