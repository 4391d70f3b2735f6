"""The lists of enterprises, and of those on the above-scale list of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises import above_scale, reference
from jigai.platform.enterprises.data import keyed
from jigai.platform.enterprises.filters import by_division
from jigai.platform.enterprises.line_tables import LINES
from jigai.platform.enterprises.models import AboveScale, LegalPerson, Title
from jigai.platform.enterprises.titles import title_name
from jigai.platform.places.filters import BY_COUNTY, BY_MANAGER
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.web.listing import Cell, Column, Filter, Listing

KEY = "enterprises"
BADGES = {"operating": "ok", "stopped": "warn", "closed": "idle", "archived": "idle"}


def by_words(rows: QuerySet[LegalPerson], words: str) -> QuerySet[LegalPerson]:
    """Narrow enterprises to those found by name, credit code (also of predecessors) or pinyin initials."""
    asked = words.strip()
    return rows.annotate(former=Cast("predecessors", TextField())).filter(
        Q(name__icontains=asked)
        | Q(credit_code__icontains=asked)
        | Q(initials__contains=asked.lower())
        | Q(former__icontains=asked)
    )


def with_manager(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add ``manager_name``, the short name of the managing unit."""
    named = ManagingUnit.objects.filter(code=OuterRef("manager_code"))
    short = named.annotate(shown=Coalesce(NullIf("short", Value("")), "name")).values("shown")
    return rows.annotate(manager_name=Subquery(short, output_field=CharField()))


def _rows(request: HttpRequest) -> QuerySet[LegalPerson]:
    held = Title.objects.filter(withdrawn_at__isnull=True)
    rows = with_manager(LegalPerson.objects.prefetch_related(Prefetch("titles", held, to_attr="held")))
    listed = AboveScale.objects.filter(legal_person=OuterRef("pk"), superseded_at__isnull=True)
    rows = rows.annotate(above=Exists(listed.filter(year=_latest())))
    # The list has just noted what is asked; archived ones show only when asked for.
    asked = QueryDict(request.session.get("lists", {}).get(KEY, ""))
    return rows if asked.get("status") == "archived" else rows.exclude(status="archived")


def _latest() -> int:
    return next(iter(above_scale.years()), timezone.localdate().year)


def _industry(person: LegalPerson) -> str:
    found = reference.industry_classes(timezone.localdate()).get(person.industry_code)
    return found.name if found else ""


def _parks(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [(str(one.pk), one.name) for one in Park.objects.all()]


def _by_title(rows: QuerySet[LegalPerson], kind: str) -> QuerySet[LegalPerson]:
    return rows.filter(Exists(Title.objects.filter(legal_person=OuterRef("pk"), kind=kind, withdrawn_at__isnull=True)))


def _by_year(rows: QuerySet[LegalPerson], year: str) -> QuerySet[LegalPerson]:
    if not year.isdecimal() or len(year) > 4:
        return rows
    listed = AboveScale.objects.filter(legal_person=OuterRef("pk"), year=year, superseded_at__isnull=True)
    return rows.filter(Exists(listed))


def _by_park(rows: QuerySet[LegalPerson], park: str) -> QuerySet[LegalPerson]:
    return (
        rows.filter(Q(park_id=park) | Q(sites__park_id=park)).distinct()
        if park.isdecimal() and len(park) < 19
        else rows
    )


ENTERPRISES = Listing(
    key=KEY,
    title=_("企业"),
    rows=_rows,
    order="name",
    columns=[
        Column(
            "name",
            _("企业"),
            lambda one: Cell(one.name, url=reverse("enterprises:page", args=[one.pk]), sub=one.credit_code),
            sort="name",
        ),
        Column("manager", _("管理主体"), lambda one: one.manager_name, sort="manager_code"),
        Column(
            "industry",
            _("行业小类"),
            lambda one: Cell(_industry(one) or "—", sub=one.industry_code),
            sort="industry_code",
        ),
        Column("titles", _("称号"), lambda one: "、".join(title_name(title.kind) for title in one.held)),
        Column("above", _("规上"), lambda one: _("规上") if one.above else ""),
        Column("status", _("状态"), lambda one: Cell(one.get_status_display(), state=BADGES.get(one.status, "idle"))),
        Column("address", _("注册地址"), lambda one: one.address, hidden=True),
        Column("registered", _("成立日期"), lambda one: one.registered_on, hidden=True),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("名称、代码、拼音首字母")),
        BY_MANAGER,
        BY_COUNTY,
        by_division(LegalPerson.objects),
        Filter("park", _("园区"), _by_park, _parks),
        Filter("above", _("规上年度"), _by_year, lambda request: [(str(year), year) for year in above_scale.years()]),
        Filter("title", _("称号"), _by_title, lambda request: [(key, title_name(key)) for key in keyed("titles")]),
        Filter(
            "status", _("状态"), lambda rows, key: rows.filter(status=key), lambda request: LegalPerson.Status.choices
        ),
    ],
    empty=_("还没有登记企业。"),
    empty_step=_("新增企业"),
    empty_url="/enterprises/new/",
)

VERSIONS = {"frozen": _("定稿时的名单"), "added": _("定稿后列入的"), "removed": _("定稿后移出的")}


def _of_year(request: HttpRequest) -> QuerySet[Any]:
    """Return the list of the year the page is about: as it stands, as it was frozen, or what changed since."""
    year = request.resolver_match.kwargs["year"] if request.resolver_match else 0
    asked = getattr(request, "list_query", request.GET).get("as", "")
    held = above_scale.frozen(year) if asked in VERSIONS else None
    rows = above_scale.listed(year, held.frozen_at if held and asked == "frozen" else None)
    if held and asked != "frozen":
        rows = above_scale.changed_since_frozen(year)[asked == "removed"]
    past = held is not None and asked == "frozen"
    return with_manager(rows.select_related("legal_person")).annotate(past=Value(past, BooleanField()))


def _versions(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    year = request.resolver_match.kwargs["year"] if request.resolver_match else 0
    return list(VERSIONS.items()) if above_scale.frozen(year) else []


def _why(one: AboveScale) -> Cell:
    if one.superseded_at is None:
        return Cell(one.reason or "—")
    gone = {"day": timezone.localdate(one.superseded_at).isoformat(), "why": one.superseded_reason}
    return Cell(one.reason or "—", sub=_now("%(day)s 移出：%(why)s") % gone)


def _removing(one: Any) -> Cell:
    if one.past or one.superseded_at is not None:
        return Cell("")
    return Cell(_now("移出"), url=reverse("enterprises:above_scale_remove", args=[one.pk]))


ABOVE_SCALE = Listing(
    key="above-scale",
    title=_("规上名单"),
    rows=_of_year,
    order="legal_person__name",
    top="enterprises/_above_scale_top.html",
    columns=[
        Column(
            "name",
            _("企业"),
            lambda one: Cell(
                one.legal_person.name,
                url=reverse("enterprises:page", args=[one.legal_person_id]),
                sub=one.legal_person.credit_code,
            ),
            sort="legal_person__name",
        ),
        Column("manager", _("管理主体"), lambda one: one.manager_name, sort="manager_code"),
        Column(
            "industry",
            _("行业小类"),
            lambda one: Cell(_industry(one.legal_person) or "—", sub=one.legal_person.industry_code),
            sort="legal_person__industry_code",
            hidden=True,
        ),
        Column(
            "listed",
            _("列入"),
            lambda one: Cell(timezone.localdate(one.recorded_at), sub=one.recorded_by),
            sort="recorded_at",
        ),
        Column("reason", _("原因"), _why),
        Column("remove", _("办理"), _removing, needs=above_scale.EDIT, action=True),
    ],
    filters=[
        Filter(
            "q",
            _("查找"),
            lambda rows, words: rows.filter(legal_person__in=by_words(LegalPerson.objects.all(), words).values("pk")),
            hint=_("名称、代码、拼音首字母"),
        ),
        BY_MANAGER,
        replace(
            by_division(LegalPerson.objects),
            apply=lambda rows, code: rows.filter(legal_person__industry_code__startswith=code),
        ),
        Filter("as", _("名单"), lambda rows, key: rows, _versions, more=True, unset=_("现在的名单")),
    ],
)

LISTINGS = (ENTERPRISES, LINES, ABOVE_SCALE)
"""Every list of this app; exports find them by importing this module."""
