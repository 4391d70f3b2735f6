"""The list of tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.duties.data import FLOW
from jigai.platform.duties.models import Duty, Milestone, Report, Share
from jigai.platform.duties.overdue import overdue
from jigai.platform.duties.services import in_force
from jigai.platform.web.listing import Cell, Column, Filter, Listing

SHOWN = ("unclaimed", "proposed", "claimed", "doing", "returned", "finishing", "done")
"""The states a task can be in; a share can be in others too."""


def active_shares() -> QuerySet[Share]:
    """Return the shares that count, with their organisations."""
    return Share.objects.exclude(state__in=("refused", "released")).select_related("organisation")


def _count(rows: QuerySet[Any], link: str) -> Coalesce:
    found = rows.order_by().values(link).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def tasks(request: HttpRequest) -> QuerySet[Duty]:
    """Return the tasks progress is reported in, with milestones, reports in scope, and for how long they are late."""
    own = request.actor.organisation  # type: ignore[attr-defined]
    late: dict[int, int] = {}
    for one in overdue(timezone.localdate()):
        late[one.duty.pk] = max(one.days, late.get(one.duty.pk, 0))
    points = Milestone.objects.filter(duty=OuterRef("pk"), ended_at__isnull=True)
    mine = Share.objects.filter(duty=OuterRef("pk"), organisation=own.pk if own else 0).values("state")
    days: Any = Case(*(When(pk=pk, then=Value(days)) for pk, days in late.items()), output_field=IntegerField())
    return (
        in_force()
        .filter(gathers=False)
        .select_related("parent")
        .prefetch_related(Prefetch("shares", active_shares(), to_attr="held"))
        .annotate(
            n_points=_count(points, "duty"),
            n_reached=_count(points.filter(reached_on__isnull=False), "duty"),
            n_reports=_count(Report.objects.filter(share__duty=OuterRef("pk")), "share__duty"),
            late_days=days if late else Value(None, output_field=IntegerField()),
            own_state=Subquery(mine[:1]),
        )
    )


def by_words(rows: QuerySet[Duty], words: str) -> QuerySet[Duty]:
    """Narrow to tasks by number, title or clause."""
    asked = words.strip()
    found = Q(title_zh__icontains=asked) | Q(title_en__icontains=asked) | Q(clause__icontains=asked)
    return rows.filter(found | Q(key__iexact=asked) | Q(parent__title_zh__icontains=asked))


def _held_by(rows: QuerySet[Duty], key: str) -> QuerySet[Duty]:
    if not key.isdecimal() or len(key) > 17:
        return rows.none()
    return rows.filter(pk__in=active_shares().filter(organisation=int(key)).values("duty"))


def _mine(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    own = rows.filter(own_state__isnull=False).exclude(own_state__in=("refused", "released"))
    return own if key == "1" else rows.exclude(pk__in=own.values("pk"))


def _parts(request: HttpRequest) -> list[tuple[str, str]]:
    name = "part_en" if (get_language() or "").startswith("en") else "part_zh"
    rows = in_force().exclude(part="").order_by("part", "position").values_list("part", name, "part_zh")
    found = {part: said or zh for part, said, zh in rows}
    return [*found.items(), ("measures", _now("保障措施"))]


def _by_part(rows: QuerySet[Duty], key: str) -> QuerySet[Duty]:
    return rows.filter(kind="measure") if key == "measures" else rows.filter(part=key)


def _holders(*kinds: str) -> Any:
    def offer(request: HttpRequest) -> list[tuple[str, str]]:
        held = active_shares().values("organisation")
        rows = Organisation.objects.filter(pk__in=held, kind__in=kinds).order_by("manager_code", "pk")
        return [(str(one.pk), str(one)) for one in rows]

    return offer


def who(shares: list[Share], role: str) -> str:
    """Return who leads or supports, by name; those that have not taken it on yet are marked."""
    waiting = _now("（未认领）")
    names = [f"{one.organisation}{waiting if one.state == 'unclaimed' else ''}" for one in shares if one.role == role]
    return "、".join(names[:3]) + (_now(" 等 %(n)d 个单位") % {"n": len(names)} if len(names) > 3 else "")


def _state(one: Any) -> Cell:
    said = FLOW.states[one.state]
    return Cell(said.label, state=said.badge, sub=_now("请市里定牵头") if one.asked and not one.held else "")


def _late(one: Any) -> Any:
    return Cell(_now("逾期 %(n)d 天") % {"n": one.late_days}, state="stop") if one.late_days is not None else ""


DUTIES = Listing(
    key="duties",
    title=_("任务台账"),
    rows=tasks,
    order="position",
    columns=[
        Column("key", _("编号"), lambda one: one.key, sort="position"),
        Column(
            "title",
            _("任务"),
            lambda one: Cell(
                one.title, url=reverse("duties:page", args=[one.pk]), sub=one.parent.title if one.parent else one.clause
            ),
        ),
        Column("part", _("行动"), lambda one: one.part_title or _now("保障措施"), hidden=True),
        Column("clause", _("条款"), lambda one: one.clause, hidden=True),
        Column("lead", _("牵头"), lambda one: who(one.held, "lead")),
        Column("support", _("配合"), lambda one: who(one.held, "support"), hidden=True),
        Column("state", _("状态"), _state, sort="state"),
        Column("percent", _("进度"), lambda one: one.percent, unit="%", numeric=True, sort="percent"),
        Column("points", _("节点"), lambda one: one.n_points, unit=_("个"), numeric=True, sums="n_points"),
        Column(
            "points_reached",
            _("已达到"),
            lambda one: one.n_reached,
            unit=_("个"),
            numeric=True,
            sums="n_reached",
        ),
        Column("reports", _("月报"), lambda one: one.n_reports, unit=_("份"), numeric=True, sums="n_reports"),
        Column("late", _("逾期"), _late, sort="late_days"),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("任务、编号、条款")),
        Filter("part", _("行动"), _by_part, _parts),
        Filter("department", _("部门"), _held_by, _holders("department")),
        Filter("unit", _("县区"), _held_by, _holders("county_bureau")),
        Filter(
            "state",
            _("状态"),
            lambda rows, key: rows.filter(state=key),
            lambda request: [(key, FLOW.states[key].label) for key in SHOWN],
        ),
        Filter(
            "late",
            _("逾期"),
            lambda rows, key: rows.filter(late_days__isnull=key != "1"),
            lambda request: [("1", _now("逾期")), ("0", _now("不逾期"))],
        ),
        Filter("mine", _("本单位"), _mine, lambda request: [("1", _now("本单位承担")), ("0", _now("其他单位"))]),
    ],
    empty=_("还没有任务：请市级经办采用方案文件。"),
)
