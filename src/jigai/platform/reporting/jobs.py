"""Background work of reports: drawing their figures."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.plan.period import Period
from jigai.platform.audit.services import record
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.reporting import filling, issuing, workflow
from jigai.platform.reporting.checking import blocking
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.models import BulletinText, ReportValue
from jigai.platform.walls.scope import use_scope
from jigai.reports import pdf


@handler("reporting.fill", title=gettext_lazy("生成报表数字"), capability="report.fill")
def fill(task: Task) -> dict[str, Any]:
    """Draw the figures of a report as known today."""
    pk = task.arguments["report"]
    if not task.is_done("prepare"):
        with task.step("prepare"):
            source().prepare(timezone.localdate())
    if not task.is_done("fill"):
        with task.step("fill"):
            report = filling.get_report(task.actor, pk)
            filling.fill(task.actor, report, timezone.localdate())
    with task.reading():
        report = filling.get_report(task.actor, pk)
        warnings = list(ReportValue.objects.filter(report=report).values_list("warnings", flat=True))
        units = len(workflow.units_of(report))
    said = {"n": len(warnings), "w": sum(map(bool, warnings)), "b": blocking(warnings), "u": units}
    return {
        "text": _("填了 %(n)d 格，%(w)d 格有提示（其中 %(b)d 格须处理），涉及 %(u)d 个管理主体。") % said,
        "url": reverse("reporting:report", args=[pk]),
        "url_text": str(report),
    }


@handler("reporting.bulletin", title=gettext_lazy("生成工作进展通报"), capability="report.fill")
def bulletin(task: Task) -> dict[str, Any]:
    """Write an issue of the bulletin in Word, and as PDF where this machine can."""
    said = task.arguments
    task.progress(0, 2, _("取数并写 Word"))
    if not task.is_done("prepare"):
        with task.step("prepare"):
            source().prepare(timezone.localdate())
    with task.reading():
        document = issuing.make(Period.read(said["period"]), timezone.localdate(), said)
    name = f"工作进展通报_{said['period']}.docx"
    with task.writing(name) as draft:
        draft.write_bytes(document)
    files = [task.described(name, _("通报（Word，可编辑）"))]
    task.progress(1, 2, _("转 PDF"))
    paper = pdf.as_pdf(document)
    if paper is None:
        told = _("本机没有装 LibreOffice 或转换没有成功，没有生成 PDF；请用 Word 或 WPS 打开后另存为 PDF。")
    else:
        shown = name.replace(".docx", ".pdf")
        with task.writing(shown) as draft:
            draft.write_bytes(paper)
        files.append(task.described(shown, _("通报（PDF）")))
        told = issuing.fonts_told()
    with transaction.atomic(), use_scope(task.actor.scope):
        newest = BulletinText.objects.order_by("-pk").first()
        record(task.actor, "bulletin.made", newest or task.job, after={"period": said["period"], "files": files})
    return {"text": told, "files": files, "url": reverse("reporting:list"), "url_text": _("报表")}
