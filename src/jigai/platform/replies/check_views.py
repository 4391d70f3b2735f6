"""Checks at sites: the list of them, one with its lines, the printed list, the phone form, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.enterprises.models import Site
from jigai.platform.imports.storage import StorageFullError
from jigai.platform.jobs.services import submit
from jigai.platform.replies import checks, photos, site_lists
from jigai.platform.replies.check_tables import CHECKS
from jigai.platform.replies.data import words
from jigai.platform.replies.forms import PREFIX, value_field
from jigai.platform.replies.models import CheckItem
from jigai.platform.replies.pictures import PhotoRefusedError, content_of
from jigai.platform.screening.models import SiteRun
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest


@needs("ledger.view")
def index(request: SiteRequest) -> HttpResponse:
    """List checks; start one at a site that was screened."""
    screened = SiteRun.objects.filter(superseded_at__isnull=True).values("site")
    may = request.actor.may(checks.CHECK)
    sites = list(Site.objects.filter(active=True, pk__in=screened).order_by("enterprise_name", "pk")) if may else []
    listing = CHECKS.answer(request, sites=sites)
    return render(request, "web/_list.html" if request.htmx else "replies/checks.html", {"listing": listing})


@require_POST
@needs(checks.CHECK)
def start(request: SiteRequest) -> HttpResponse:
    """List up the devices of a site that want a look, and go to the check."""
    asked = request.POST.get("site", "")
    if not asked.isdigit():
        messages.error(request, _("请先选厂区。"))
        return redirect("replies:checks")
    try:
        made = checks.open_check(request.actor, int(asked))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("replies:checks")
    return redirect("replies:check", made.pk)


@needs("ledger.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a check: how far it is, and every device with why, what to look for and what was read."""
    check, rows = site_lists.rows(request.actor, pk)
    return render(request, "replies/check.html", _context(request, check, rows))


@needs("ledger.view")
def printed(request: SiteRequest, pk: int) -> HttpResponse:
    """Show the list as it is printed: A4 across, the header on every page, empty columns for the reading."""
    check, rows = site_lists.rows(request.actor, pk)
    return render(request, "replies/print.html", _context(request, check, rows))


@needs(checks.CHECK)
def form(request: SiteRequest, pk: int) -> HttpResponse:
    """Show the form for a phone: all devices in one page, so that it works on where there is no net."""
    check, rows = site_lists.rows(request.actor, pk)
    context = _context(request, check, rows)
    context["lines"] = [{"row": row, "fields": _fields(row)} for row in rows]
    context["founds"] = list(words("founds").values())
    return render(request, "replies/form.html", context)


def _context(request: SiteRequest, check: Any, rows: list[site_lists.Row]) -> dict[str, Any]:
    return {
        "check": check,
        "rows": rows,
        "far": checks.progress(check),
        "is_open": check.state == "open",
        "may": request.actor.may(checks.CHECK),
    }


def _fields(row: site_lists.Row) -> list[dict[str, Any]]:
    """Return the inputs of one device, drawn by hand: big, each with what the ledger says."""
    drawn = []
    for name, label, known in row.known:
        field = value_field(name, {})
        drawn.append(
            {
                "name": PREFIX + name,
                "label": label,
                "known": known,
                "choices": list(getattr(field, "choices", []))[1:],
                "mode": field.widget.attrs.get("inputmode", "text"),
                "unit": getattr(field, "unit", ""),
            }
        )
    return drawn


@require_POST
@needs(checks.CHECK)
def answer(request: SiteRequest, pk: int) -> HttpResponse:
    """Take what a phone sends of one device: its photos first, then the reading; the same key is taken once.

    Without the page's script the same form leads back to the page.
    """
    check = checks.get(request.actor, pk)
    asked, scripted = request.POST.get("item"), "X-Walk" in request.headers
    if not asked:
        messages.error(request, _("请重新打开本页再填。"))
        return redirect("replies:check_form", pk)
    item = CheckItem.objects.filter(site_check=check, pk=_number(asked)).first()
    if item is None:
        raise Http404
    try:
        with transaction.atomic():
            done = _answer(request, item, request.POST.get("key", "").strip()[:40] or uuid4().hex)
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        if scripted:
            return JsonResponse({"errors": named}, status=422)
        messages.error(request, " ".join(text for texts in named.values() for text in texts))
    else:
        if scripted:
            return JsonResponse({"item": _told(done), **_progress(check)})
        messages.success(request, _("已保存：%(device)s") % {"device": item})
    return redirect(reverse("replies:check_form", args=[pk]) + f"#d{item.pk}")


def _answer(request: SiteRequest, item: CheckItem, key: str) -> CheckItem:
    return checks.answer(
        request.actor,
        item.pk,
        key=key,
        found=request.POST.get("found", ""),
        given={name.removeprefix(PREFIX): str(request.POST[name]) for name in request.POST if name.startswith(PREFIX)},
        note=request.POST.get("note", ""),
        proofs=_photos(request, item, key),
        read_at=_moment(request.POST.get("read_at", "")),
    )


@needs("ledger.view")
def progress(request: SiteRequest, pk: int) -> HttpResponse:
    """Tell a phone how far the check is, and which devices others have done meanwhile."""
    check = checks.get(request.actor, pk)
    done = CheckItem.objects.filter(site_check=check).exclude(found="")
    return JsonResponse({"items": [_told(one) for one in done], **_progress(check)})


def _photos(request: SiteRequest, item: CheckItem, key: str) -> list[int]:
    made = []
    for number, file in enumerate(request.FILES.getlist("photos")):
        try:
            named = f"{key[:36]}-{number}"
            made.append(
                photos.add(request.actor, item.device_id, content_of(file), file_name=file.name or "", key=named).pk
            )
        except PhotoRefusedError as error:
            raise ValidationError({"photos": f"{file.name}：{error}"}) from error
        except StorageFullError as error:
            raise ValidationError({"photos": error.strerror or str(error)}) from error
    return made


def _told(one: CheckItem) -> dict[str, Any]:
    found = words("founds")[one.found]
    at = timezone.localtime(one.answered_at) if one.answered_at else None
    return {
        "pk": one.pk,
        "found": one.found,
        "word": found.label,
        "badge": found.badge,
        "by": one.answered_by,
        "at": f"{at:%m-%d %H:%M}" if at else "",
        "contested": one.contested,
    }


def _progress(check: Any) -> dict[str, Any]:
    far = checks.progress(check)
    return {"done": far.done, "total": far.total, "contested": far.contested, "state": check.state}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0


def _moment(text: str) -> datetime | None:
    """Return when it was read, as the phone says; a time that cannot be is left out."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) and found <= timezone.now() else None


@require_POST
@needs(checks.CHECK)
def close(request: SiteRequest, pk: int) -> HttpResponse:
    """End the check; the site is judged again."""
    try:
        done = checks.close(request.actor, pk, timezone.localdate(), version=_number(request.POST.get("version")))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("replies:check", pk)
    messages.success(request, _("核对已结束，正在重新筛查。"))
    return redirect("screening:run", done.run_after_id)


@require_POST
@needs(checks.CHECK)
def export(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the list written as a workbook."""
    check = checks.get(request.actor, pk)
    title = _("现场核对表：%(site)s") % {"site": check.site}
    job = submit(request.actor, "replies.site_list", {"check": pk}, title)
    messages.success(request, _("已开始制表，完成后可在本页下载。"))
    return redirect(reverse("jobs:job", args=[job.pk]))
