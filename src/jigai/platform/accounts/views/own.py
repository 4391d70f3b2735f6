"""One's own account, and which membership is in use."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.accounts import second_factor, sessions
from jigai.platform.accounts.acting import MEMBERSHIP
from jigai.platform.accounts.forms.people import OwnForm
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.middleware import back_of
from jigai.platform.accounts.models import SignIn, User
from jigai.platform.accounts.services import own
from jigai.platform.accounts.views.kit import actor_of, tried
from jigai.platform.walls.guards import signed_in


@signed_in("one's own account")
def me(request: HttpRequest) -> HttpResponse:
    """Show and change one's own account."""
    user = get_object_or_404(User, pk=request.user.pk or 0)
    said = {key: getattr(user, key) for key in (*own.FIELDS, "version")}
    form = OwnForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST":
        saved = tried(form, lambda: own.edit_own(actor_of(request), _version(form), **form.cleaned_data))
        if saved:
            translation.activate(saved.language)
            messages.success(request, _("已保存。"))
            return _spoken(redirect("accounts:me"), saved.language)
    rows = sessions.open_ones(user)
    past = SignIn.objects.filter(user=user, ended_at__isnull=False)[: limit("sign_in_history")]
    context = {
        "form": form,
        "person": user,
        "sign_ins": rows,
        "past": past,
        "here": request.session.get(sessions.ROW),
        "second_factor": second_factor.has_one(user),
        "second_factor_required": second_factor.is_required(getattr(request, "memberships", [])),
        "idle_minutes": settings.IDLE_MINUTES,
        "most": settings.SESSIONS_PER_USER,
    }
    return render(request, "accounts/me.html", context)


@require_POST
@signed_in("choosing among one's own memberships")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Act in another of one's memberships from now on; lists start afresh, since another scope sees other rows.

    Forms still open in another tab were drawn for the former one and are refused, with what was typed kept.
    """
    chosen = own.switch(actor_of(request), pk)
    request.session[MEMBERSHIP] = chosen.pk
    request.session.pop("lists", None)
    rotate_token(request)
    messages.success(request, _("现以“%(who)s”身份办理。") % {"who": chosen})
    return redirect("home")


@require_POST
@signed_in("one's own sign-ins")
def end_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """End a sign-in elsewhere."""
    own.end_sign_in(actor_of(request), pk)
    messages.success(request, _("这次登录已结束。"))
    return redirect("accounts:me")


@require_POST
@signed_in("the language of one's own pages")
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, for now and for the next sign-in."""
    chosen = own.choose_language(actor_of(request), request.POST.get("language", ""))
    return _spoken(HttpResponseRedirect(back_of(request)), chosen)


def _spoken(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return response


def _version(form: OwnForm) -> int:
    return int(form.cleaned_data.pop("version", None) or 0)
