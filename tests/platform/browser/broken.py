"""The site's addresses and two that go wrong, so that the pages for it can be looked at."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.urls import path

from jigai.platform import urls
from jigai.platform.walls.guards import open_to_all

handler404, handler403 = urls.handler404, urls.handler403
handler500, handler400 = urls.handler500, urls.handler400


@open_to_all("the page of a fault is looked at")
def fails(request):
    raise ZeroDivisionError


@open_to_all("the page of a fault is looked at")
def asks_nonsense(request):
    raise BadRequest


urlpatterns = [*urls.urlpatterns, path("fails/", fails), path("asks-nonsense/", asks_nonsense)]
