"""The lists of surveys, of their entries, and of those to be telephoned."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.campaigns.data import FLOW, OPEN, REPORTED
from jigai.platform.campaigns.lists import RUN
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.campaigns.standing import with_standing
from jigai.platform.enterprises import reference
from jigai.platform.enterprises.filters import by_division
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.tables import with_manager
from jigai.platform.places.filters import BY_MANAGER
from jigai.platform.web.listing import Cell, Column, Filter, Listing

TONES = {"draft": "idle", "running": "busy", "closed": "ok"}


def _visible(request: HttpRequest) -> QuerySet[Campaign]:
    rows = Campaign.objects.all()
    return rows if request.actor.may(RUN) else rows.exclude(status=Campaign.Status.DRAFT)  # type: ignore[attr-defined]


CAMPAIGNS = Listing(
    key="campaigns",
    title=_("摸排"),
    rows=_visible,
    order="-pk",
    columns=[
        Column("name", _("名称"), lambda one: Cell(one.name, url=reverse("campaigns:page", args=[one.pk]))),
        Column("status", _("状态"), lambda one: Cell(one.get_status_display(), state=TONES[one.status])),
        Column("year", _("规上名单"), lambda one: str(one.year), sort="year"),
        Column("deadline", _("报送期限"), lambda one: one.deadline, sort="deadline"),
        Column("started", _("开始"), lambda one: timezone.localdate(one.started_at) if one.started_at else ""),
        Column("closed", _("结束"), lambda one: timezone.localdate(one.closed_at) if one.closed_at else ""),
    ],
    filters=[
        Filter("q", _("查找"), lambda rows, words: rows.filter(name__icontains=words), hint=_("名称")),
        Filter("status", _("状态"), lambda rows, key: rows.filter(status=key), lambda request: Campaign.Status.choices),
    ],
    empty=_("还没有摸排。"),
)


def entries_of(request: HttpRequest) -> QuerySet[Entry]:
    """Return the entries on the list of the survey the page is about, with how far each is."""
    pk = request.resolver_match.kwargs["pk"] if request.resolver_match else 0
    counted = Q(final__isnull=False) | Q(removed_at__isnull=True) & ~Q(campaign__status=Campaign.Status.CLOSED)
    rows = Entry.objects.filter(counted, campaign=pk).select_related("campaign", "site")
    return with_manager(with_standing(rows))


def by_words(rows: QuerySet[Entry], words: str) -> QuerySet[Entry]:
    """Narrow entries to those found by name (also the one they were listed under), credit code or initials."""
    asked = words.strip()
    return rows.filter(
        Q(listed_as__icontains=asked)
        | Q(site__enterprise_name__icontains=asked)
        | Q(site__credit_code__icontains=asked)
        | Q(legal_person__in=LegalPerson.objects.filter(initials__contains=asked.lower()).values("pk"))
    )


def _state(one: Any) -> Cell:
    said = FLOW.states[_key(one)]
    late, changed = (False, False) if said.key not in REPORTED else (one.late, one.final is None and one.changed)
    marks = [word for word, on in ((_now("逾期"), late), (_now("报后有变动"), changed)) if on]
    return Cell(said.label, state=said.badge, sub="、".join(marks))


def _key(one: Any) -> str:
    return str(one.final["state"]) if one.final else str(one.state)


def _industry(one: Entry) -> str:
    found = reference.industry_classes(timezone.localdate()).get(one.industry_code)
    return found.name if found else one.industry_code


def reminded(one: Any) -> Cell:
    """Return when an entry was last reminded, and whether that reached nobody."""
    if not one.reminded_at:
        return Cell("")
    return Cell(timezone.localdate(one.reminded_at), sub="" if one.reminded_people else _now("没有账号，未送达"))


def by_state(rows: QuerySet[Entry], key: str) -> QuerySet[Entry]:
    """Narrow to a state; of a closed survey to the one it was closed with. *open* are all who have not reported."""
    wanted = OPEN if key == "open" else [key]
    return rows.filter(Q(final__isnull=True, state__in=wanted) | Q(final__state__in=wanted))


SITE = Column(
    "site",
    _("企业"),
    lambda one: Cell(one.site.enterprise_name, url=reverse("campaigns:entry", args=[one.pk]), sub=one.site.name),
    sort="site__enterprise_name",
)
ENTRIES = Listing(
    key="campaign-entries",
    title=_("应报名单"),
    rows=entries_of,
    order="pk",
    columns=[
        SITE,
        Column("code", _("统一社会信用代码"), lambda one: one.site.credit_code, hidden=True),
        Column("manager", _("管理主体"), lambda one: one.manager_name or one.manager_code, sort="manager_code"),
        Column("industry", _("行业小类"), _industry, sort="industry_code"),
        Column("source", _("来源"), lambda one: Cell(one.get_source_display(), sub=one.reason), hidden=True),
        Column("state", _("状态"), _state, sort="state"),
        Column("reported", _("报送时间"), lambda one: timezone.localdate(one.report_at) if one.report_at else ""),
        Column("due", _("期限"), lambda one: one.deadline),
        Column("reminded", _("最近提醒"), reminded),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("企业、信用代码、拼音首字母")),
        Filter(
            "state",
            _("状态"),
            by_state,
            lambda request: [("open", _now("全部未报")), *((key, one.label) for key, one in FLOW.states.items())],
        ),
        BY_MANAGER,
        by_division(Entry.objects),
    ],
    empty=_("应报名单还是空的。"),
)
