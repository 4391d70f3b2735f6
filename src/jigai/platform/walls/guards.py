"""What opens a view, and to whom; the access matrix reads it off the views, and one without a guard fails it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from jigai.platform.walls.capabilities import capabilities

View = TypeVar("View", bound=Callable[..., HttpResponse])


def needs(capability: str) -> Callable[[View], View]:
    """Open a view to those who are signed in and have ``capability``; the access matrix reads it off the view."""
    if capability not in capabilities():
        raise KeyError(f"capabilities.csv has no {capability!r}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.actor.require(capability)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a view that needs no sign-in, and say why; without one of the two marks a view fails the access matrix."""

    def decorate(view: View) -> View:
        view.capability = None  # type: ignore[attr-defined]
        view.open_because = reason  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Open a view to everyone who is signed in (own account, language, sign-out), and say why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        guarded.capability = ""  # type: ignore[attr-defined]
        guarded.open_because = reason  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
