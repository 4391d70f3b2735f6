"""Take a step with a share of a task: take it on, assign it, report it completed, confirm, send back, release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.duties import bodies, standing
from jigai.platform.duties.data import FLOW, REPORT, RUN
from jigai.platform.duties.models import Duty, Share, ShareStep
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step, kept_comment

_OWED_FROM = ("claim", "assign", "confirm_claim")
"""The steps from which on progress is owed."""
_COMMENT: Final = 500
"""Letters a comment has room for."""


def own(actor: Actor, share: Share) -> bool:
    """Say whether ``actor`` acts for the organisation that has the share."""
    return actor.organisation is not None and actor.organisation.pk == share.organisation_id


def open_steps(actor: Actor, share: Share) -> list[Step]:
    """Return the steps ``actor`` has a button for: an organisation with its own share, the city office with any."""
    if share.duty.ended_at:
        return []
    steps = FLOW.steps_from(actor, share.state)
    return [one for one in steps if one.capability == RUN or own(actor, share)]


def take_step(actor: Actor, share: Share, version: int, key: str, at: datetime, comment: str = "") -> ShareStep:
    """Take a step with a share.

    Args:
        actor: who takes it; for a step of ``duty.report`` it is their own organisation's share.
        share: seen in ``version``.
        version: of the share when the page was drawn.
        key: of ``steps.csv``.
        at: when.
        comment: why, where the step asks for it.

    Raises:
        ValidationError: somebody was faster, the state does not allow it, the comment is missing, or one would
            confirm what one reported oneself; says what to do.
    """
    wanted = FLOW.steps[key]
    actor.require(wanted.capability)
    with transaction.atomic():
        held = Share.objects.select_for_update(of=("self",)).select_related("duty", "organisation").get(pk=share.pk)
        if wanted.capability == REPORT and not own(actor, held):
            raise PermissionDenied(REPORT)
        if held.version != version:
            raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
        return take(actor, held, wanted, at, comment)


def take(actor: Actor, held: Share, wanted: Step, at: datetime, comment: str = "") -> ShareStep:
    """Take a step with a share that is locked and whose version was asked; see `take_step`."""
    _check(actor, held, wanted, comment)
    comment = kept_comment(comment, _COMMENT)
    before = {"state": held.state, "version": held.version}
    held.state, held.version = wanted.after(held.state), held.version + 1
    if wanted.key in _OWED_FROM:
        held.since = timezone.localdate(at)
    held.save()
    step = ShareStep(
        share=held,
        kind=wanted.key,
        state=held.state,
        comment=comment,
        recorded_at=at,
        recorded_by=actor.label[:150],
        **held.scope_columns(),
    )
    step.save()
    standing.settle(held.duty)
    after = {"state": held.state, "version": held.version, "organisation": held.organisation_id}
    record(actor, f"duty.{wanted.key}", held.duty, before=before, after=after, reason=comment)
    _tell(actor, held, wanted, comment)
    return step


def _check(actor: Actor, held: Share, wanted: Step, comment: str) -> None:
    if held.duty.ended_at:
        raise ValidationError(_("新版方案已没有这项任务，不能再办理。"))
    if held.state not in wanted.sources:
        said = {"state": FLOW.states[held.state].label, "step": wanted.label}
        raise ValidationError(_("现在是“%(state)s”，不能%(step)s；可能有人刚刚办理，请刷新查看。") % said)
    if wanted.required and not comment.strip():
        raise ValidationError({"comment": _("请写明原因或意见。")})
    if wanted.key == "confirm":
        last = ShareStep.objects.filter(share=held, kind="finish").order_by("-pk").first()
        if last and last.recorded_by == actor.label[:150]:
            raise ValidationError(_("办结是您本人报的，请由市级经办的另一位同志确认。"))


def claim(actor: Actor, duty: Duty, role: str, at: datetime) -> list[Share]:
    """Take a task on for one's own organisation, as ``lead`` or ``support``; return the shares.

    Whom the plan names takes it on at once; another offers itself, and the city office confirms. A task that gathers
    is taken on with all its sub-tasks that nobody leads yet.

    Raises:
        ValidationError: there is nothing left to take on, or the plan names it for the other role.
    """
    actor.require(REPORT)
    organisation = actor.organisation
    if organisation is None or organisation.kind not in bodies.OFFICES:
        raise PermissionDenied(REPORT)
    with transaction.atomic():
        shares = [_claimed(actor, one, organisation, role, at) for one in _meant(duty, organisation, role)]
    if not shares:
        raise ValidationError(_("没有可以认领的：本单位已认领，或已有单位牵头。"))
    return shares


def _meant(duty: Duty, organisation: Organisation, role: str) -> list[Duty]:
    """Return the tasks in which the organisation has nothing yet, locked; to lead, those nobody works at."""
    if duty.ended_at:
        raise ValidationError(_("新版方案已没有这项任务，不能再办理。"))
    rows = Duty.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True)
    wanted = list(rows.filter(parent=duty) if duty.gathers else rows.filter(pk=duty.pk))
    shares = Share.objects.filter(duty__in=wanted).exclude(state__in=("unclaimed", "refused", "released"))
    busy = set(shares.filter(organisation=organisation).values_list("duty", flat=True))
    named = dict(
        Share.objects.filter(duty__in=wanted, organisation=organisation, state="unclaimed").values_list("duty", "role")
    )
    if duty.gathers:
        busy |= {pk for pk, said in named.items() if said != role}
    if role == Share.Role.LEAD:
        led = set(shares.filter(role=Share.Role.LEAD).values_list("duty", flat=True))
        busy |= led - set(named)
    return [one for one in wanted if one.pk not in busy]


def _claimed(actor: Actor, duty: Duty, organisation: Organisation, role: str, at: datetime) -> Share:
    share, _made = Share.objects.select_for_update(of=("self",)).get_or_create(
        duty=duty, organisation=organisation, defaults={"role": role, "origin": Share.Origin.CLAIMED}
    )
    named = share.origin == Share.Origin.PLAN and share.state == "unclaimed"
    if named and share.role != role:
        said = {"task": duty, "role": share.get_role_display()}
        raise ValidationError(_("方案写明本单位%(role)s“%(task)s”，请按此认领；要改的，请市级经办指定。") % said)
    share.role = role
    take(actor, share, FLOW.steps["claim" if named else "propose"], at)
    return share


def assign(actor: Actor, duty: Duty, organisation: Organisation, role: str, at: datetime, comment: str = "") -> Share:
    """Give a task to an organisation (city office): it leads or supports from now on, and is told.

    Raises:
        ValidationError: the task has sub-tasks or has ended, the organisation is none a task is given to, or it has
            taken it on already.
    """
    actor.require(RUN)
    if duty.gathers:
        raise ValidationError(_("这项任务有分任务，请逐项指定分任务的承担单位。"))
    if not bodies.offices().filter(pk=organisation.pk).exists():
        raise ValidationError({"organisation": _("只能指定给市级部门或县区部门。")})
    with transaction.atomic():
        Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        share, made = Share.objects.select_for_update(of=("self",)).get_or_create(
            duty=duty, organisation=organisation, defaults={"role": role, "origin": Share.Origin.ASSIGNED}
        )
        if not made and share.origin != Share.Origin.PLAN:
            share.origin = Share.Origin.ASSIGNED
        share.role = role
        take(actor, share, FLOW.steps["assign"], at, comment)
    return share


def set_person(actor: Actor, share: Share, version: int, person: str, phone: str) -> Share:
    """Note who looks after a share in one's own organisation.

    Raises:
        ValidationError: somebody was faster.
    """
    actor.require(REPORT)
    if not own(actor, share):
        raise PermissionDenied(REPORT)
    with transaction.atomic():
        held = Share.objects.select_for_update(of=("self",)).select_related("duty", "organisation").get(pk=share.pk)
        if held.version != version:
            raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
        before = {"person": held.person, "phone": held.phone, "version": held.version}
        held.person, held.phone, held.version = person.strip(), phone.strip(), held.version + 1
        held.save(update_fields=["person", "phone", "version"])
        after = {"person": held.person, "phone": held.phone, "version": held.version}
        record(actor, "duty.person", held.duty, before=before, after=after)
    return held


def _tell(actor: Actor, held: Share, wanted: Step, comment: str) -> None:
    """Tell the organisation what the city office did; what an organisation does stands in the office's to-dos."""
    if wanted.capability != RUN or own(actor, held):
        return
    titles = {
        "assign": _("请承担任务：%(task)s"),
        "confirm_claim": _("同意认领：%(task)s"),
        "refuse_claim": _("没有同意认领：%(task)s"),
        "confirm": _("已确认办结：%(task)s"),
        "return": _("办结已退回：%(task)s"),
        "release": _("不再承担：%(task)s"),
    }
    send(
        actor,
        to=held.organisation,
        kind="duty",
        title=titles[wanted.key] % {"task": held.duty},
        text=comment,
        url=reverse("duties:page", args=[held.duty_id]),
    )


def own_shares(actor: Actor, duties: Iterable[Duty]) -> dict[int, Share]:
    """Return the share one's own organisation has in each of ``duties``, by the number of the task."""
    if actor.organisation is None:
        return {}
    rows = Share.objects.filter(duty__in=list(duties), organisation=actor.organisation)
    return {one.duty_id: one for one in rows}
