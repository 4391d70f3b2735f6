"""Background work of surveys: the workbook, and the reminders before the deadline."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.audit.services import record
from jigai.platform.campaigns import reminding
from jigai.platform.campaigns.record import book, gather, kept_book
from jigai.platform.campaigns.services import get_campaign
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.task import Task
from jigai.platform.walls.scope import use_scope


@recurring("campaigns.remind", every=900)
def remind() -> None:
    """Send the reminders of the schedule; those sent already are not sent again."""
    reminding.by_schedule(timezone.localdate())


@handler("campaigns.export", title=gettext_lazy("导出摸排情况"), capability="export.make")
def export(task: Task) -> dict[str, Any]:
    """Write a survey as a workbook, within the scope of who asks: of a closed one what was kept."""
    with task.reading():
        campaign = get_campaign(task.actor, task.arguments["campaign"])
        whole = campaign.closed_at is not None and task.actor.scope.everything
        try:
            data = kept_book(campaign) if whole else book(gather(campaign))
        except FileNotFoundError as error:
            text = _("存档文件不见了，不能导出。请联系系统管理员从备份恢复 files/campaigns。")
            raise JobError(text) from error
    name = re.sub(r"[^\w（）()-]+", "_", campaign.name) + ".xlsx"
    with task.writing(name) as draft:
        draft.write_bytes(data)
    with transaction.atomic(), use_scope(task.actor.scope):
        record(task.actor, "campaign.exported", campaign, after={"file": name})
    return {
        "text": campaign.name,
        "files": [task.described(name, campaign.name)],
        "url": reverse("campaigns:page", args=[campaign.pk]),
        "url_text": campaign.name,
    }
