"""Remember where a request comes from, and keep what must be kept even when the request is refused."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jigai.platform.audit import address, signins

Handler = Callable[[HttpRequest], HttpResponse]


class AuditMiddleware:
    """Stands outside the transaction of the request: sign-ins that fail undo it, and are recorded all the same."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        token = address._address.set(address.address_of(request))
        try:
            with signins.kept_till_the_end():
                return self.get_response(request)
        finally:
            address._address.reset(token)
