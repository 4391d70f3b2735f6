"""The hands of an enterprise: the head's page, and the link of an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jigai.platform.accounts.forms.joining import InvitationForm, JoiningForm
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.models import Invitation, Membership, User, role_name
from jigai.platform.accounts.services import hands
from jigai.platform.accounts.views.kit import actor_of, told, tried
from jigai.platform.walls.guards import needs, open_to_all

LINK = "invitation_link"
"""Session key: the link of an invitation just made, shown on the next page and then forgotten."""


@never_cache
@needs("hands.manage")
def list_hands(request: HttpRequest) -> HttpResponse:
    """Show who acts for the enterprise; invite someone."""
    actor = actor_of(request)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = tried(form, lambda: hands.invite(actor, **form.cleaned_data))
        if made:
            invitation, word = made
            path = reverse("accounts:invitation", args=[word])
            request.session[LINK] = {"name": invitation.name, "url": request.build_absolute_uri(path)}
            return redirect("accounts:hands")
    organisation = actor.organisation
    context = {
        "form": form,
        "organisation": organisation,
        "held": Membership.objects.filter(organisation=organisation, active=True).select_related("user"),
        "invitations": Invitation.objects.filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        ),
        "link": request.session.pop(LINK, None),
        "days": limit("invitation_days"),
    }
    return render(request, "accounts/hands.html", context)


@require_POST
@needs("hands.manage")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hand's role."""
    held = get_object_or_404(Membership, pk=pk, organisation=actor_of(request).organisation, active=True)
    reason = request.POST.get("reason", "")
    told(request, lambda: hands.dismiss(actor_of(request), held, reason), _("已移除。"))
    return redirect("accounts:hands")


@require_POST
@needs("hands.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an invitation."""
    invitation = get_object_or_404(Invitation, pk=pk)
    told(request, lambda: hands.revoke(actor_of(request), invitation), _("邀请已撤回，链接不再有效。"))
    return redirect("accounts:hands")


@never_cache
@sensitive_post_parameters("password1", "password2")
@open_to_all("the link of an invitation")
def invitation(request: HttpRequest, word: str) -> HttpResponse:
    """Take up an invitation, with a new account or the one signed in with."""
    found = hands.usable(word)
    if found is None:
        return render(request, "account/invitation_gone.html", status=404)
    user = request.user if isinstance(request.user, User) else None
    form = JoiningForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and user is not None:
        if told(request, lambda: hands.accept(word, user), _("已加入，可在右上角切换身份。")):
            return redirect("accounts:me")
    elif request.method == "POST":
        joined = tried(form, lambda: _joined(word, form))
        if joined:
            messages.success(request, _("账号已建立，您的登录名是 %(name)s，请记下。") % {"name": joined.username})
            return redirect("account_login")
    context = {"form": form, "invitation": found, "role": role_name(found.role_key), "person": user}
    return render(request, "account/invitation.html", context)


def _joined(word: str, form: JoiningForm) -> User:
    said = form.cleaned_data
    return hands.accept(word, name=said["name"], phone=said["phone"], password=said["password1"])
