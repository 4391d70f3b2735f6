"""What any page may ask for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.walls.guards import signed_in
from jigai.platform.web import saved
from jigai.platform.web.pages import Done, done
from jigai.platform.web.undo import offer, take_back


@require_POST
@signed_in("takes back one's own change; the capability of the change is asked again")
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just done."""
    try:
        undone = take_back(request.actor, request.POST.get("token", ""))  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect("/")
    messages.success(request, _("已撤销：“%(what)s”恢复原状。") % {"what": undone.subject})
    return HttpResponseRedirect(undone.url)


@require_POST
@signed_in("which columns of a list one sees is one's own affair")
def columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns a person ticked, for this list and from now on."""
    saved.choose_columns(request.actor, request.POST.get("key", "")[:60], request.POST.getlist("columns")[:60])  # type: ignore[attr-defined]
    return HttpResponseRedirect(_back(request))


@require_POST
@signed_in("a view holds an address and no data; opening it shows what one may see")
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep filters, order and columns of a list under a name."""
    said = request.POST
    back = _back(request)
    try:
        view = saved.save_view(
            request.actor,  # type: ignore[attr-defined]
            said.get("key", "")[:60],
            said.get("name", ""),
            said.get("query", ""),
            shared="shared" in said,
            default="default" in said,
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect(back)
    messages.success(request, _("视图“%(name)s”已保存，在清单上方。") % {"name": view.name})
    return HttpResponseRedirect(f"{back}?{view.query}&view={view.pk}")


@require_POST
@signed_in("one's own views alone")
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one's own view; it can be brought back."""
    event = saved.delete_view(request.actor, pk)  # type: ignore[attr-defined]
    back = _back(request)
    return done(request, Done(back, _("视图“%(name)s”已删除。") % {"name": event.object_name}, offer(event, "", back)))


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "/")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"
