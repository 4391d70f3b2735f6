"""Enterprises ask for access by themselves; their managing unit approves or returns the request."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts import credit_code
from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.models import Registration
from jigai.platform.accounts.services.joining import join_enterprise
from jigai.platform.accounts.services.people import free_username
from jigai.platform.audit.services import record
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope

VISITOR = Actor(label="visitor")
HEAD = "enterprise_head"
FIELDS = ("credit_code", "name", "manager_code", "contact", "post", "phone")


class TooManyError(ValidationError):
    """More requests from one address than are taken in an hour."""


def hashed(word: str) -> str:
    """Return how the word of a private link is kept."""
    return hashlib.sha256(word.encode()).hexdigest()


def by_receipt(word: str) -> Registration | None:
    """Return the request that a private link opens; the link is the applicant's only key."""
    with transaction.atomic(), use_scope(command_scope("registration receipt")):
        return Registration.objects.filter(receipt=hashed(word)).first()


@transaction.atomic
def submit(word: str, values: dict[str, Any], password: str, address: str = "") -> Registration:
    """Take in a request from the public page; sending the same page twice gives the same request.

    What is answered never depends on whether the code is known already.

    Args:
        word: the word of the applicant's private link, made by the page.
        values: code, name, managing unit, contact, post and phone.
        password: the one chosen; only its hash is kept.
        address: where the request came from.

    Raises:
        TooManyError: too many from this address within the hour.
        ValidationError: a wrong code, or a managing unit that does not exist.
    """
    with use_scope(command_scope("registration")):
        known = Registration.objects.filter(receipt=hashed(word)).first()
        if known is not None:
            return known
        lately = Registration.objects.filter(address=address, submitted_at__gt=timezone.now() - timedelta(hours=1))
        if address and lately.count() >= limit("registrations_per_hour"):
            raise TooManyError(_("从这个网络提交的申请过多，请一小时后再试，或联系所在县区的主管部门。"))
        registration = Registration(
            username=free_username(values["name"]),
            password=make_password(password),
            receipt=hashed(word),
            address=address,
        )
        _fill(registration, values)
        registration.save()
        record(VISITOR, "registration.submitted", registration, after=_said(registration), address=address)
    return registration


@transaction.atomic
def amend(word: str, values: dict[str, Any], password: str = "", address: str = "") -> Registration:
    """Send a returned request again with what was to be corrected; a new password only where one is given."""
    with use_scope(command_scope("registration")):
        registration = Registration.objects.select_for_update().get(receipt=hashed(word))
        if registration.status != Registration.Status.RETURNED:
            raise ValidationError(_("只有被退回的申请可以修改。"))
        before = _said(registration)
        _fill(registration, values)
        if password:
            registration.password = make_password(password)
        registration.version += 1
        registration.save()
        after = _said(registration)
        record(VISITOR, "registration.amended", registration, before=before, after=after, address=address)
    return registration


@transaction.atomic
def approve(actor: Actor, registration: Registration, role_key: str = HEAD) -> Registration:
    """Open the enterprise and the account of the one who asked.

    The legal person and its organisation are made where the code is not there yet, else joined. The account has the
    name and password the applicant knows.

    Raises:
        ValidationError: decided already, the enterprise answers to another managing unit, or it has a head and
            ``role_key`` does not say as what this one joins.
    """
    actor.require("registration.approve")
    registration = _open(registration)
    user = join_enterprise(registration, role_key)
    registration.status = Registration.Status.APPROVED
    registration.reason = registration.password = ""
    _decide(registration, actor)
    after = {"username": user.username, "role": role_key, "credit_code": registration.credit_code}
    record(actor, "registration.approved", registration, after=after)
    return registration


@transaction.atomic
def send_back(actor: Actor, registration: Registration, reason: str) -> Registration:
    """Return a request with what is to be corrected; the applicant reads it by the private link and sends it again."""
    actor.require("registration.approve")
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回原因和需要更正的内容，申请人会看到。")})
    registration = _open(registration)
    registration.status, registration.reason = Registration.Status.RETURNED, reason.strip()
    _decide(registration, actor)
    record(actor, "registration.returned", registration, reason=reason)
    return registration


def _open(registration: Registration) -> Registration:
    locked: Registration = Registration.objects.select_for_update().get(pk=registration.pk)
    if locked.status != Registration.Status.SUBMITTED:
        raise ValidationError(
            _("这件申请已由%(who)s办理（%(what)s）。")
            % {"who": locked.decided_by, "what": Registration.Status(locked.status).label}
        )
    return locked


def _decide(registration: Registration, actor: Actor) -> None:
    registration.decided_at = timezone.now()
    registration.decided_by = str(actor.user or actor.label)[:80]
    registration.due = None
    registration.version += 1
    registration.save()


def _fill(registration: Registration, values: dict[str, Any]) -> None:
    code = credit_code.read(values["credit_code"])
    unit = ManagingUnit.objects.filter(code=values["manager_code"], active=True).first()
    if unit is None:
        raise ValidationError({"manager_code": _("请选择所在县区或园区。")})
    for key in FIELDS:
        setattr(registration, key, str(values.get(key, "")).strip())
    registration.credit_code = code
    registration.place_code = unit.place_id or ""
    registration.status = Registration.Status.SUBMITTED
    registration.submitted_at = timezone.now()
    registration.due = timezone.localdate() + timedelta(days=limit("registration_days"))


def _said(registration: Registration) -> dict[str, Any]:
    return {key: getattr(registration, key) for key in FIELDS}
