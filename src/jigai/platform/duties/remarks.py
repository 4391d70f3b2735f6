"""Say something about a task, and answer: between the city office, the departments and the counties."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation, User
from jigai.platform.audit.services import record
from jigai.platform.duties.data import COMMENT
from jigai.platform.duties.models import Duty, Remark, Share
from jigai.platform.notices.services import Receiver, send
from jigai.platform.walls.actor import Actor

_ROOM: Final = 1000
"""Letters a comment or an answer has room for."""


def remarks_of(duty: Duty) -> list[Remark]:
    """Return the comments on a task in scope, the newest first, each with its answers (``answers_in_scope``)."""
    answers = Prefetch("replies", Remark.objects.order_by("pk"), to_attr="answers_in_scope")
    rows = Remark.objects.filter(duty=duty, answers=None).select_related("share__organisation")
    return list(rows.order_by("-pk").prefetch_related(answers))


def add(actor: Actor, duty: Duty, text: str, at: datetime, share: Share | None = None) -> Remark:
    """Comment on a task; with ``share`` to the organisation that has it, which is told and can answer.

    Raises:
        ValidationError: nothing is written or too much, or the share is of another task.
    """
    actor.require(COMMENT)
    if share is not None and share.duty_id != duty.pk:
        raise ValidationError(_("请从承担单位中选择写给谁。"))
    return _keep(actor, duty, text, at, share, None)


def answer(actor: Actor, duty: Duty, number: int, text: str, at: datetime) -> Remark:
    """Answer a comment in scope; whoever is concerned is told.

    Raises:
        ValidationError: nothing is written or too much, or there is no such comment.
    """
    actor.require(COMMENT)
    asked = Remark.objects.filter(duty=duty, pk=number, answers=None).select_related("share__organisation").first()
    if asked is None:
        raise ValidationError(_("没有这条意见，可能已刷新；请重新打开页面。"))
    return _keep(actor, duty, text, at, asked.share, asked)


def _keep(actor: Actor, duty: Duty, text: str, at: datetime, share: Share | None, asked: Remark | None) -> Remark:
    if not text.strip():
        raise ValidationError(_("请写内容。"))
    if len(text.strip()) > _ROOM:
        said = {"most": _ROOM, "n": len(text.strip())}
        raise ValidationError(_("太长：最多 %(most)d 字，现为 %(n)d 字。请缩短，或分几条写。") % said)
    organisation = actor.organisation
    columns = (
        {"org_id": asked.org_id, "manager_code": asked.manager_code}
        if asked
        else share.scope_columns()
        if share
        else {"org": organisation, "manager_code": organisation.manager_code if organisation else ""}
    )
    with transaction.atomic():
        made = Remark(
            duty=duty,
            share=share,
            answers=asked,
            text=text.strip(),
            office=str(organisation or "")[:120],
            recorded_at=at,
            recorded_by=actor.label[:150],
            **columns,
        )
        made.save()
        record(actor, "duty.remarked", duty, after={"text": made.text[:200], "answers": asked.pk if asked else None})
        send(
            actor,
            to=_concerned(actor, duty, share, asked),
            kind="duty",
            title=_("任务有新意见：%(task)s") % {"task": duty},
            text=made.text,
            url=reverse("duties:page", args=[duty.pk]) + "#remarks",
        )
    return made


def _concerned(actor: Actor, duty: Duty, share: Share | None, asked: Remark | None) -> list[Receiver]:
    """Return who is told: whoever asked, else whom it is to, else all that work at the task; never one's own side."""
    if asked is not None:
        return list(User.objects.filter(username=asked.recorded_by).exclude(username=actor.label))
    shares = Share.objects.filter(duty=duty).exclude(state__in=("refused", "released"))
    if share is not None:
        shares = shares.filter(pk=share.pk)
    own = actor.organisation.pk if actor.organisation else 0
    return list(Organisation.objects.filter(pk__in=shares.values("organisation")).exclude(pk=own))
