"""Background work of the frame: exporting lists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from jigai.platform.jobs.handlers import handler
from jigai.platform.jobs.task import Task
from jigai.platform.web.exports import export


@handler("list.export", title=gettext_lazy("导出清单"), capability="export.make")
def export_list(task: Task) -> dict[str, Any]:
    """Write a list, with the filters it was seen with, as a workbook."""
    return export(task)
