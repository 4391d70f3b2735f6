"""Lists of registers as workbooks, written in the background."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.registers.definition import registers
from jigai.platform.registers.tables import filtered, told
from jigai.platform.registers.values import from_json
from jigai.platform.registers.versions import data_date
from jigai.reports.template.subject import write_rows

MOST = 100_000
"""Rows one workbook takes."""


@handler("registers.export", title=gettext_lazy("导出登记册"), capability="export.make")
def export(task: Task) -> dict[str, Any]:
    """Write the entries with the filters of the page; the workbook can be corrected and handed in again."""
    task.actor.require("register.view")
    register = registers().get(task.arguments["register"])
    if register is None:
        raise JobError(_("登记册“%(key)s”已不存在，请从登记册列表重新导出。") % {"key": task.arguments["register"]})
    query = task.arguments["query"]
    with task.reading():
        found = filtered(register, query)
        total = found.count()
        if total > MOST:
            raise JobError(
                _("共 %(n)d 条，超过一个工作簿的上限 %(most)d 条。请先筛选再导出。") % {"n": total, "most": MOST}
            )
        rows = [from_json(register.table, version.values) for version in found.iterator(chunk_size=2000)]
        last = data_date(register)
    now = timezone.localtime()
    about = [
        (_("数据截至"), f"{timezone.localtime(last):%Y-%m-%d %H:%M}" if last else "—"),
        (_("导出"), f"{now:%Y-%m-%d %H:%M}"),
        *told(register, query),
    ]
    name = f"{register.table.zh}.xlsx"
    with task.writing(name) as path:
        count = write_rows(register.table, rows, path, about=about)
    task.progress(total, total)
    return {
        "text": _("%(register)s %(n)d 条") % {"register": register.title_here, "n": count},
        "files": [task.described(name)],
    }
