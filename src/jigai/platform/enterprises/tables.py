"""The list of enterprises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
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

LISTINGS = (ENTERPRISES, LINES)
"""Every list of this app; exports find them by importing this module."""
