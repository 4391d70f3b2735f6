"""Registrations: the public page, the applicant's private link, and the decision of the managing unit."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jigai.platform.accounts.addresses import address_of
from jigai.platform.accounts.forms.joining import DecisionForm, RegistrationForm
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.models import Organisation, Registration
from jigai.platform.accounts.services import joining, registrations
from jigai.platform.accounts.tables import REGISTRATIONS, STATES
from jigai.platform.accounts.views.kit import actor_of, tried
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.guards import needs, open_to_all

SIGNER = TimestampSigner(salt="registration")


@never_cache
@sensitive_post_parameters("password1", "password2")
@open_to_all("enterprises ask for access here")
def register(request: HttpRequest) -> HttpResponse:
    """Take in a request of an enterprise; the page carries the word of the private link, so that a second click of
    the same page gives the same request."""
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    page = request.POST.get("page", "")
    if request.method == "POST":
        try:
            word = SIGNER.unsign(page, max_age=limit("receipt_hours") * 3600)
        except BadSignature:
            form.add_error(None, _("页面打开时间过长，请核对后再提交一次。"))
        else:
            address = address_of(request)
            if tried(
                form,
                lambda: registrations.submit(word, form.said(), form.cleaned_data["password1"], address),
            ):
                return redirect("accounts:receipt", word)
    new = page if request.method == "POST" and not form.non_field_errors() else SIGNER.sign(secrets.token_urlsafe(24))
    return render(request, "account/signup.html", {"form": form, "page": new, "days": limit("registration_days")})


@never_cache
@sensitive_post_parameters("password1", "password2")
@open_to_all("the applicant's private link")
def receipt(request: HttpRequest, word: str) -> HttpResponse:
    """Show where a request stands; a returned one can be corrected and sent again."""
    registration = registrations.by_receipt(word)
    if registration is None:
        raise Http404
    returned = registration.status == Registration.Status.RETURNED
    said = {key: getattr(registration, key) for key in registrations.FIELDS}
    form = (
        RegistrationForm(request.POST if request.method == "POST" else None, initial=said, again=True)
        if returned
        else None
    )
    if request.method == "POST" and form is not None:
        password = request.POST.get("password1", "")
        if tried(form, lambda: registrations.amend(word, form.said(), password, address_of(request))):
            messages.success(request, _("已重新提交。"))
            return redirect("accounts:receipt", word)
    unit = ManagingUnit.objects.filter(code=registration.manager_code).first()
    context = {
        "registration": registration,
        "form": form,
        "unit": unit,
        "state": STATES[registration.status],
        "link": request.build_absolute_uri(request.path),
    }
    return render(request, "account/receipt.html", context)


@needs("registration.approve")
def list_registrations(request: HttpRequest) -> HttpResponse:
    """List the requests in one's scope."""
    listing = REGISTRATIONS.answer(request)
    template = "web/_list.html" if request.headers.get("HX-Request") else "accounts/registrations.html"
    return render(request, template, {"listing": listing})


@needs("registration.approve")
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request, and decide it."""
    found = get_object_or_404(Registration, pk=pk)
    organisation, obstacle = joining.already_there(found)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"role_key": joining.HEAD})
    if request.method == "POST":
        done = tried(form, lambda: _decided(request, found, form))
        if done:
            said = _("已通过，申请人可以登录。") if request.POST.get("decision") == "approve" else _("已退回。")
            messages.success(request, said)
            return redirect("accounts:registrations")
    context = {
        "registration": found,
        "form": form,
        "state": STATES[found.status],
        "unit": ManagingUnit.objects.filter(code=found.manager_code).first(),
        "organisation": organisation,
        "obstacle": obstacle,
        "hands": _hands(organisation),
        "others": Registration.objects.filter(credit_code=found.credit_code, status="submitted").exclude(pk=found.pk),
        "open": found.status == Registration.Status.SUBMITTED,
    }
    return render(request, "accounts/registration.html", context)


def _decided(request: HttpRequest, found: Registration, form: DecisionForm) -> Registration:
    said: dict[str, Any] = form.cleaned_data
    if request.POST.get("decision") == "approve":
        return registrations.approve(actor_of(request), found, said["role_key"] or joining.HEAD)
    return registrations.send_back(actor_of(request), found, said["reason"])


def _hands(organisation: Organisation | None) -> list[Any]:
    if organisation is None:
        return []
    return list(organisation.memberships.filter(active=True).select_related("user"))
