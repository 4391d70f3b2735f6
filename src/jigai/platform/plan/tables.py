"""The list behind a figure: who adds what to it, and what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.plan.period import Period
from jigai.plan.registry import Indicator, registry
from jigai.plan.standings import standings
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.plan import drill, words
from jigai.platform.plan.models import Computing, Contribution, IndicatorValue
from jigai.platform.plan.services import contributions
from jigai.platform.web.listing import Cell, Column, Filter, Listing
from jigai.platform.web.wording import english

KEY: Final = "contributions:"
NONE: Final = "-"
"""In a filter: what belongs to no part."""
_WAN: Final = Decimal(10_000)


def listing(indicator: Indicator) -> Listing:
    """Return the list of everyone who should add to a figure, with the filters a figure is opened by."""
    return Listing(
        key=f"{KEY}{indicator.id}",
        title=words.title(indicator),
        rows=lambda request: _rows(request, indicator),
        columns=_columns(indicator),
        filters=_filters(indicator),
        empty=_("这个期间、这些条件下没有人计入。"),
        version=_version,
    )


def listing_of(key: str) -> Listing | None:
    """Return the list a list key names, for exports made in the background."""
    name = key.removeprefix(KEY)
    return listing(registry()[name]) if key.startswith(KEY) and name in registry() else None


def latest(indicator: Indicator, known_on: date | None) -> str:
    """Return the last year of an indicator anybody has reported for, else the last computed; empty before any."""
    rows = IndicatorValue.objects.filter(indicator=indicator.id, partition="city", known_on=known_on)
    years = [row for row in rows.order_by("-period").values_list("period", "reported") if len(row[0]) == 4]
    return next((period for period, reported in years if reported), years[0][0] if years else "")


def day_of(request: HttpRequest) -> date | None:
    """Return the day as known on which a list is looked at; None for now."""
    query = getattr(request, "list_query", request.GET)
    try:
        return date.fromisoformat(query.get("known_on", ""))
    except ValueError:
        return None


def period_of(request: HttpRequest, indicator: Indicator) -> str:
    """Return the period a list is looked at for: as asked, else the latest."""
    query = getattr(request, "list_query", request.GET)
    try:
        return Period.read(query.get("period", "")).key
    except ValueError:
        return latest(indicator, day_of(request))


def _version() -> str:
    """Name the state of the figures, for sums that are kept."""
    return str(Computing.objects.values_list("upto", flat=True).first())


def _rows(request: HttpRequest, indicator: Indicator) -> QuerySet[Contribution]:
    actor = request.actor  # type: ignore[attr-defined]
    found = contributions(actor, indicator.id, period_of(request, indicator), day_of(request))
    if indicator.unit == "元":
        found = found.annotate(upper=F("numerator") / _WAN, lower=F("denominator") / _WAN)
    else:
        found = found.annotate(upper=F("numerator"), lower=F("denominator"))
    return found.select_related("legal_person")


def written(value: Any) -> str:
    """Return a number as it stands in the list: with up to three decimals, none that say nothing."""
    return "—" if value is None else f"{Decimal(str(value)):,.3f}".rstrip("0").rstrip(".")


def _columns(indicator: Indicator) -> list[Column]:
    managers, counties = cache(lambda: dict(_managers())), cache(lambda: dict(_counties()))  # asked once for a list
    money = "万元" if indicator.unit == "元" else ""
    upper = _("分子") if english() else indicator.numerator_zh or _("数值")
    found = [
        Column("label", _("对象"), lambda row: Cell(row.label or row.key, drill.url(row, indicator), sub=_sub(row))),
        Column("manager", _("管理主体"), lambda row: managers().get(row.manager_code, row.manager_code)),
        Column("place", _("属地"), lambda row: counties().get(row.place_code, row.place_code), hidden=True),
        Column("division", _("行业"), lambda row: _division(row.industry_code), hidden=True),
        Column("numerator", upper, lambda row: written(row.upper), money, True, "upper", "upper", written=written),
    ]
    if indicator.denominator_zh:
        lower = _("分母") if english() else indicator.denominator_zh
        found.append(
            Column("denominator", lower, lambda row: written(row.lower), money, True, "lower", "lower", written=written)
        )
    if indicator.group_zh:
        name = indicator.group_en if english() else indicator.group_zh
        found.append(Column("group", name, lambda row: words.group(indicator, row.group), sort="group"))
    return [
        *found,
        Column("standing", _("状态"), _standing, sort="standing"),
        Column("should", _("应报"), lambda row: f"{row.should:,}", numeric=True, sums="should", hidden=True),
        Column("reported", _("已报"), lambda row: f"{row.reported:,}", numeric=True, sums="reported", hidden=True),
        Column("data_date", _("数据日期"), lambda row: row.data_date and row.data_date.isoformat(), sort="data_date"),
    ]


def _sub(row: Contribution) -> str:
    person = row.legal_person
    return person.name if person and person.name not in (row.label or "") else ""


def _standing(row: Contribution) -> Cell:
    one = words.standing(row.standing)
    return Cell(one.word, state=one.tone)


def _division(code: str) -> str:
    name = words.divisions(timezone.localdate()).get(code[:2], "")
    return f"{code[:2]} {name}".strip()


def _by(field: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    return lambda rows, value: rows.filter(**{field: "" if value == NONE else value})


def _filters(indicator: Indicator) -> list[Filter]:
    found = [
        Filter("period", _("期间"), lambda rows, value: rows, lambda request: _periods(request, indicator)),
        Filter("q", _("查找"), lambda rows, text: rows.filter(label__icontains=text), hint=_("名称")),
        Filter("manager", _("管理主体"), _by("manager_code"), lambda request: [*_managers(), *_nobody()]),
        Filter("standing", _("状态"), _by("standing"), _standings),
        Filter("division", _("行业大类"), _of_division, _divisions, more=True),
        Filter("place", _("属地"), _by("place_code"), lambda request: [*_counties(), *_nobody()], more=True),
        Filter("known_on", _("数据截至"), lambda rows, value: rows, hint=_("如 2026-06-30"), more=True),
    ]
    if indicator.group_zh:
        name = indicator.group_en if english() else indicator.group_zh
        found.insert(4, Filter("group", name, _by("group"), lambda request: _groups(request, indicator)))
    return found


def _of_division(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(industry_code="") if value == NONE else rows.filter(industry_code__startswith=value)


def _managers() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in ManagingUnit.objects.all()]


def _counties() -> list[tuple[str, str]]:
    return list(Place.objects.filter(level="county").values_list("code", "name"))


def _nobody() -> list[tuple[str, str]]:
    return [(NONE, _("未分到具体部分"))]


def _periods(request: HttpRequest, indicator: Indicator) -> Sequence[tuple[str, Any]]:
    rows = IndicatorValue.objects.filter(indicator=indicator.id, partition="city", known_on=day_of(request))
    found = rows.order_by("-period").values_list("period", flat=True)
    return [(period, words.period(period)) for period in found]


def _standings(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [(key, words.standing(key).word) for key in standings()]


def _divisions(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [(code, f"{code} {name}") for code, name in sorted(words.divisions(timezone.localdate()).items())]


def _groups(request: HttpRequest, indicator: Indicator) -> Sequence[tuple[str, Any]]:
    rows = IndicatorValue.objects.filter(
        indicator=indicator.id, partition="group", period=period_of(request, indicator), known_on=day_of(request)
    )
    found = rows.order_by("key").values_list("key", flat=True)
    return [(key or NONE, words.group(indicator, key)) for key in found]
