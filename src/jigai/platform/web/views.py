"""What any page may ask for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.walls.guards import signed_in
from jigai.platform.web.undo import take_back


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
