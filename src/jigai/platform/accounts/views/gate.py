"""The lock, the sign of life of an open page, a page that is too old, a forgotten password."""

from __future__ import annotations

import time

import requests
from allauth.account.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jigai.platform.accounts import sessions
from jigai.platform.accounts.middleware import back_of, sent
from jigai.platform.accounts.views.kit import actor_of
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import ANYONE
from jigai.platform.walls.guards import open_to_all, signed_in


@never_cache
@sensitive_post_parameters("password")
@signed_in("unlocking one's own screen")
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen, or unlock it with the password and return to the page."""
    actor = actor_of(request)
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    wrong = ""
    if request.method == "POST":
        if get_adapter().reauthenticate(request.user, request.POST.get("password", "")):
            request.session.pop(sessions.LOCKED, None)
            request.session[sessions.SEEN] = time.time()
            return HttpResponseRedirect(back)
        wrong = _("口令不对。")
        record(actor, "account.unlock_failed", actor.user)
    elif not request.session.get(sessions.LOCKED):
        request.session[sessions.LOCKED] = True
        record(actor, "account.locked", actor.user)
    context = {"back": back, "wrong": wrong, "minutes": settings.IDLE_MINUTES, "person": actor.user, "actor": ANYONE}
    return render(request, "account/lock.html", context)


@require_POST
@signed_in("an open page says that its person is still there")
def seen(request: HttpRequest) -> HttpResponse:
    """Take note that someone types or reads on an open page; the gate before this has written it down."""
    return HttpResponse(status=204)


@open_to_all("whom to ask when a password is forgotten")
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say who can give a new initial password; nothing is sent, so nothing tells which names exist."""
    return render(request, "account/forgotten.html")


@open_to_all("the answer to a form whose page is too old")
def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent from a page that is too old: sign in again, or load the page again; what was typed is kept."""
    if not request.user.is_authenticated:
        return sent(request, reverse(settings.LOGIN_URL), back_of(request))
    if request.headers.get("HX-Request"):  # a part of a page: load the whole again, which offers what was typed
        messages.warning(request, _("没有保存：页面打开后登录状态变过。请核对后再提交，填写的内容还在。"))
        return sent(request, back_of(request))
    return render(request, "account/page_expired.html", {"back": back_of(request)}, status=403)


@open_to_all("the way to the city's single sign-on")
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the city's single sign-on; if it does not answer, say so and offer the password."""
    try:
        return openid_connect.login(request, provider_id)
    except requests.RequestException:
        return render(request, "socialaccount/authentication_error.html", status=503)
