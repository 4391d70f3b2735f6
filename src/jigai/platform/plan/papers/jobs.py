"""Background work: the board as a workbook or a Word document, as whoever asks may see it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.plan.period import Period
from jigai.platform.audit.services import record
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.plan import words
from jigai.platform.plan.papers import document, workbook
from jigai.platform.plan.papers import words as told
from jigai.platform.plan.reading import Ask, read_board
from jigai.platform.walls.scope import use_scope
from jigai.reports.fonts import chinese

KINDS: Final = {"xlsx": gettext_lazy("目标进展（Excel）"), "docx": gettext_lazy("目标进展（Word）")}


@handler("plan.papers", title=gettext_lazy("导出目标进展"), capability="export.make")
def export(task: Task) -> dict[str, Any]:
    """Write the board of a period, day and partition in the form asked for."""
    said = task.arguments
    known_on = date.fromisoformat(said["known_on"]) if said["known_on"] else None
    ask = Ask(Period.read(said["period"]), known_on, said["partition"])
    today = timezone.localdate()
    with task.reading():
        board = read_board(task.actor, ask, today, language=words.language())
    if board is None:
        raise JobError(_("还没有启用规划文件，没有目标可看。"))
    by = str(task.actor.user or task.actor.label)
    name = f"目标进展_{said['period']}_{known_on or today}.{said['form']}"
    text = told.title(board)
    with task.writing(name) as draft:
        if said["form"] == "xlsx":
            workbook.write(draft, board, by, today)
        elif not document.write(draft, board, by, chinese(), lambda done, all_: _tell(task, done, all_)):
            text += _("（服务器没有中文字体，图没有画出）")
    with transaction.atomic(), use_scope(task.actor.scope):
        record(task.actor, "plan.papers", after={"file": name})
    return {
        "text": text,
        "files": [task.described(name, text)],
        "url": reverse("plan:board"),
        "url_text": _("目标看板"),
    }


def _tell(task: Task, done: int, parts: int) -> None:
    task.check()
    task.progress(done, parts, _("写各项目标"))
