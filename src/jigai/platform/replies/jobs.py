"""Background work: enterprises are told, silence is passed on, verdicts written down; site lists as workbooks."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.audit.services import record
from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.task import Task
from jigai.platform.registers.workdays import calendar
from jigai.platform.replies import following, site_lists, windows
from jigai.platform.replies.checks import CHECK


@recurring("replies.tell", every=120)
def tell() -> None:
    """Tell enterprises of findings they do not know yet."""
    windows.tell_everyone(timezone.localdate(), calendar())


@recurring("replies.escalate", every=1800)
def escalate() -> None:
    """Pass objections on that were not answered in time."""
    following.escalate(timezone.localdate(), calendar())


@recurring("replies.settle", every=30)
def settle() -> None:
    """Write down what runs after objections came to."""
    following.settle()


@handler("replies.site_list", title=gettext_lazy("现场核对表"), capability=CHECK)
def site_list(task: Task) -> dict[str, Any]:
    """Write the list of a check as a workbook."""
    pk = task.arguments["check"]
    with task.reading():
        check, rows = site_lists.rows(task.actor, pk)
        title = f"{_('现场核对表')}_{check.site}_{timezone.localdate():%Y%m%d}"
        name = re.sub(r"[^\w（）()-]+", "_", title) + ".xlsx"
        with task.writing(name) as draft:
            site_lists.write(draft, check, rows, timezone.localtime())
    if not task.is_done("recorded"):
        with task.step("recorded"):
            record(task.actor, "list.exported", check, after={"list": "site-check", "rows": len(rows)})
    return {
        "text": _("共 %(n)d 台") % {"n": len(rows)},
        "files": [task.described(name, str(_("现场核对表")))],
        "url": reverse("replies:check", args=[pk]),
        "url_text": _("现场核对"),
    }
