"""The workbench, the search, and what else belongs to the shell."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from jigai.platform.home.figures import by_unit, total
from jigai.platform.home.glance import cards
from jigai.platform.home.search import find_all
from jigai.platform.home.todo import todos_for
from jigai.platform.home.workbench import first, groups, summary
from jigai.platform.notices.services import own_notices
from jigai.platform.walls.guards import needs, open_to_all
from jigai.platform.web.period import when_of

FIRST = 12
"""To-dos shown before the rest is asked for."""
NOTICES = 6
"""Unread notices beside them."""


@require_GET
@needs("home.view")
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the one who acts, then their region or enterprise at a glance."""
    actor = request.actor  # type: ignore[attr-defined]
    when = when_of(request)
    waiting = groups(todos_for(actor), when.today)
    # An enterprise has a card of its own; counts of one would only repeat it.
    devices = actor.may("ledger.view")
    units = by_unit(when, devices=devices) if actor.may("enterprise.view") and not actor.may("fact.enter") else []
    context = {
        "groups": waiting if "all" in request.GET else first(waiting, FIRST),
        "more": 0 if "all" in request.GET else max(0, sum(group.number for group in waiting) - FIRST),
        "cards": cards(actor),
        "notices": own_notices(actor, unread=True)[:NOTICES],
        "summary": summary(waiting),
        "when": when,
        "units": units,
        "totals": {name: total(units, name) for name in ("above_scale", "sites", "lines", "machines", "must_replace")},
        "devices": devices,
    }
    return render(request, "home/home.html", context)


@require_GET
@needs("search.use")
def search(request: HttpRequest) -> HttpResponse:
    """Show everything in scope that the words of the search match."""
    words = request.GET.get("q", "")
    found = find_all(request.actor, words)  # type: ignore[attr-defined]
    number = sum(map(len, found.values()))
    return render(request, "home/search.html", {"words": words, "found": found, "number": number})


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
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response
