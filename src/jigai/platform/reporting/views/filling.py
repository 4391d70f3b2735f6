"""A report: its cells with what to look at, who confirmed and signed, its file, and what changed since."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.platform.audit.services import record
from jigai.platform.jobs.services import submit
from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import filling, freezing, pages, services, workflow
from jigai.platform.reporting.data import FLOW
from jigai.platform.reporting.forms import ConfirmForm, CorrectForm, ForceForm, StepForm, TypeForm
from jigai.platform.reporting.models import Report, ReportValue
from jigai.platform.reporting.periods import Reported
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("report.view")
def page(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a report."""
    report = filling.get_report(request.actor, pk)
    return render(request, "reporting/report.html", pages.report_page(request.actor, report))


@require_POST
@needs("report.fill")
def fill(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the figures drawn, and go to the job."""
    report = filling.get_report(request.actor, pk)
    if report.state not in filling.OPEN:
        messages.error(request, _("报表已进入确认或审核，不能重新生成；请先撤回或退回。"))
        return redirect("reporting:report", pk)
    job = submit(request.actor, "reporting.fill", {"report": pk}, str(report))
    return redirect("jobs:job", job.pk)


@needs("report.fill")
def cell(request: SiteRequest, pk: int, key: str) -> HttpResponse:
    """Type into a cell, or explain a figure that falls short."""
    report = filling.get_report(request.actor, pk)
    bound = next((one for one in filling.bound_of(report) if one.key == key and one.kind in {"typed", "figure"}), None)
    if bound is None:
        raise Http404
    url = reverse("reporting:report", args=[pk])
    typed = bound.kind == "typed"

    def act(values: dict[str, Any], version: int) -> Done:
        if typed:
            filling.type_in(request.actor, report, version, key, values["text"])
        else:
            filling.force(request.actor, report, version, key, values["reason"])
        return Done(url, _("已保存。"))

    held = report.typed.get(key)
    initial = {"text": held[1] if held else ""} if typed else {"reason": report.forced.get(key, "")}
    return form_page(
        request,
        TypeForm if typed else ForceForm,
        act,
        title=bound.label,
        sub=bound.place,
        back=url,
        crumb=str(report),
        initial=initial,
        version=report.version,
    )


@needs("report.confirm")
def confirm(request: SiteRequest, pk: int) -> HttpResponse:
    """Give one's managing unit's word on its own figures."""
    report = filling.get_report(request.actor, pk)
    units = [one for one in workflow.units_of(report) if one in request.actor.scope.managers]
    if not units:
        raise Http404
    url = reverse("reporting:report", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        for unit in units:
            agreed = values["agreed"] == "yes"
            workflow.confirm(request.actor, report, unit, agreed=agreed, reason=values["reason"])
        return Done(url, _("已记录。"))

    names = ManagingUnit.objects.filter(code__in=units)
    return form_page(
        request,
        ConfirmForm,
        act,
        title=_("确认本单位的数字"),
        sub="、".join(map(str, names)),
        back=url,
        crumb=str(report),
        button=_("提交"),
        template="reporting/confirm.html",
        lines=pages.lines(request.actor, report, own=units),
    )


@needs("report.view")
def step(request: SiteRequest, pk: int, key: str) -> HttpResponse:
    """Take a step with a report: ask the units, sign, send back."""
    kind = FLOW.button(key)
    if kind is None:
        raise Http404
    request.actor.require(kind.capability)
    report = filling.get_report(request.actor, pk)
    url = reverse("reporting:report", args=[pk])

    def act(values: dict[str, Any], version: int) -> Done:
        workflow.take_step(request.actor, report, version, key, values["comment"])
        return Done(url, kind.done)

    return form_page(
        request,
        StepForm,
        act,
        title=kind.label,
        sub=Reported.read(report.period).words,
        back=url,
        crumb=report.form.name,
        button=kind.label,
        version=report.version,
    )


@needs("report.fill")
def correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Open a corrected version, with a reason for every figure that is another one now."""
    report = filling.get_report(request.actor, pk)
    changes = freezing.changes_since(report, timezone.localdate()) if report.state == "frozen" else []
    url = reverse("reporting:report", args=[pk])
    drawn: list[CorrectForm] = []

    def form(*args: Any, **kwargs: Any) -> CorrectForm:
        drawn.append(CorrectForm(changes, *args, **kwargs))
        return drawn[-1]

    def act(values: dict[str, Any], version: int) -> Done:
        made = freezing.correct(request.actor, report, values["reason"], drawn[-1].reasons())
        return Done(reverse("reporting:report", args=[made.pk]), _("已建立更正稿，请生成数字。"))

    return form_page(
        request, form, act, title=_("更正报表"), back=url, crumb=str(report), button=_("建立更正稿"),
        template="reporting/correct.html", changes=pages.told(changes),
    )  # fmt: skip


@needs("report.view")
def difference(request: SiteRequest, pk: int) -> HttpResponse:
    """Show what changed since a report was frozen, and what a corrected version has otherwise."""
    report = filling.get_report(request.actor, pk)
    frozen = report.state == "frozen"
    since = freezing.changes_since(report, timezone.localdate()) if frozen else []
    newer = Report.objects.filter(form=report.form, period=report.period, number__gt=report.number)
    context = {
        "report": report,
        "period": Reported.read(report.period),
        "frozen": frozen,
        "since": pages.told(pages.seen(request.actor, report, since)),
        "between": pages.told(pages.seen(request.actor, report, freezing.changes_between(report))),
        "may_correct": frozen and request.actor.may(services.FILL) and not newer.exists(),
        "newer": newer.first(),
    }
    return render(request, "reporting/difference.html", context)


@needs("report.view")
def file(request: SiteRequest, pk: int) -> HttpResponse:
    """Hand out the workbook: as frozen, else a draft; those who see a part of the figures get none."""
    report = filling.get_report(request.actor, pk)
    if not request.actor.scope.everything:
        raise Http404
    values = list(ReportValue.objects.filter(report=report))
    if not values:
        messages.error(request, _("还没有生成数字。"))
        return redirect("reporting:report", pk)
    if any(pages.held_back(request.actor, one) for one in values):
        messages.error(request, _("表中有单个企业的财务数据，只给有财务查看权的人下载。"))
        return redirect("reporting:report", pk)
    try:
        data = freezing.kept_workbook(report)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("reporting:report", pk)
    mark = "" if report.state == "frozen" else f"（{FLOW.states[report.state].zh}）"
    name = f"{report.form.name}_{report.period}{mark}.xlsx"
    with transaction.atomic():
        record(request.actor, "report.fetched", report, after={"file": name})
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": disposition})
