"""What stands between a sign-in and the pages: the lock, the age of the sign-in, duties that come first."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, get_callable, resolve, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jigai.platform.accounts import second_factor, sessions
from jigai.platform.accounts.models import SignIn, User
from jigai.platform.accounts.passwords import change_is_due

ALWAYS = {"account_logout", "language", "accounts:language", "accounts:lock"}
DUTIES = ALWAYS | {"account_change_password", "account_reauthenticate", "accounts:seen"}
BACKGROUND = "X-Background"
"""Header of a request that a page makes by itself (polling): it does not count as something done."""


class SignInMiddleware:
    """Hold a signed-in person at the page they must see first; lead one without a session to the sign-in and back.

    Comes after ``ScopeMiddleware``: it reads who acts, and what it writes belongs to the same transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, or answer with what comes first."""
        if not isinstance(request.user, User):
            return self._nobody(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        if sessions.lasted_too_long(request):
            request.session["ending"] = SignIn.Ending.EXPIRED
            logout(request)
            messages.warning(request, SignIn.Ending.EXPIRED.label)
            return sent(request, reverse(settings.LOGIN_URL), back_of(request))
        return self._held(request, request.user) or self.get_response(request)

    def _held(self, request: HttpRequest, user: User) -> HttpResponse | None:
        name = _name_of(request)
        if hasattr(request, "other_role") and request.method not in {"GET", "HEAD"} and name not in ALWAYS:
            return get_callable(settings.CSRF_FAILURE_VIEW)(request)
        if sessions.idle_too_long(request):
            request.session[sessions.LOCKED] = True
        if request.session.get(sessions.LOCKED):
            return None if name in ALWAYS else sent(request, reverse("accounts:lock"), back_of(request))
        if BACKGROUND not in request.headers:
            sessions.note(request)
        if name in DUTIES or name.startswith("mfa_"):
            return None
        if why := change_is_due(user):
            messages.warning(request, why)
            return sent(request, reverse("account_change_password"))
        if self._lacks_second_factor(request, user):
            messages.warning(request, _("您的角色须启用第二因素（动态验证码或安全密钥），设置完成后才能继续。"))
            return sent(request, reverse("mfa_activate_totp"))
        return None

    def _lacks_second_factor(self, request: HttpRequest, user: User) -> bool:
        held = getattr(request, "memberships", [])
        return second_factor.is_required(held) and not second_factor.has_one(user)

    def _nobody(self, request: HttpRequest) -> HttpResponse:
        """Serve someone not signed in; a redirect to the sign-in says why, and comes back to the page, never a POST."""
        response = self.get_response(request)
        target = response.get("Location", "") if response.status_code == 302 else ""
        if not target or urlsplit(target).path != reverse(settings.LOGIN_URL):
            return response
        if why := sessions.why_gone(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            messages.warning(request, _("您已退出登录：%(why)s。") % {"why": why})
        return sent(request, reverse(settings.LOGIN_URL), back_of(request))


def back_of(request: HttpRequest) -> str:
    """Return the address of the page someone is on: of the form when it was sent, of the whole when a part was."""
    here = request.get_full_path()
    if request.headers.get("HX-Request"):
        here = request.headers.get("HX-Current-URL", "")
    elif request.method not in {"GET", "HEAD"}:
        here = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(here)
    path = "/" + parts.path.lstrip("/\\")  # two slashes at the start would name another host
    return path + (f"?{parts.query}" if parts.query else "")


def sent(request: HttpRequest, url: str, back: str = "") -> HttpResponse:
    """Send a browser to ``url``, from where it returns to ``back``; htmx is told by its own header."""
    target = f"{url}?{urlencode({'next': back})}" if back and back != "/" else url
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
