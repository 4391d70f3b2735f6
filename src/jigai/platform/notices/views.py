"""Pages of notices: what one was told, how it comes, and writing to others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.platform.notices import services
from jigai.platform.notices.data import kinds
from jigai.platform.notices.forms import MessageForm
from jigai.platform.notices.writing import write
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.guards import needs


@require_GET
@needs("notice.view")
def list_notices(request: HttpRequest) -> HttpResponse:
    """List one's own notices, unread first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = request.GET.get("kind", "")
    before = request.GET.get("before", "")
    older = int(before) if before.isdigit() else 0
    unread = [] if older else services.own_notices(actor, unread=True, kind=kind)
    read = services.own_notices(actor, unread=False, kind=kind, before=older)
    context = {
        "unread_notices": unread,
        "read_notices": read,
        "upto": unread[0].pk if unread else 0,
        "older": read[-1].pk if len(read) == services.PAGE else 0,
        "kinds": kinds(),
        "kind": kind,
        "total_unread": services.unread_count(actor),
        "later_page": bool(older),
    }
    return render(request, "notices/list.html", context)


@require_GET
@needs("notice.view")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice and mark it read."""
    found = services.read(request.actor, pk)  # type: ignore[attr-defined]
    return render(request, "notices/notice.html", {"notice": found, "kind": kinds().get(found.kind)})


@require_POST
@needs("notice.view")
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read without opening it."""
    services.read(request.actor, pk)  # type: ignore[attr-defined]
    return redirect("notices:list")


@require_POST
@needs("notice.view")
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark read all that was on the page."""
    upto = request.POST.get("upto", "")
    count = services.read_all(request.actor, int(upto) if upto.isdigit() else 0)  # type: ignore[attr-defined]
    messages.success(request, ngettext("已读 %(n)s 条。", "已读 %(n)s 条。", count) % {"n": count})
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
@needs("notice.view")
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose which kinds come by mail as well."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    assert actor.user is not None
    if request.method == "POST":
        services.choose(actor, request.POST.getlist("mail"))
        messages.success(request, _("已保存。"))
        return redirect("notices:preferences")
    wanted = services.preferences(actor.user)
    rows = [{"kind": kind, "mail": wanted[key]} for key, kind in kinds().items()]
    return render(request, "notices/preferences.html", {"rows": rows, "by_mail": services.mail_works()})


@require_http_methods(["GET", "POST"])
@needs("notice.send")
def compose(request: HttpRequest) -> HttpResponse:
    """Write to the organisations one is responsible for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = MessageForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        sent = write(actor, said["audience"], said["title"], said["text"], said["due"], str(said["key"]))
        if sent:
            count = len(sent)
            messages.success(request, ngettext("已发给 %(n)s 人。", "已发给 %(n)s 人。", count) % {"n": count})
        else:
            messages.warning(request, _("没有发出：对方还没有可用的账号，或者这条通知已经发过。"))
        return redirect("notices:list")
    return render(request, "notices/compose.html", {"form": form}, status=400 if form.errors else 200)
