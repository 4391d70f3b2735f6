"""Remind who owes something, and tell the city head what stays late; every reminder stands with the task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Membership, Organisation
from jigai.platform.audit.services import record
from jigai.platform.duties.data import REPORT, rule
from jigai.platform.duties.models import Call
from jigai.platform.duties.overdue import Late, Owed, owed
from jigai.platform.home.todo import Todo
from jigai.platform.notices.reminders import remind, stage_of
from jigai.platform.notices.services import Group, send
from jigai.platform.walls.actor import Actor, command
from jigai.platform.walls.scope import use_scope

ESCALATED = "escalate"
HEADS = ("city_head",)
"""The roles that are told what stays late."""


def todo_of(one: Owed) -> Todo:
    """Return what is owed as something to do, for the workbench and the reminder of whoever owes it."""
    if one.rule == "milestone":
        title = _("节点：%(what)s") % {"what": one.words}
        action = _("登记")
    elif one.rule == "stalled":
        title, action = _("任务停滞：%(what)s") % {"what": one.words}, _("报进展")
    else:
        title, action = _("报任务进展：%(what)s") % {"what": one.words}, _("报进展")
    return Todo(
        title=title,
        url=_page(one),
        action=action,
        detail=one.detail,
        subject=str(one.duty),
        source=_("任务台账"),
        due=one.due,
    )


def by_schedule(today: date, at: datetime) -> int:
    """Send the reminders reached by ``today``: before it is due, on the day, once it is late, and after the days of
    ``escalate`` to the city head; each once. Returns how many."""
    actor, count = command("task reminders"), 0
    with transaction.atomic(), use_scope(actor.scope):
        done = {
            (duty, share or 0, kind, about, due, stage)
            for duty, share, kind, about, due, stage in Call.objects.values_list(
                "duty_id", "share_id", "rule", "about", "due", "stage"
            )
        }
        for one in owed(today):
            stages = [stage.key for stage in (stage_of(todo_of(one), today),) if stage]
            late = (today - one.due).days
            if late >= rule("escalate"):
                stages.append(ESCALATED)
            for stage in stages:
                if (*one.key, one.due, stage) not in done:
                    people = _escalate(actor, one, late) if stage == ESCALATED else _remind(one, today)
                    _keep(actor, one, stage, people, at)
                    count += 1
    return count


def _remind(one: Owed, today: date) -> int:
    """Remind whoever owes it, each in their language; returns how many people were written to."""
    if one.share is None:
        return 0
    posts = [post for post in _posts([one.share.organisation_id]) if REPORT in post.role.capabilities]
    for post in posts:
        with translation.override(post.user.language):
            remind(todo_of(one), post, today)
    return len({post.user_id for post in posts})


def _escalate(actor: Actor, one: Owed, late: int) -> int:
    """Tell the heads of the city's departments."""
    heads = Membership.objects.filter(active=True, role_key__in=HEADS).values("organisation")
    groups = [Group(office, HEADS) for office in Organisation.objects.filter(pk__in=heads, active=True)]
    organisation = str(one.share.organisation) if one.share else _("还没有牵头单位")
    title = _("任务逾期 %(days)d 天：%(task)s") % {"days": late, "task": one.duty}
    text = "；".join(part for part in (organisation, one.words, one.detail) if part)
    sent = send(
        actor,
        to=groups,
        kind="duty",
        title=title,
        text=text,
        url=_page(one),
        key=f"duty:{ESCALATED}:{':'.join(map(str, one.key))}:{one.due}",
    )
    after = {"rule": one.rule, "about": one.about, "due": one.due, "people": len(sent)}
    record(actor, "duty.escalated", one.duty, after=after)
    return len(sent)


def _keep(actor: Actor, one: Owed, stage: str, people: int, at: datetime) -> None:
    Call(
        duty=one.duty,
        share=one.share,
        rule=one.rule,
        about=one.about,
        due=one.due,
        stage=stage,
        people=people,
        recorded_at=at,
        recorded_by=actor.label[:150],
        **(one.share.scope_columns() if one.share else {}),
    ).save()


def call(actor: Actor, late: Iterable[Late], at: datetime) -> int:
    """Urge by hand whoever is late; returns how many things were urged, each written to all who can report it."""
    actor.require("notice.send")
    count = 0
    with transaction.atomic():
        for one in late:
            if one.share is None:
                continue
            sent = send(
                actor,
                to=one.share.organisation,
                kind="duty",
                title=_("催办：%(task)s") % {"task": one.duty},
                text=_("%(what)s，已逾期 %(days)d 天。") % {"what": one.words, "days": one.days},
                url=_page(one),
                due=one.due,
                key=f"duty:call:{':'.join(map(str, one.key))}:{at:%Y-%m-%d}",
            )
            if sent:
                _keep(actor, one, "call", len(sent), at)
                record(actor, "duty.called", one.duty, after={"rule": one.rule, "people": len(sent)})
                count += 1
    return count


def _posts(organisations: list[int]) -> list[Membership]:
    rows = Membership.objects.select_related("user", "organisation")
    return list(rows.filter(organisation__in=organisations, active=True, user__is_active=True))


def _page(one: Owed) -> str:
    return reverse("duties:page", args=[one.duty.pk])
