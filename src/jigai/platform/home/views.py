"""The workbench and what belongs to the shell."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jigai.platform.walls.guards import needs, open_to_all


@needs("home.view")
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the one who acts."""
    return render(request, "home/home.html")


@require_POST
@open_to_all("choosing a language needs no account")
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English and return to the page."""
    wanted = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax")
    return response
