"""One transaction and one scope for every request."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from jigai.platform.walls.afterwards import afterwards
from jigai.platform.walls.scope import use_scope

Handler = Callable[[HttpRequest], HttpResponse]


class ScopeMiddleware:
    """Find out who acts, and serve the request within their scope, in one transaction.

    An answer of 400 or more undoes whatever the view wrote; a view that must keep something on refusal (a failed
    sign-in, say) sets ``response.keep_writes``. Comes last, since views run outside a transaction opened earlier.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        from jigai.platform.accounts.acting import actor_of
        from jigai.platform.api.acting import ROOT, actor_of_token

        with afterwards(), transaction.atomic():
            find = actor_of_token if request.path.startswith(ROOT) else actor_of
            request.actor = find(request)  # type: ignore[attr-defined]
            with use_scope(request.actor.scope):  # type: ignore[attr-defined]
                response = self.get_response(request)
                if (
                    isinstance(response, SimpleTemplateResponse) and not response.is_rendered
                ):  # templates may still query
                    response = response.render()
            if response.status_code >= 400 and not getattr(response, "keep_writes", False):
                transaction.set_rollback(True)
            return response
