"""Accounts and organisations: pages of the system administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jigai.platform.accounts import policies
from jigai.platform.accounts.forms.people import AssignForm, NewPersonForm, OrganisationForm, PersonForm, ReasonForm
from jigai.platform.accounts.models import Organisation, User
from jigai.platform.accounts.services import organisations, people
from jigai.platform.accounts.tables import ORGANISATIONS, PEOPLE
from jigai.platform.accounts.views.kit import actor_of, told, tried
from jigai.platform.walls.guards import needs

SHOWN_ONCE = "initial_password"
"""Session key: an initial password just made, shown on the next page and then forgotten."""


@needs("user.manage")
def list_people(request: HttpRequest) -> HttpResponse:
    """List accounts."""
    listing = PEOPLE.answer(request)
    template = "web/_list.html" if request.headers.get("HX-Request") else "accounts/people.html"
    return render(request, template, {"listing": listing, "tab": "people"})


@needs("user.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, actor=actor_of(request))
    if request.method == "POST":
        made = tried(form, lambda: people.create_person(actor_of(request), **form.cleaned_data))
        if made:
            user, password = made
            request.session[SHOWN_ONCE] = {"pk": user.pk, "password": password}
            messages.success(request, _("账号已建立。角色由安全管理员授予。"))
            return redirect("accounts:person", user.pk)
    return render(request, "accounts/person_add.html", {"form": form})


@never_cache
@needs("user.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and edit one account."""
    user = _person(request, pk)
    said = {"name": user.name, "post": user.post, "phone": user.phone, "version": user.version}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST":
        version = int(text) if (text := request.POST.get("version", "")).isdecimal() else 0
        if tried(form, lambda: people.edit_person(actor_of(request), user, version, **_without_version(form))):
            messages.success(request, _("已保存。"))
            return redirect("accounts:person", pk)
    shown = request.session.get(SHOWN_ONCE) or {}
    if shown.get("pk") == user.pk:
        del request.session[SHOWN_ONCE]
    inside = policies.organisations_of(actor_of(request))
    context = {
        "form": form,
        "person": user,
        "places": people.places_of(user),
        "editable": set(inside.values_list("pk", flat=True)),
        "held": user.memberships.filter(active=True).select_related("organisation"),
        "assign": AssignForm(actor=actor_of(request)),
        "password": shown.get("password") if shown.get("pk") == user.pk else "",
        "own": user == actor_of(request).user,
    }
    return render(request, "accounts/person.html", context)


@require_POST
@needs("user.manage")
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable or enable an account."""
    user, active = _person(request, pk), request.POST.get("active") == "1"
    done = _("账号已启用。") if active else _("账号已停用，其登录已全部结束。")
    reason = request.POST.get("reason", "")
    told(request, lambda: people.set_active(actor_of(request), user, active, reason), done)
    return redirect("accounts:person", pk)


@require_POST
@needs("user.manage")
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new initial password, shown once on the next page."""
    user, reason = _person(request, pk), request.POST.get("reason", "")
    password = told(
        request, lambda: people.new_initial_password(actor_of(request), user, reason), _("已生成新的初始口令。")
    )
    if password:
        request.session[SHOWN_ONCE] = {"pk": user.pk, "password": password}
    return redirect("accounts:person", pk)


@require_POST
@needs("user.manage")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an organisation to a person."""
    user, form = _person(request, pk), AssignForm(request.POST, actor=actor_of(request))
    if form.is_valid():
        chosen = form.cleaned_data["organisation"]
        told(request, lambda: people.assign(actor_of(request), user, chosen), _("单位已增加。"))
    else:
        messages.error(request, _("请选择单位。"))
    return redirect("accounts:person", pk)


@require_POST
@needs("user.manage")
def unassign(request: HttpRequest, pk: int, organisation: int) -> HttpResponse:
    """Take a person out of an organisation, and their roles there with it."""
    user, place = _person(request, pk), get_object_or_404(Organisation, pk=organisation)
    reason = request.POST.get("reason", "")
    told(request, lambda: people.unassign(actor_of(request), user, place, reason), _("已移出该单位，其角色同时收回。"))
    return redirect("accounts:person", pk)


@needs("user.manage")
def list_organisations(request: HttpRequest) -> HttpResponse:
    """List organisations."""
    listing = ORGANISATIONS.answer(request)
    template = "web/_list.html" if request.headers.get("HX-Request") else "accounts/organisations.html"
    return render(request, template, {"listing": listing, "tab": "organisations"})


@needs("user.manage")
def organisation(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an organisation, or show and edit one."""
    actor = actor_of(request)
    found = get_object_or_404(policies.organisations_of(actor), pk=pk) if pk else None
    fields = (*organisations.FIELDS, "version")
    said = {key: getattr(found, key) for key in fields} if found else {}
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, actor=actor, organisation=found, initial=said
    )
    if request.method == "POST":
        saved = tried(form, lambda: organisations.save_organisation(actor, found, **_filled(form)))
        if saved:
            messages.success(request, _("已保存。"))
            return redirect("accounts:organisation", saved.pk)
    people_there = User.objects.filter(memberships__organisation=found, memberships__active=True).distinct()
    context = {"form": form, "organisation": found, "people": people_there if found else [], "reason": ReasonForm()}
    return render(request, "accounts/organisation.html", context)


@require_POST
@needs("user.manage")
def set_organisation_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable or enable an organisation."""
    actor, active = actor_of(request), request.POST.get("active") == "1"
    found = get_object_or_404(policies.organisations_of(actor), pk=pk)
    done = _("单位已启用。") if active else _("单位已停用，任何人不能再以该单位身份办理。")
    told(request, lambda: organisations.set_active(actor, found, active, request.POST.get("reason", "")), done)
    return redirect("accounts:organisation", pk)


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(policies.people_of(actor_of(request)), pk=pk)


def _without_version(form: PersonForm) -> dict[str, str]:
    return {key: value for key, value in form.cleaned_data.items() if key != "version"}


def _filled(form: OrganisationForm) -> dict[str, Any]:
    return {**form.cleaned_data, "version": form.cleaned_data.get("version") or 0}
