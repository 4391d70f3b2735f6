"""Roles, lock-outs and the matrix: pages of the security administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.accounts import policies, second_factor
from jigai.platform.accounts.forms.people import GrantForm
from jigai.platform.accounts.models import Membership, User, role_name
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services import grants
from jigai.platform.accounts.services.people import places_of
from jigai.platform.accounts.tables import GRANTS
from jigai.platform.accounts.views.kit import actor_of, told, tried
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.walls.guards import needs, signed_in


@needs("role.grant")
def list_grants(request: HttpRequest) -> HttpResponse:
    """List who holds what."""
    listing = GRANTS.answer(request)
    template = "web/_list.html" if request.headers.get("HX-Request") else "accounts/grants.html"
    waiting = len(grants.lock_outs(actor_of(request)))
    return render(request, template, {"listing": listing, "tab": "grants", "locked": waiting})


@needs("role.grant")
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the roles of one person; give one."""
    actor = actor_of(request)
    user = get_object_or_404(policies.people_of(actor), pk=pk)
    inside = set(policies.organisations_of(actor).values_list("pk", flat=True))
    places = [one for one in places_of(user) if one.pk in inside]
    form = GrantForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and tried(form, lambda: grants.give_role(actor, user, **form.cleaned_data)):
        messages.success(request, _("角色已授予，下一次操作即生效。"))
        return redirect("accounts:grant", pk)
    held = user.memberships.select_related("organisation").order_by("-active", "pk")
    context = {
        "form": form,
        "person": user,
        "held": held,
        "inside": inside,
        "own": user == actor.user,
        "has_second_factor": second_factor.has_one(user),
    }
    return render(request, "accounts/grant.html", context)


@require_POST
@needs("role.grant")
def take(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Take a role away."""
    held = get_object_or_404(Membership, pk=membership, user=_person(request, pk), active=True)
    reason = request.POST.get("reason", "")
    told(request, lambda: grants.take_role(actor_of(request), held, reason), _("角色已收回。"))
    return redirect("accounts:grant", pk)


@require_POST
@needs("role.grant")
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    user, reason = _person(request, pk), request.POST.get("reason", "")
    told(
        request,
        lambda: grants.reset_second_factor(actor_of(request), user, reason),
        _("第二因素已重置，此人下次登录须重新设置。"),
    )
    return redirect("accounts:grant", pk)


@needs("role.grant")
def lock_outs(request: HttpRequest) -> HttpResponse:
    """List who is locked out."""
    context = {"lock_outs": grants.lock_outs(actor_of(request)), "tab": "locked"}
    return render(request, "accounts/lock_outs.html", context)


@require_POST
@needs("role.grant")
def release(request: HttpRequest) -> HttpResponse:
    """End a lock-out."""
    said = {key: request.POST.get(key, "") for key in ("username", "address", "reason")}
    told(request, lambda: grants.release(actor_of(request), **said), _("锁定已解除。"))
    return redirect("accounts:lock_outs")


@signed_in("what each role may do is no secret to those who work here")
def matrix(request: HttpRequest) -> HttpResponse:
    """Show roles against capabilities."""
    english = (get_language() or "").startswith("en")
    rows = [
        {
            "name": one.en if english else one.zh,
            "key": one.key,
            "meaning": one.meaning,
            "cells": [one.key in role.capabilities for role in roles().values()],
        }
        for one in capabilities().values()
    ]
    heads = [{"name": role_name(key), "role": role} for key, role in roles().items()]
    return render(request, "accounts/matrix.html", {"rows": rows, "heads": heads, "tab": "matrix"})


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(policies.people_of(actor_of(request)), pk=pk)
