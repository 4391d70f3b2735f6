"""Which organisation of the site a department or unit of the plan is; asked of the city office where no name fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jigai.plan.file import Plan
from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.duties.data import RUN
from jigai.platform.duties.models import Body, Duty, Share
from jigai.platform.walls.actor import Actor

OFFICES = (Organisation.Kind.DEPARTMENT, Organisation.Kind.COUNTY_BUREAU)
"""What sorts of organisations tasks of a plan can be given to."""


def offices() -> QuerySet[Organisation]:
    """Return the organisations a task can be given to: departments and county bureaus in use."""
    return Organisation.objects.filter(kind__in=OFFICES, active=True)


def keep(plan: Plan) -> None:
    """Store the departments and units of a plan, and find the organisation of each by name or by managing unit.

    What somebody has settled stays; what a later version no longer names is marked, not deleted.
    """
    known = {one.key: one for one in Body.objects.filter(plan_id=plan.id)}
    named = list(offices())
    wanted = [
        *((one.key, Body.Kind.DEPARTMENT, one.name, one.short or "", "") for one in plan.departments),
        *((one.key, Body.Kind.UNIT, one.name, "", one.code or "") for one in plan.units),
    ]
    for place, (key, kind, name, short, code) in enumerate(wanted):
        body = known.pop(key, None) or Body(plan_id=plan.id, key=key)
        body.kind, body.name, body.name_en, body.short, body.code = kind, name.zh, name.en or "", short, code
        body.position, body.ended = place, False
        body.organisation = body.organisation or _fits(body, named)
        body.save()
    for gone in known.values():
        gone.ended = True
        gone.save(update_fields=["ended"])


def _fits(body: Body, named: Iterable[Organisation]) -> Organisation | None:
    """Return the one organisation that is called like a department, or is the bureau of a unit; None in doubt."""
    if body.kind == Body.Kind.UNIT:
        found = [one for one in named if one.manager_code and one.manager_code == body.code]
    else:
        called = {word for word in (body.name, body.short) if word}
        departments = [one for one in named if one.kind == Organisation.Kind.DEPARTMENT]
        found = [one for one in departments if called & {one.name, one.short}]
    return found[0] if len(found) == 1 else None


def bodies_of(plan_id: str) -> QuerySet[Body]:
    """Return the departments and units of a plan in its order."""
    return Body.objects.filter(plan_id=plan_id, ended=False).select_related("organisation")


def open_bodies(plan_id: str) -> QuerySet[Body]:
    """Return those it is not known of which organisation they are."""
    return bodies_of(plan_id).filter(organisation__isnull=True)


def settle(actor: Actor, plan_id: str, said: Mapping[int, int | None], at: datetime) -> int:
    """Keep which organisation each body is (number of the body → of the organisation), and give the shares the plan
    names to those that are new; return how many changed.

    A share that somebody has already is not taken away by this: the city office releases it.

    Raises:
        ValidationError: an organisation is none a task can be given to.
    """
    actor.require(RUN)
    allowed = {one.pk: one for one in offices()}
    changed = 0
    with transaction.atomic():
        for body in Body.objects.select_for_update(of=("self",)).filter(plan_id=plan_id, pk__in=said):
            chosen = said[body.pk]
            if chosen == body.organisation_id:
                continue
            if chosen is not None and chosen not in allowed:
                raise ValidationError(_("“%(body)s”对应的单位不存在或已停用，请重新选择。") % {"body": body.called})
            before = {"organisation": body.organisation_id, "version": body.version}
            body.organisation_id, body.version = chosen, body.version + 1
            body.save(update_fields=["organisation", "version"])
            after = {"organisation": chosen, "version": body.version}
            record(actor, "duty.body", body, before=before, after=after)
            changed += 1
        name_shares(actor, plan_id, at)
    return changed


def name_shares(actor: Actor, plan_id: str, at: datetime) -> None:
    """Give every organisation the plan names its share, not taken on as yet; whoever has one keeps it as it is.

    One the plan named before and nobody took on yet leads or supports as the plan says now.
    """
    held = {one.key: one.organisation_id for one in bodies_of(plan_id) if one.organisation_id}
    duties = Duty.objects.filter(plan_id=plan_id, ended_at__isnull=True, gathers=False)
    taken = {(one.duty_id, one.organisation_id): one for one in Share.objects.filter(duty__in=duties)}
    done: set[tuple[int, int]] = set()
    fresh = []
    for duty in duties:
        for role, keys in ((Share.Role.LEAD, duty.lead or []), (Share.Role.SUPPORT, duty.support)):
            for organisation in dict.fromkeys(held[key] for key in keys if key in held):
                if (duty.pk, organisation) in done:
                    continue
                done.add((duty.pk, organisation))
                share = taken.get((duty.pk, organisation))
                if share is None:
                    fresh.append(Share(duty=duty, organisation_id=organisation, role=role, origin=Share.Origin.PLAN))
                elif share.role != role and (share.origin, share.state) == (Share.Origin.PLAN, "unclaimed"):
                    share.role, share.version = role, share.version + 1
                    share.save(update_fields=["role", "version"])
    Share.objects.bulk_create(fresh)
