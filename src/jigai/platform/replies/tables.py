"""The lists of objections, of what enterprises were told, and of checks at sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.ledger.words import choices, word
from jigai.platform.places.filters import BY_MANAGER
from jigai.platform.replies.data import FLOW, OPEN, words
from jigai.platform.replies.models import Objection, Told
from jigai.platform.replies.pages import verdict_badge
from jigai.platform.screening.models import Finding
from jigai.platform.web.listing import Cell, Column, Filter, Listing
from jigai.screening.onsite import ON_LISTS

WAITING = "waiting"
OVERDUE = "overdue"


def _objections(request: HttpRequest) -> QuerySet[Objection]:
    return Objection.objects.select_related("device", "site")


def _by_words(rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
    return rows.filter(
        Q(device__name__icontains=asked)
        | Q(device__model__icontains=asked)
        | Q(device__code__icontains=asked)
        | Q(site__enterprise_name__icontains=asked)
    )


def _by_state(rows: QuerySet[Objection], key: str) -> QuerySet[Objection]:
    if key == WAITING:
        return rows.filter(state__in=OPEN)
    if key == OVERDUE:
        return rows.filter(state__in=OPEN, answer_due__lt=timezone.localdate())
    return rows.filter(state=key)


def _states(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    named = [(key, one.label) for key, one in FLOW.states.items()]
    return [(WAITING, _now("待答复（全部）")), (OVERDUE, _now("逾期未答复")), *named]


def _device(one: Any) -> Cell:
    return Cell(str(one.device), url=reverse("ledger:device", args=[one.device_id]), sub=one.device.model)


def _objected(one: Objection) -> Cell:
    text = f"{word('check', one.check_name)}：{word('outcome', one.outcome)}"
    return Cell(text, url=reverse("replies:objection", args=[one.pk]), sub=words("reasons")[one.reason].label)


def _state(one: Objection) -> Cell:
    shown = FLOW.states[one.state]
    more = [_now("逾期提出")] if one.late and one.state != "late" else []
    if one.level == "city" and one.state in OPEN:
        more.append(_now("已转市级"))
    return Cell(shown.label, state=shown.badge, sub="、".join(more))


def _answer_due(one: Objection) -> Any:
    if one.state not in OPEN:
        return ""
    left = (one.answer_due - timezone.localdate()).days
    note = _now("逾期 %d 天") % -left if left < 0 else _now("还有 %d 天") % left
    return Cell(one.answer_due, sub=note)


def _verdict(verdict: str) -> Any:
    shown = verdict_badge(verdict)
    return Cell(shown["word"], state=shown["state"]) if shown else ""


OBJECTIONS = Listing(
    key="objections",
    title=_("异议与答复"),
    rows=_objections,
    order="-pk",
    columns=[
        Column("finding", _("判定"), _objected),
        Column("device", _("设备"), _device),
        Column("enterprise", _("企业"), lambda one: Cell(one.site.enterprise_name, sub=one.site.name)),
        Column("state", _("状态"), _state, sort="state"),
        Column(
            "filed",
            _("提出"),
            lambda one: Cell(timezone.localtime(one.filed_at).date(), sub=one.filed_by),
            sort="filed_at",
        ),
        Column("due", _("答复期限"), _answer_due, sort="answer_due"),
        Column("before", _("原结论"), lambda one: _verdict(one.verdict_before)),
        Column("after", _("答复后"), lambda one: _verdict(one.verdict_after)),
        Column("by", _("答复人"), lambda one: one.decided_by, hidden=True),
        Column("document", _("依据文件"), lambda one: one.finding["document"], hidden=True),
        Column("words", _("异议内容"), lambda one: one.words, hidden=True),
    ],
    filters=[
        Filter("q", _("查找"), _by_words, hint=_("设备、编号、企业")),
        Filter("state", _("状态"), _by_state, _states),
        Filter(
            "reason",
            _("理由"),
            lambda rows, key: rows.filter(reason=key),
            lambda request: [(key, one.label) for key, one in words("reasons").items()],
        ),
        Filter("check", _("检查"), lambda rows, key: rows.filter(check_name=key), lambda request: choices("check")),
        BY_MANAGER,
    ],
    empty=_("还没有异议。企业在设备页的判定下点“提出异议”。"),
    empty_step=_("看告知过的判定"),
    empty_url="/replies/told/",
)


def _told(request: HttpRequest) -> QuerySet[Told]:
    """Return what was told and still stands."""
    same = Finding.objects.filter(
        device=OuterRef("device"),
        check_name=OuterRef("check_name"),
        outcome=OuterRef("outcome"),
        rule_id=OuterRef("rule_id"),
    )
    contested = Objection.objects.filter(
        device=OuterRef("device"),
        check_name=OuterRef("check_name"),
        rule_id=OuterRef("rule_id"),
        state__in=OPEN,
    )
    return Told.objects.filter(Exists(same)).select_related("device", "site").annotate(contested=Exists(contested))


def _left(one: Told) -> Any:
    left = (one.due - timezone.localdate()).days
    note = _now("已过期") if left < 0 else _now("还有 %d 天") % left
    return Cell(one.due, sub=note if one.certain else f"{note}；{_now('节假日安排未登记，暂按周末推算')}")


def _by_window(rows: QuerySet[Told], key: str) -> QuerySet[Told]:
    today = timezone.localdate()
    return rows.filter(due__lt=today) if key == "over" else rows.filter(due__gte=today)


def _contested(one: Any) -> Any:
    waiting = FLOW.states["open"]
    return Cell(waiting.label, state=waiting.badge) if one.contested else ""


def _said(one: Told) -> Cell:
    rule = one.rule_id if one.check_name in ON_LISTS else ""  # entries of lists have numbers people know
    text = f"{word('check', one.check_name)}：{word('outcome', one.outcome)}"
    return Cell(text, url=reverse("ledger:device", args=[one.device_id]) + f"?check={one.check_name}", sub=rule)


TOLD = Listing(
    key="told",
    title=_("判定告知"),
    rows=_told,
    order="due",
    columns=[
        Column("device", _("设备"), _device),
        Column("finding", _("判定"), _said),
        Column("enterprise", _("企业"), lambda one: Cell(one.site.enterprise_name, sub=one.site.name)),
        Column("told", _("告知日"), lambda one: one.told_on, sort="told_on"),
        Column("due", _("异议期限"), _left, sort="due"),
        Column("contested", _("异议"), _contested),
    ],
    filters=[
        Filter("q", _("查找"), _by_words, hint=_("设备、编号、企业")),
        Filter("check", _("检查"), lambda rows, key: rows.filter(check_name=key), lambda request: choices("check")),
        Filter(
            "window",
            _("异议期限"),
            _by_window,
            lambda request: [("open", _now("可以提出")), ("over", _now("已过期"))],
        ),
        BY_MANAGER,
    ],
    empty=_("没有要告知的判定：还没有筛查，或没有不利判定。"),
    empty_step=_("看设备"),
    empty_url="/devices/",
)


def listing_of(key: str) -> Listing | None:
    """Return the list of checks, which stands in a module of its own."""
    from jigai.platform.replies.check_tables import CHECKS

    return CHECKS if key == CHECKS.key else None
