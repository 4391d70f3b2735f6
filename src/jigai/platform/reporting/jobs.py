"""Background work of reports: drawing their figures."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.reporting import filling, workflow
from jigai.platform.reporting.checking import blocking
from jigai.platform.reporting.models import ReportValue


@handler("reporting.fill", title=gettext_lazy("生成报表数字"), capability="report.fill")
def fill(task: Task) -> dict[str, Any]:
    """Draw the figures of a report as known today."""
    pk = task.arguments["report"]
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
