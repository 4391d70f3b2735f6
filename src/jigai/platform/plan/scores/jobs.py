"""Background work of the scorecard: its workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.plan.frozen import FrozenError
from jigai.plan.period import Period
from jigai.platform.audit.services import record
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.plan.scores import services, workbook
from jigai.platform.plan.scores.views import hidden_from
from jigai.platform.walls.scope import use_scope


@handler("plan.scorecard", title=gettext_lazy("导出县区得分"), capability="export.make")
def export(task: Task) -> dict[str, Any]:
    """Write a scorecard as a workbook: a kept one as it was kept, or one of a year as known on a day."""
    said = task.arguments
    with task.reading():
        url = reverse("scores:index")
        if pk := said.get("saved"):
            url = reverse("scores:saved", args=[pk])
            try:
                sheet = services.opened(task.actor, pk)
            except FrozenError as error:
                raise JobError(_("存档内容和校验值不符，不能导出。请系统管理员从备份恢复。")) from error
        else:
            weights = {key: Decimal(value) for key, value in (said.get("weights") or {}).items()}
            period, known_on = Period.read(said["period"]), date.fromisoformat(said["known_on"])
            sheet, _version = services.drawn(task.actor, period, known_on, timezone.localdate(), weights or None)
        hidden = hidden_from(task.actor, sheet)
    title = f"{sheet.about['period']} 年县区得分" + (f"（存档第 {pk} 号）" if pk else "（试算）" if sheet.tried else "")
    name = f"县区得分_{sheet.about['period']}_{sheet.about['known_on']}.xlsx"
    with task.writing(name) as draft:
        workbook.write(draft, sheet, title, str(task.actor.user or task.actor.label), hidden)
    with transaction.atomic(), use_scope(task.actor.scope):
        record(task.actor, "plan.score_exported", after={"file": name, "saved": pk})
    return {"text": title, "files": [task.described(name, title)], "url": url, "url_text": title}
