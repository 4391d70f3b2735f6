"""The list of devices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger import guide, offered
from jigai.platform.ledger.answered import DISOWNED, disowned
from jigai.platform.ledger.identifiers import NotAnIdentifierError, number_of
from jigai.platform.ledger.models import Device, OpenLine
from jigai.platform.ledger.wizard_lists import by_upload, upload_choices
from jigai.platform.ledger.words import choices, kind_word, missing_words, tone, word
from jigai.platform.places.filters import BY_COUNTY, BY_MANAGER
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
MOST_SITES = 1_000
"""Sites a name is looked up for."""
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
    """Narrow devices to those found by identifier, name, model, own number, serial number or enterprise."""
    asked = words.strip()
    with suppress(NotAnIdentifierError):
        return rows.filter(pk=min(number_of(asked), 2**62))
    # The sites first: an index can then be asked for each part, which a join would prevent.
    sites = list(Site.objects.filter(enterprise_name__icontains=asked).values_list("pk", flat=True)[:MOST_SITES])
    return rows.filter(
        Q(name__icontains=asked)
        | Q(model__icontains=asked)
        | Q(code__icontains=asked)
        | Q(serial_no__icontains=asked)
        | Q(site_id__in=sites)
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
    from jigai.platform.screening.models import Finding

    return rows.filter(Exists(Finding.objects.filter(device=OuterRef("pk"), document=document)))


def _enterprises(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer the enterprise that is chosen, so that the filter says which; it is chosen on the enterprise's page."""
    number = _whole(getattr(request, "list_query", request.GET).get("enterprise", ""))
    found = Site.objects.filter(legal_person=number).values_list("enterprise_name", flat=True).first()
    return [(str(number), found)] if found else []


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


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
        Column("industry", _("行业小类"), lambda one: one.industry_code, sort="industry_code", hidden=True),
        Column("location", _("安装地点"), lambda one: one.location, hidden=True),
        Column("serial", _("出厂编号"), lambda one: one.serial_no, hidden=True),
        Column("label", _("设备标识"), lambda one: one.identifier, hidden=True),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("名称、型号、编号、企业")),
        Filter("verdict", _("结论"), lambda rows, key: rows.filter(verdict=key), lambda request: choices("verdict")),
        Filter("kind", _("种类"), lambda rows, key: rows.filter(kind=key), offered.kinds),
        BY_MANAGER,
        BY_COUNTY,
        Filter("problem", _("待处理"), _by_problem, lambda request: [(key, one[0]) for key, one in PROBLEMS.items()]),
        Filter(
            "enterprise", _("企业"), lambda rows, key: rows.filter(legal_person=_whole(key)), _enterprises, more=True
        ),
        Filter(
            "division",
            _("行业大类"),
            lambda rows, code: offered.of_division(rows, code),
            offered.divisions,
            more=True,
        ),
        Filter(
            "industry", _("行业小类"), lambda rows, code: rows.filter(industry_code=code), offered.classes, more=True
        ),
        *(
            Filter(name, label, _by_check(name), offered.outcomes(name), more=True)
            for name, label in {
                "elimination": _("淘汰目录"),
                "guidance": _("指导目录"),
                "efficiency": _("能效"),
                "service_life": _("服役年限"),
                "two_high": _("两高"),
            }.items()
        ),
        Filter("document", _("依据"), _by_document, offered.documents, more=True),
        Filter(
            "age",
            _("役龄"),
            _older,
            lambda request: [(str(one), _now("%d 年以上") % one) for one in AGES],
            more=True,
        ),
        Filter(
            "power", _("功率"), _stronger, lambda request: [(str(one), f"≥ {one:g} kW") for one in POWERS], more=True
        ),
        Filter(
            "use_state",
            _("使用状态"),
            lambda rows, key: rows.filter(use_state=key),
            lambda request: [(one, word("use_state", one)) for one in USE_STATES],
            more=True,
        ),
        Filter("guide", _("方案重点"), guide.by_entry, lambda request: guide.choices(), more=True),
        Filter("upload", _("来自文件"), by_upload, upload_choices, more=True),
    ],
    empty=_("还没有设备。先上传设备台账。"),
    empty_step=_("上传设备台账"),
    empty_url="/imports/new/ledger/",
    picks="ledger/_picks.html",
    version=offered.version,
)


def _line_name(one: OpenLine) -> Cell:
    said = one.values
    return Cell(
        said.get("name") or said.get("model") or str(one),
        url=reverse("ledger:claim", args=[one.pk]),
        sub=said.get("model", "") if said.get("name") else "",
    )


def _answer(one: OpenLine) -> Cell:
    if one.settled_at is None:
        return Cell(WHY[one.why], state="ask", sub=_now("候选 %d 台") % len(one.candidates))
    if one.settled:
        return Cell(_now("已认领"), state="ok", sub=one.settled.identifier)
    return Cell(_now("不是本厂设备"), state="idle", sub=one.act.reason if one.act else "")


def _by_answer(rows: QuerySet[OpenLine], key: str) -> QuerySet[OpenLine]:
    if key == DISOWNED:
        return rows.filter(pk__in=disowned().values("pk"))
    return rows.filter(settled_at__isnull=key == "open")


WHY = {"reused": _("编号原是另一台的"), "several": _("有几台都像")}
"""Why a line is asked about."""

CLAIMS = Listing(
    key="claims",
    title=_("待认领的台账行"),
    rows=lambda request: OpenLine.objects.select_related("site", "settled", "act"),
    order="pk",
    columns=[
        Column("name", _("台账写的"), _line_name),
        Column("code", _("设备编号"), lambda one: one.values.get("code", "")),
        Column("quantity", _("数量"), lambda one: one.values.get("quantity"), unit=_("台"), numeric=True),
        Column(
            "enterprise",
            _("企业"),
            lambda one: Cell(one.site.enterprise_name, sub=one.values.get("workshop") or one.site.name),
        ),
        Column(
            "source",
            _("来源"),
            lambda one: Cell(
                one.source_file or "—", sub=_now("%(sheet)s 第 %(row)s 行") % vars(one) if one.row else ""
            ),
        ),
        Column("since", _("收到"), lambda one: timezone.localtime(one.recorded_at).strftime("%Y-%m-%d")),
        Column("state", _("状态"), _answer),
    ],
    filters=[
        Filter(
            "state",
            _("状态"),
            _by_answer,
            lambda request: [("open", _("待认领")), ("settled", _("已认领")), (DISOWNED, _("不是本厂设备"))],
        ),
        Filter("why", _("原因"), lambda rows, key: rows.filter(why=key), lambda request: list(WHY.items())),
        BY_MANAGER,
        Filter("enterprise", _("企业"), lambda rows, key: rows.filter(site__legal_person=_whole(key)), _enterprises),
    ],
    empty=_("没有要认领的行。再次上报台账时，对不上唯一一台设备的行会列在这里。"),
    empty_step=_("上传设备台账"),
    empty_url="/imports/new/ledger/",
    picks="ledger/_claim_picks.html",
)


def listing_of(key: str) -> Listing | None:
    """Return a list of return slips, which stand in a module of their own."""
    from jigai.platform.ledger.slip_lists import OF_BULK, SLIPS

    return {one.key: one for one in (SLIPS, OF_BULK)}.get(key)
