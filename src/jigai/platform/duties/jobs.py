"""Background work of the task ledger: its reminders, and the workbook of what is late."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.audit.services import record
from jigai.platform.duties import reminding
from jigai.platform.duties.data import VIEW
from jigai.platform.duties.overdue import overdue
from jigai.platform.duties.workbook import write
from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.task import Task
from jigai.platform.walls.scope import use_scope


@recurring("duties.remind", every=900)
def remind() -> None:
    """Send the reminders of the schedule; those sent already are not sent again."""
    reminding.by_schedule(timezone.localdate(), timezone.now())


@handler("duties.overdue", title=gettext_lazy("导出任务逾期清单"), capability="export.make")
def export(task: Task) -> dict[str, Any]:
    """Write what is late on a day as a workbook, within the scope of who asks."""
    task.actor.require(VIEW)
    on = date.fromisoformat(task.arguments["on"])
    with task.reading():
        late = overdue(on)
        name = f"任务逾期清单_{on:%Y%m%d}.xlsx"
        with task.writing(name) as draft, draft.open("wb") as target:
            write(target, late, on)
    with transaction.atomic(), use_scope(task.actor.scope):
        record(task.actor, "list.exported", after={"list": "duties-overdue", "on": on, "rows": len(late)})
    return {
        "text": _("共导出 %(n)s 条") % {"n": len(late)},
        "files": [task.described(name, _("任务逾期清单"))],
        "url": reverse("duties:overdue"),
        "url_text": _("逾期清单"),
    }
