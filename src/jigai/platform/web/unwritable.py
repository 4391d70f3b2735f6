"""Texts no database keeps (a NUL, half of a sign) are refused before anything is looked up; nobody means one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from jigai.platform.api.acting import ROOT
from jigai.platform.api.v1.problems import problem
from jigai.platform.web.errors import hidden_sign

NUL = "\0"
Handler = Callable[[HttpRequest], HttpResponse]


class NulMiddleware:
    """Answers a request that brings a NUL in its path, query, form, file name or JSON, and says where it stands.

    It looks where the view is about to be called: what arrives is read at the same moment as without it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse the request, or let it go on."""
        where = list(dict.fromkeys(_places(request)))
        if not where:
            return None
        if request.path.startswith(ROOT):
            return JsonResponse(problem("hidden_sign", where), status=422)
        return hidden_sign(request)


def _places(request: HttpRequest) -> Iterator[str]:
    """Yield where a NUL stands, as the interface names places: ``path``, ``query.q``, ``form.name``, ``body.a.b``."""
    if NUL in request.path:
        yield "path"
    yield from _fields("query", request.GET)
    if request.content_type == "application/json":
        yield from _in_json(request.body)
    elif request.method not in ("GET", "HEAD"):
        yield from _fields("form", request.POST)
        names = ((field, one.name or "") for field, files in request.FILES.lists() for one in files)
        yield from (f"form.{_shown(field)}" for field, name in names if NUL in name)


def _fields(what: str, given: Any) -> Iterator[str]:
    """Values alone: a field with a NUL in its name is one that nobody asks for."""
    for name, values in given.lists():
        if any(NUL in value for value in values):
            yield f"{what}.{_shown(name)}"


def _in_json(body: bytes) -> Iterator[str]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return  # whoever reads it says so
    waiting = [("body", said)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, dict):
            waiting += [(f"{place}.{_shown(key)}", value) for key, value in one.items()]
            if any(map(_unkept, one)):
                yield place
        elif isinstance(one, list):
            waiting += [(f"{place}.{number}", value) for number, value in enumerate(one)]
        elif isinstance(one, str) and _unkept(one):
            yield place


def _unkept(text: str) -> bool:
    """Say whether a text of JSON cannot be kept: it holds a NUL, or half of a sign (a lone surrogate)."""
    return NUL in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def _shown(name: str) -> str:
    return "".join(sign for sign in name if not _unkept(sign))
