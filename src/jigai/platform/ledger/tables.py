"""The list of devices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises import reference
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.words import choices, kind_choices, kind_word, missing_words, tone, word
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.web.listing import Cell, Column, Filter, Listing

KEY = "devices"
REPLYING = "replying"
PROBLEMS = {
    "silent": (_("未再上报"), Q(silent_since__isnull=False)),
    "missing": (_("缺资料"), ~Q(missing="")),
    "no_kind": (_("种类不明"), Q(kind="")),
    "no_quantity": (_("数量不明"), Q(quantity__isnull=True)),
    "unjudged": (_("尚未筛查"), Q(verdict="")),
    REPLYING: (_("异议答复中"), Q(objections__state__in=("open", "late", "asked"))),
}
AGES = (10, 15, 20, 25, 30)
POWERS = (7.5, 37, 132, 500, 1_000)
USE_STATES = ("在用", "备用", "闲置", "封存", "已拆除")


def devices() -> QuerySet[Device]:
    """Return the devices of one's scope that are not gone, with sums weighted by quantity ready."""
    machines = Coalesce(F("quantity"), 1)
    return (
        Device.objects.filter(gone_at__isnull=True)
        .select_related("site")
        .annotate(
            machines=machines,
            power_all=Cast(F("power_kw"), FloatField()) * machines,
            capacity_all=Cast(F("capacity_kva"), FloatField()) * machines,
        )
    )


def by_words(rows: QuerySet[Device], words: str) -> QuerySet[Device]:
    """Narrow devices to those found by name, model, own number, serial number or enterprise."""
    asked = words.strip()
    return rows.filter(
        Q(name__icontains=asked)
        | Q(model__icontains=asked)
        | Q(code__icontains=asked)
        | Q(serial_no__icontains=asked)
        | Q(site__enterprise_name__icontains=asked)
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _older(rows: QuerySet[Device], years: str) -> QuerySet[Device]:
    """Narrow to devices put into service, else made, so many years ago or earlier."""
    asked = _number(years)
    if asked is None:
        return rows
    last = timezone.localdate().year - int(asked)
    return rows.annotate(since=Coalesce("in_service_year", "made_year")).filter(since__lte=last)


def _stronger(rows: QuerySet[Device], power: str) -> QuerySet[Device]:
    asked = _number(power)
    return rows if asked is None else rows.filter(power_kw__gte=asked)


def _by_check(name: str) -> Callable[[QuerySet[Device], str], QuerySet[Device]]:
    return lambda rows, outcome: rows.filter(**{name: outcome})


def _by_problem(rows: QuerySet[Device], key: str) -> QuerySet[Device]:
    found = rows.filter(PROBLEMS[key][1]) if key in PROBLEMS else rows
    return found.distinct() if key == REPLYING else found


def _by_document(rows: QuerySet[Device], document: str) -> QuerySet[Device]:
    """Narrow to devices of which a finding in force rests on a document."""
    return rows.filter(findings__document=document).distinct()


def _documents(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    from jigai.platform.screening.models import Finding

    named = Finding.objects.exclude(document="").order_by("document").values_list("document", flat=True).distinct()
    return [(document, document) for document in named[:60]]


def _managers(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [(one.code, str(one)) for one in ManagingUnit.objects.all()]


def _places(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return list(Place.objects.filter(level="county").values_list("code", "name"))


def _divisions(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    found = reference.divisions(timezone.localdate())
    used = {code[:2] for code in Device.objects.order_by().values_list("industry_code", flat=True).distinct()}
    return [(code, f"{code} {name}") for code, name in sorted(found.items()) if code in used]


def _kinds(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return kind_choices(Device.objects.order_by().values_list("kind", flat=True).distinct())


def _outcomes(name: str) -> Callable[[HttpRequest], Sequence[tuple[str, Any]]]:
    def offered(request: HttpRequest) -> Sequence[tuple[str, Any]]:
        used = Device.objects.order_by().values_list(name, flat=True).distinct()
        return choices("outcome", {key for key in used if key} or {"undecided"})

    return offered


def _verdict(one: Device) -> Cell:
    if not one.verdict:
        return Cell(_now("尚未筛查"), state="idle")
    return Cell(word("verdict", one.verdict), state=tone("verdict", one.verdict), sub=missing_words(one.missing))


DEVICES = Listing(
    key=KEY,
    title=_("设备"),
    rows=lambda request: devices(),
    order="pk",
    columns=[
        Column(
            "name",
            _("设备"),
            lambda one: Cell(
                one.name or one.model or one.identifier,
                url=reverse("ledger:device", args=[one.pk]),
                sub=one.model if one.name else "",
            ),
            sort="name",
        ),
        Column("kind", _("种类"), lambda one: kind_word(one.kind) if one.kind else "", sort="kind"),
        Column(
            "enterprise",
            _("企业"),
            lambda one: Cell(one.site.enterprise_name, sub=one.workshop or one.location or one.site.name),
        ),
        Column("quantity", _("数量"), lambda one: one.quantity, unit=_("台"), numeric=True, sums="machines"),
        Column(
            "power", _("功率"), lambda one: one.power_kw, unit="kW", numeric=True, sort="power_kw", sums="power_all"
        ),
        Column(
            "capacity",
            _("容量"),
            lambda one: one.capacity_kva,
            unit="kVA",
            numeric=True,
            sort="capacity_kva",
            sums="capacity_all",
            hidden=True,
        ),
        Column("made", _("出厂"), lambda one: one.made_year, unit=_("年"), numeric=True, sort="made_year"),
        Column(
            "service", _("投用"), lambda one: one.in_service_year, unit=_("年"), numeric=True, sort="in_service_year"
        ),
        Column("state", _("使用状态"), lambda one: one.use_state, sort="use_state"),
        Column("verdict", _("结论"), _verdict, sort="verdict"),
        Column("code", _("设备编号"), lambda one: one.code, sort="code", hidden=True),
        Column("maker", _("制造厂家"), lambda one: one.maker, hidden=True),
        Column("label", _("设备标识"), lambda one: one.identifier, hidden=True),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("名称、型号、编号、企业")),
        Filter("verdict", _("结论"), lambda rows, key: rows.filter(verdict=key), lambda request: choices("verdict")),
        Filter("kind", _("种类"), lambda rows, key: rows.filter(kind=key), _kinds),
        Filter("manager", _("管理主体"), lambda rows, code: rows.filter(manager_code=code), _managers),
        Filter("place", _("属地"), lambda rows, code: rows.filter(place_code=code), _places),
        Filter("division", _("行业大类"), lambda rows, code: rows.filter(industry_code__startswith=code), _divisions),
        Filter("elimination", _("淘汰目录"), _by_check("elimination"), _outcomes("elimination")),
        Filter("guidance", _("指导目录"), _by_check("guidance"), _outcomes("guidance")),
        Filter("efficiency", _("能效"), _by_check("efficiency"), _outcomes("efficiency")),
        Filter("service_life", _("服役年限"), _by_check("service_life"), _outcomes("service_life")),
        Filter("document", _("依据"), _by_document, _documents),
        Filter("age", _("役龄"), _older, lambda request: [(str(one), _now("%d 年以上") % one) for one in AGES]),
        Filter("power", _("功率"), _stronger, lambda request: [(str(one), f"≥ {one:g} kW") for one in POWERS]),
        Filter(
            "use_state",
            _("使用状态"),
            lambda rows, key: rows.filter(use_state=key),
            lambda request: [(one, word("use_state", one)) for one in USE_STATES],
        ),
        Filter("problem", _("待处理"), _by_problem, lambda request: [(key, one[0]) for key, one in PROBLEMS.items()]),
    ],
    empty=_("还没有设备。先上传设备台账。"),
)
