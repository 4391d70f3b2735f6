"""The list of production lines with the level of each in the last full year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.gauge import BADGES
from jigai.platform.enterprises.line_asking import asked
from jigai.platform.enterprises.line_years import judged_lines
from jigai.platform.enterprises.models import Fact, Line
from jigai.platform.places.models import ManagingUnit
from jigai.platform.web.listing import Cell, Column, Filter, Listing
from jigai.screening.lines import LEVELS
from jigai.screening.lines.wording import level_names

KEY = "lines"
GROUNDS = {"confirmed": _("可上报"), "proxy": _("只作参照")}


def _rows(request: HttpRequest) -> QuerySet[Line]:
    """Return the lines in scope with level, ground and energy per unit of the last full year as known today."""
    today = timezone.localdate()
    year = sheets.reporting_year(today)
    rows: QuerySet[Line] = Line.objects.select_related("site")
    said = judged_lines(Line.objects.all(), year, today).select("line", "level", "ground")
    measured = Fact.objects.filter(line=OuterRef("pk"), year=year, attribute="line_unit_energy", superseded_at=None)
    return rows.annotate(
        level=_by_key(said, "level"),
        ground=_by_key(said, "ground"),
        measured=Subquery(measured.values("number")[:1]),
    )


def _by_key(said: Any, column: str) -> Case:
    groups = said.drop_nulls(column).group_by(column).agg("line").iter_rows()
    cases = [When(pk__in=keys, then=Value(word)) for word, keys in groups]
    return Case(*cases, default=Value(""), output_field=CharField())


def _words(rows: QuerySet[Line], words: str) -> QuerySet[Line]:
    asked_for = words.strip()
    return rows.filter(
        Q(name__icontains=asked_for) | Q(product__icontains=asked_for) | Q(site__enterprise_name__icontains=asked_for)
    )


def _levels() -> dict[str, str]:
    return level_names("en" if (get_language() or "").startswith("en") else "zh")


def _products(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    held = Line.objects.order_by("product").values_list("product", flat=True).distinct()
    known = asked(timezone.localdate()).in_field
    return [(product, product) for product in held if product in known]


def _energy(line: Any) -> Cell:
    if line.measured is None:
        return Cell("—", numeric=True)
    return Cell(f"{line.measured.normalize():,f}", sub=line.unit_energy_unit, numeric=True)


def _exit(line: Line) -> Cell:
    if line.retired:
        return Cell(_("%(year)s 年退出") % {"year": line.retired})
    return Cell(line.planned_exit.isoformat() if line.planned_exit else "—", sub=line.planned_exit_note)


LINES = Listing(
    key=KEY,
    title=_("产线"),
    rows=_rows,
    order="name",
    columns=[
        Column(
            "name",
            _("产线"),
            lambda one: Cell(one.name, url=reverse("enterprises:line", args=[one.pk]), sub=one.site.enterprise_name),
            sort="name",
        ),
        Column("product", _("产品、工艺"), lambda one: Cell(one.product, sub=one.process), sort="product"),
        Column("level", _("能效水平"), lambda one: Cell(_levels()[one.level], state=BADGES[one.level])),
        Column("ground", _("能否上报"), lambda one: GROUNDS.get(one.ground, "—")),
        Column("energy", _("单位产品能耗"), _energy, numeric=True),
        Column(
            "capacity",
            _("年产能"),
            lambda one: Cell(
                "—" if one.capacity is None else f"{one.capacity.normalize():,f}", sub=one.capacity_unit, numeric=True
            ),
            numeric=True,
        ),
        Column("exit", _("改造或退出"), _exit),
        Column("grade", _("环保绩效"), lambda one: one.environmental_grade or "—", hidden=True),
    ],
    filters=[
        Filter("q", _("查找"), _words, hint=_("产线、产品、企业")),
        Filter(
            "level",
            _("能效水平"),
            lambda rows, key: rows.filter(level=key),
            lambda request: [(key, _levels()[key]) for key in LEVELS],
        ),
        Filter("ground", _("能否上报"), lambda rows, key: rows.filter(ground=key), lambda request: [*GROUNDS.items()]),
        Filter("product", _("重点领域产品"), lambda rows, product: rows.filter(product=product), _products),
        Filter(
            "manager",
            _("管理主体"),
            lambda rows, code: rows.filter(manager_code=code),
            lambda request: [(one.code, str(one)) for one in ManagingUnit.objects.all()],
        ),
    ],
    empty=_("还没有登记产线。产线在厂区的页面上登记。"),
)
