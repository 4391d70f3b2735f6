"""Pages about the interface: the tokens of one's organisation, and what the interface offers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.platform.api import services
from jigai.platform.api.forms import TokenForm
from jigai.platform.api.models import ApiToken
from jigai.platform.api.v1.interface import api
from jigai.platform.walls.guards import needs, signed_in


@require_http_methods(["GET", "POST"])
@needs("token.manage")
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens of the organisation and issue a new one; its secret is shown this once."""
    actor = request.actor  # type: ignore[attr-defined]
    form = TokenForm(actor, request.POST if request.method == "POST" else None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _, secret = services.issue(actor, said["name"], said["capabilities"], said["days"])
            form = TokenForm(actor)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "secret": secret, "tokens": services.tokens_of(actor)}
    response = render(request, "api/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs("token.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of one's own organisation."""
    actor = request.actor  # type: ignore[attr-defined]
    own = ApiToken.objects.filter(membership__organisation=actor.organisation)
    services.revoke(actor, get_object_or_404(own, pk=pk))
    return redirect("api:tokens")


@require_GET
@signed_in("the description of the interface holds no data")
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation with its parameters and answers, from the interface's own description."""
    described = api.get_openapi_schema()
    operations = [
        {"path": path, "method": method.upper(), **said}
        for path, methods in described["paths"].items()
        for method, said in methods.items()
    ]
    return render(request, "api/docs.html", {"operations": operations, "described": described})
