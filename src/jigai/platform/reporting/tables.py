"""The list of forms, each with its newest report."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.reporting.data import FLOW
from jigai.platform.reporting.models import Form, Report
from jigai.platform.reporting.periods import Reported
from jigai.platform.web.listing import Cell, Column, Filter, Listing


def _rows(request: Any) -> Any:
    newest = Report.objects.filter(form=OuterRef("pk")).order_by("-period", "-number")
    return Form.objects.annotate(
        report_pk=Subquery(newest.values("pk")[:1]),
        report_period=Subquery(newest.values("period")[:1]),
        report_state=Subquery(newest.values("state")[:1]),
    )


def _named(one: Form) -> Cell:
    return Cell(one.name, url=reverse("reporting:form", args=[one.pk]))


def _newest(one: Any) -> Cell:
    if not one.report_pk:
        return Cell("—")
    return Cell(Reported.read(one.report_period).words, url=reverse("reporting:report", args=[one.report_pk]))


def _state(one: Any) -> Cell:
    if not one.active:
        return Cell(_now("停用"), state="idle")
    if not one.report_state:
        return Cell(_now("还没有填报"), state="idle")
    said = FLOW.states[one.report_state]
    return Cell(said.label, state=said.badge)


def _due(one: Form) -> Cell:
    period = Reported.over(one.every, timezone.localdate())
    return Cell(period.due(one.due_day), sub=period.words)


FORMS = Listing(
    key="report-forms",
    title=_("报表"),
    rows=_rows,
    order="pk",
    columns=[
        Column("name", _("名称"), _named, sort="name"),
        Column("every", _("报告期"), lambda one: one.get_every_display(), sort="every"),
        Column("issuer", _("制表机关"), lambda one: one.issuer),
        Column("due", _("本期报出期限"), _due),
        Column("newest", _("最近一期"), _newest),
        Column("state", _("状态"), _state),
    ],
    filters=[
        Filter("q", _("查找"), lambda rows, words: rows.filter(name__icontains=words), hint=_("名称")),
        Filter("every", _("报告期"), lambda rows, key: rows.filter(every=key), lambda request: Form.Every.choices),
    ],
    empty=_("还没有报表。上传省里下发的空白表，绑定一次单元格，以后每期自动取数。"),
)
