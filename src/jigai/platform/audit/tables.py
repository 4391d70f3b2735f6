"""The list of the trail."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.audit.actions import actions, word
from jigai.platform.audit.models import Event
from jigai.platform.audit.secrets import HIDDEN, shown
from jigai.platform.web.listing import Cell, Column, Filter, Listing

SPANS = {"today": 0, "week": 6, "month": 29, "year": 364}
"""Choices of the filter of time: days before today."""


def day_range(text: str) -> tuple[datetime, datetime] | None:
    """Return beginning and end of a day, month or year as it is typed (2026-11-23, 2026-11, 2026); else nothing."""
    found = re.fullmatch(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?|年)?", text)
    if not found:
        return None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        else:
            last = date(first.year + 1, 1, 1)
    except ValueError:
        return None
    zone = timezone.get_current_timezone()
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)


def _span(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    if value not in SPANS:
        return rows
    first = timezone.localdate() - timedelta(days=SPANS[value])
    return rows.filter(at__gte=datetime.combine(first, time(), timezone.get_current_timezone()))


def _day(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    found = day_range(value)
    return rows.filter(at__gte=found[0], at__lt=found[1]) if found else rows.none()


def _spans(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [("today", _now("今天")), ("week", _now("近7天")), ("month", _now("近30天")), ("year", _now("近一年"))]


def _actions(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [(key, word(key)) for key in actions()]


def _object(event: Event) -> Cell:
    return Cell(event.object_name, sub=event.kind)


def _reason(event: Event) -> str:
    """Return the reason; one that may repeat a guarded value is for the page of the event, which knows who reads."""
    said = shown(event)
    return _now(HIDDEN) if said.hidden and said.reason else said.reason


EVENTS = Listing(
    key="audit",
    title=_("审计"),
    rows=lambda request: Event.objects.all(),
    order="-number",
    columns=(
        Column("at", _("时间"), lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", sort="number"),
        Column("actor", _("操作人"), lambda event: Cell(event.who, sub=event.actor_org)),
        Column(
            "action",
            _("操作"),
            lambda event: Cell(word(event.action), url=reverse("audit:event", args=[event.number])),
        ),
        Column("object", _("对象"), _object),
        Column("reason", _("原因"), _reason),
        Column("address", _("来访地址"), lambda event: event.address),
        Column("number", _("编号"), lambda event: str(event.number), hidden=True),
    ),
    filters=(
        Filter(
            "who",
            _("操作人"),
            lambda rows, value: rows.filter(Q(actor__icontains=value) | Q(actor_org__icontains=value)),
            hint=_("账号或单位"),
        ),
        Filter("action", _("操作"), lambda rows, value: rows.filter(action=value), _actions),
        Filter(
            "object",
            _("对象"),
            lambda rows, value: rows.filter(Q(object_name__icontains=value) | Q(object_id=value)),
            hint=_("名称或标识"),
        ),
        Filter("span", _("时间"), _span, _spans),
        Filter("day", _("日期"), _day, hint="2026-11-23"),
    ),
    empty=_("还没有审计记录。"),
)
