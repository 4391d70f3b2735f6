"""What waits for people: objections to answer, material to supply, findings that can still be contested, checks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises.rules import governs
from jigai.platform.home.todo import Todo
from jigai.platform.replies import objections
from jigai.platform.replies.data import FLOW
from jigai.platform.replies.models import Objection, SiteCheck, Told
from jigai.platform.replies.tables import TOLD
from jigai.platform.replies.telling import page
from jigai.platform.walls.actor import Actor

SINGLE = 8
"""Objections named one by one; more are gathered in one line."""


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``."""
    if actor.may(objections.DECIDE) and governs(actor):
        yield from _to_answer(actor)
    if actor.may(objections.FILE) and not governs(actor):
        yield from _of_enterprise()
    if actor.may("site.check"):
        yield from _checks(actor)


def _to_answer(actor: Actor) -> Iterable[Todo]:
    silent = Q(state="asked", level="city")  # the enterprise gave nothing more, and the time to answer ran out
    waiting = Objection.objects.filter(Q(state__in=("open", "late")) | silent).select_related("device", "site")
    if not actor.scope.managers:
        waiting = waiting.filter(level="city")
    found = list(waiting.order_by("answer_due", "pk")[: SINGLE + 1])
    task = partial(Todo, action=_("答复"), source=_("异议与答复"))
    if len(found) > SINGLE:
        url = reverse("replies:list") + "?state=waiting"
        yield task(_("答复 %(n)d 件异议") % {"n": waiting.count()}, url=url, due=found[0].answer_due)
        return
    for one in found:
        yield task(
            _("答复对“%(device)s”的异议") % {"device": one.device},
            url=page(one),
            subject=one.site.enterprise_name,
            detail=_("已转市级") if one.level == "city" else FLOW.states[one.state].label,
            due=one.answer_due,
            since=timezone.localtime(one.filed_at).date(),
        )


def _of_enterprise() -> Iterable[Todo]:
    asked = Objection.objects.filter(state="asked").select_related("device", "site")
    for one in asked.order_by("answer_due", "pk")[:SINGLE]:
        last = one.steps.filter(step="ask").order_by("-pk").first()
        yield Todo(
            _("补充“%(device)s”的异议材料") % {"device": one.device},
            url=page(one),
            action=_("补充"),
            subject=one.site.enterprise_name,
            detail=last.words[:60] if last else "",
            source=_("异议与答复"),
            due=one.answer_due,
        )
    today = timezone.localdate()
    open_ = TOLD.rows(None).filter(due__gte=today, contested=False)  # type: ignore[arg-type]
    first: Told | None = open_.order_by("due").first()
    if first is not None:
        yield Todo(
            _("核对 %(n)d 条不利判定，有异议的在期限内提出") % {"n": open_.count()},
            url=reverse("replies:told") + "?window=open",
            action=_("核对"),
            source=_("异议与答复"),
            detail=_("无异议的不用办理"),
            due=first.due,
            since=first.told_on,
        )


def _checks(actor: Actor) -> Iterable[Todo]:
    for one in SiteCheck.objects.filter(state="open").select_related("site").order_by("pk")[:SINGLE]:
        if governs(actor) and one.opened_by != actor.label:
            continue
        done, total = one.items.exclude(found="").count(), one.items.count()
        yield Todo(
            _("现场核对：已核 %(done)d/%(total)d 台") % {"done": done, "total": total},
            url=reverse("replies:check", args=[one.pk]),
            action=_("继续"),
            subject=one.site.enterprise_name,
            detail=one.site.name,
            source=_("现场核对"),
            since=timezone.localtime(one.opened_at).date(),
        )
