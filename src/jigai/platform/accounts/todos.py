"""What waits for people here: registrations to decide."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Registration
from jigai.platform.home.todo import Todo
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor


def todos(actor: Actor) -> Iterable[Todo]:
    """Offer the requests in one's scope that wait for a decision."""
    if not actor.may("registration.approve"):
        return
    units = {unit.code: str(unit) for unit in ManagingUnit.objects.all()}
    for one in Registration.objects.filter(status=Registration.Status.SUBMITTED).order_by("due", "pk"):
        yield Todo(
            title=_("审批企业注册"),
            url=reverse("accounts:registration", args=[one.pk]),
            action=_("审批"),
            detail=one.credit_code,
            subject=one.name,
            subject_detail=units.get(one.manager_code, ""),
            source=_("企业注册"),
            due=one.due,
            since=timezone.localdate(one.submitted_at),
        )
