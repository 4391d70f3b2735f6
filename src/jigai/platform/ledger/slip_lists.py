"""The lists of return slips: those of one's scope, and the files of one bulk that have something to put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.ledger import slips
from jigai.platform.ledger.models import BulkFile, ReturnSlip
from jigai.platform.places.filters import BY_MANAGER
from jigai.platform.web.listing import Cell, Column, Filter, Listing

SENT = {
    "sent": (_("已发"), "warn", Q(answered_at=None, seen_at=None)),
    "seen": (_("已看"), "ask", Q(answered_at=None, seen_at__isnull=False)),
    "answered": (_("已重报"), "ok", Q(answered_at__isnull=False)),
}
"""How far a slip is that was sent: its word, the state it is shown in, which slips those are."""
NOT_SENT = {"open": (_("未发"), "idle", False), "nobody": (_("没有归属"), "ask", True)}
"""The same of a file that no slip was sent for: whether its site is unknown."""


SLIPS = Listing(
    key="slips",
    title=_("退回单"),
    rows=lambda request: ReturnSlip.objects.select_related("site"),
    order="-pk",
    columns=[
        Column("file", _("文件"), lambda one: Cell(one.file_name, url=reverse("ledger:slip", args=[one.pk]))),
        Column("enterprise", _("企业"), lambda one: Cell(one.site.enterprise_name, sub=one.site.name)),
        Column("wanted", _("要做什么"), lambda one: one.wanted),
        Column(
            "sent",
            _("发出"),
            lambda one: Cell(timezone.localtime(one.sent_at).strftime("%Y-%m-%d"), sub=one.sent_by),
            sort="sent_at",
        ),
        Column("state", _("状态"), lambda one: Cell(SENT[one.state][0], state=SENT[one.state][1])),
    ],
    filters=[
        Filter(
            "state",
            _("状态"),
            lambda rows, key: rows.filter(SENT[key][2]) if key in SENT else rows,
            lambda request: [(key, one[0]) for key, one in SENT.items()],
        ),
        BY_MANAGER,
    ],
    empty=_("没有退回单。台账有不能用的单元格时，县区可在批量上传页一次发出。"),
    empty_step=_("看上传的台账"),
    empty_url="/devices/bulk/",
)


def _of_bulk(request: HttpRequest) -> QuerySet[Any]:
    """Return the files with problems of the bulk the page is about, with those a slip goes to and the slip sent."""
    pk = request.resolver_match.kwargs["pk"] if request.resolver_match else 0
    return slips.with_problems(pk).prefetch_related(
        Prefetch("for_site__org__memberships", slips.receivers(), to_attr="receivers"),
        Prefetch("slips", ReturnSlip.objects.order_by("-pk"), to_attr="sent"),
    )


def _slip(one: Any) -> ReturnSlip | None:
    return one.sent[0] if one.sent else None


def _enterprise(one: BulkFile) -> Any:
    return Cell(one.for_site.enterprise_name, sub=one.for_site.name) if one.for_site else ""


def _contact(one: Any) -> Any:
    site = one.for_site
    if site is None:
        return ""
    return slips.contact(site.org.receivers if site.org else ()) or Cell(_now("没有账号，请下载后转交"))


def _state(one: Any) -> Cell:
    slip = _slip(one)
    if slip is None:
        word, tone, _unknown = NOT_SENT["open" if one.for_site else "nobody"]
        return Cell(word, state=tone)
    word, tone, _which = SENT[slip.state]
    said = {
        "answered": lambda: _day(slip.answered_at),
        "seen": lambda: f"{slip.seen_by} {_day(slip.seen_at)}",
        "sent": lambda: f"{_day(slip.sent_at)} {_now('通知 %d 人') % slip.told}",
    }
    return Cell(word, state=tone, sub=said[slip.state]())


def _day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat()


def _next_step(one: Any) -> Cell:
    """Lead to the slip that was made, or to where it is said whose the file is."""
    if slip := _slip(one):
        return Cell(_now("下载"), url=reverse("ledger:slip_file", args=[slip.pk]))
    return Cell("") if one.for_site else Cell(_now("先选企业"), url=reverse("ledger:bulk", args=[one.bulk_id]))


def _by_words(rows: QuerySet[BulkFile], words: str) -> QuerySet[BulkFile]:
    return rows.filter(
        Q(file_name__icontains=words)
        | Q(for_site__enterprise_name__icontains=words)
        | Q(for_site__name__icontains=words)
    )


def _by_state(rows: QuerySet[BulkFile], key: str) -> QuerySet[BulkFile]:
    sent = ReturnSlip.objects.filter(file=OuterRef("pk"))
    if key in SENT:
        return rows.filter(Exists(sent.filter(SENT[key][2])))
    if key in NOT_SENT:
        return rows.filter(~Exists(sent), for_site__isnull=NOT_SENT[key][2])
    return rows


OF_BULK = Listing(
    key="bulk-slips",
    title=_("退回单"),
    rows=_of_bulk,
    order="pk",
    columns=[
        Column("enterprise", _("企业"), _enterprise, sort="for_site__enterprise_name"),
        Column("file", _("文件"), lambda one: one.file_name, sort="file_name"),
        Column("contact", _("联系人"), _contact),
        Column("wanted", _("要做什么"), slips.wanted),
        Column("state", _("状态"), _state),
        Column("next", _("办理"), _next_step, action=True),
    ],
    filters=[
        Filter("q", _("查找"), _by_words, hint=_("企业、文件名")),
        Filter(
            "state",
            _("状态"),
            _by_state,
            lambda request: [(key, one[0]) for key, one in {**NOT_SENT, **SENT}.items()],
        ),
    ],
)
