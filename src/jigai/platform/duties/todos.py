"""What tasks ask of people: an organisation to take on and report, the city office to confirm and assign, the city
head to look at what stays late."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.duties import bodies
from jigai.platform.duties.adopting import current
from jigai.platform.duties.data import REPORT, RUN, VIEW, limit, rule
from jigai.platform.duties.models import Duty, Share
from jigai.platform.duties.overdue import Owed, owed
from jigai.platform.duties.reminding import HEADS, todo_of
from jigai.platform.home.todo import Todo
from jigai.platform.walls.actor import Actor


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``."""
    adopted = current() if actor.may(VIEW) else None
    if adopted is None:
        return
    head = actor.membership is not None and actor.membership.role_key in HEADS
    held = owed(timezone.localdate()) if head or actor.may(REPORT) else []
    if actor.may(REPORT) and actor.organisation is not None:
        yield from _own(actor.organisation.pk, held)
    if actor.may(RUN):
        yield from _office(adopted.plan_id)
    if head:
        yield from _late(held)


def _own(organisation: int, held: list[Owed]) -> Iterable[Todo]:
    own = [one for one in held if one.share is not None and one.share.organisation_id == organisation]
    if len(own) > limit("shown_todos"):
        title = _("%(n)d 项任务要报进展或登记节点") % {"n": len(own)}
        url = reverse("duties:organisation", args=[organisation])
        yield Todo(title, url, _("办理"), source=_("任务台账"), due=min(one.due for one in own))
    else:
        yield from (todo_of(one) for one in own)
    named = Share.objects.filter(organisation=organisation, state="unclaimed", duty__ended_at__isnull=True).count()
    if named:
        title = _("方案写明本单位承担的 %(n)d 项任务待认领") % {"n": named}
        yield Todo(title, reverse("duties:organisation", args=[organisation]), _("认领"), source=_("任务台账"))


def _office(plan: str) -> Iterable[Todo]:
    waiting = Share.objects.filter(state__in=("proposed", "finishing"), duty__ended_at__isnull=True)
    for share in waiting.select_related("duty", "organisation")[: limit("shown_todos")]:
        title = _("确认认领：%(task)s") if share.state == "proposed" else _("确认办结：%(task)s")
        yield Todo(
            title % {"task": share.duty},
            reverse("duties:page", args=[share.duty_id]),
            _("确认"),
            subject=str(share.organisation),
            source=_("任务台账"),
        )
    asked = bodies.open_bodies(plan).count()
    if asked:
        title = _("方案中的 %(n)d 个单位还不知道对应哪个单位") % {"n": asked}
        yield Todo(title, reverse("duties:bodies"), _("对应"), source=_("任务台账"))
    free = Duty.objects.filter(plan_id=plan, state="unclaimed", gathers=False, ended_at__isnull=True).count()
    if free:
        title = _("%(n)d 项任务还没有单位牵头") % {"n": free}
        yield Todo(title, reverse("duties:list") + "?state=unclaimed", _("指定"), source=_("任务台账"))


def _late(held: list[Owed]) -> Iterable[Todo]:
    today = timezone.localdate()
    late = [one for one in held if (today - one.due).days >= rule("escalate")]
    if late:
        title = _("%(n)d 件任务事项逾期 %(days)d 天以上") % {"n": len(late), "days": rule("escalate")}
        yield Todo(title, reverse("duties:overdue"), _("查看"), source=_("任务台账"), due=min(one.due for one in late))
