"""Export a list as it is seen, with its filters and in the scope of who asks, as a workbook made by a job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.audit.services import record
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.services import submit
from jigai.platform.walls.actor import ANYONE, Actor
from jigai.platform.walls.guards import needs
from jigai.platform.walls.scope import use_scope
from jigai.platform.web.listing import Listing, Selection, find
from jigai.platform.web.workbook import About, write

if TYPE_CHECKING:
    from jigai.platform.jobs.task import Task

SALT = "jigai.export"
VALID = 24 * 3600
"""Seconds a page's button works."""


def token(request: HttpRequest, key: str, title: str, query: Any) -> str:
    """Return what the button 导出 sends: which list, on which page and under which title, with which filters; signed,
    since the page's guard is what opens the list."""
    if not getattr(request, "actor", ANYONE).may("export.make"):
        return ""
    chosen = query.copy()
    chosen.pop("after", None)
    wanted = {"key": key, "path": request.path, "title": title, "query": chosen.urlencode()}
    return signing.dumps(wanted, salt=SALT)


@require_POST
@needs("export.make")
def start(request: HttpRequest) -> HttpResponse:
    """Queue the export of the list the button stands under, and go to its job."""
    try:
        wanted = signing.loads(request.POST.get("list", ""), salt=SALT, max_age=VALID)
    except signing.BadSignature:
        messages.error(request, _("这个清单已经过期，请刷新页面后再导出。"))
        return redirect("jobs:list")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        listing = _listing(wanted["key"])
    except JobError as error:
        messages.error(request, str(error))
        return redirect(wanted["path"])
    _open(actor, wanted["path"])
    job = submit(actor, "list.export", wanted, _title(wanted, listing))
    messages.success(request, _("已开始导出，完成后可在本页下载。"))
    return redirect("jobs:job", job.pk)


def export(task: Task) -> dict[str, Any]:
    """Do the export: every row the owner sees with the filters, streamed from the database into the file."""
    listing = _listing(task.arguments["key"])
    _open(task.actor, task.arguments["path"])
    request = _request(task)
    title = _title(task.arguments, listing)
    stem = re.sub(r"[^\w（）()-]+", "_", title)
    name = f"{stem}_{timezone.localdate():%Y%m%d}.xlsx"
    with task.reading():
        selection = listing.select(request, request.GET)
        selection = replace(selection, columns=[one for one in selection.columns if not one.action])
        about = _about(task.actor, listing, title, selection, request)

        def progress(done: int) -> None:
            task.check()
            task.progress(done, about.count)

        with task.writing(name) as draft:
            written = write(draft, listing, selection, about, progress)
    task.progress(written, written)
    with transaction.atomic(), use_scope(task.actor.scope):
        after = {"list": listing.key, "filters": dict(about.filters), "rows": written}
        record(task.actor, "list.exported", after=after)
    return {
        "text": _("共导出 %(n)s 条") % {"n": f"{written:,}"},
        "files": [task.described(name, title)],
        "url": f"{task.arguments['path']}?{task.arguments['query']}",
        "url_text": title,
    }


def _listing(key: str) -> Listing:
    listing = find(key)
    if listing is None:
        raise JobError(_("本版本软件没有这个清单，或者它不能导出。"))
    return listing


def _title(wanted: Mapping[str, Any], listing: Listing) -> str:
    """Return what the page called its list; buttons and jobs of an earlier release do not say it."""
    return str(wanted.get("title") or listing.title)


def _open(actor: Actor, path: str) -> None:
    """Refuse a list whose page would not open: what guards the page guards the export."""
    try:
        capability = getattr(resolve(path).func, "capability", None)
    except Resolver404 as error:
        raise PermissionDenied from error
    if capability is None:
        raise PermissionDenied
    if capability:
        actor.require(capability)


def _request(task: Task) -> HttpRequest:
    """Return the request the list was seen with, for the list to read its filters from."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = task.arguments["path"]
    request.GET = QueryDict(task.arguments["query"])
    request.resolver_match = resolve(request.path)
    request.actor = task.actor  # type: ignore[attr-defined]
    request.user = task.actor.user  # type: ignore[assignment]
    request.session = {}  # type: ignore[assignment]
    return request


def _about(actor: Actor, listing: Listing, title: str, selection: Selection, request: HttpRequest) -> About:
    filters = []
    for one in listing.filters:
        value = selection.values[one.key]
        if value:
            choices = {str(key): word for key, word in one.choices(request)} if one.choices else {}
            filters.append((str(one.label), str(choices.get(value, value))))
    descending = selection.order.startswith("-")
    sorted_by = next((one for one in listing.columns if one.sort == selection.order.lstrip("-")), None)
    order = f"{sorted_by.label}（{_('降序') if descending else _('升序')}）" if sorted_by else _("默认次序")
    return About(
        title=title,
        filters=tuple(filters),
        order=order,
        by=str(actor.user or actor.label),
        post=str(actor.membership or ""),
        scope=_scope_in_words(actor),
        at=timezone.localtime(),
        count=selection.rows.order_by().count(),
        sums=selection.sums(),
    )


def _scope_in_words(actor: Actor) -> str:
    scope = actor.scope
    if scope.everything:
        return _("全市")
    if scope.managers:
        from jigai.platform.places.models import ManagingUnit

        names = ManagingUnit.objects.filter(code__in=scope.managers).values_list("name", flat=True)
        return _("%(units)s管辖范围") % {"units": "、".join(names)}
    if scope.sites:
        return _("本单位的指定厂区")
    return _("本单位") if scope.orgs else _("无")
