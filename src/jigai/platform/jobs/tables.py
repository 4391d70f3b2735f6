"""The list of jobs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.jobs.handlers import handlers
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import own_jobs
from jigai.platform.web.listing import Cell, Column, Filter, Listing

STATES = {
    Job.State.QUEUED: "idle",
    Job.State.RUNNING: "busy",
    Job.State.DONE: "ok",
    Job.State.FAILED: "stop",
    Job.State.CANCELLED: "idle",
}
"""How each state looks (``badge``)."""


def state_of(job: Job) -> tuple[str, Any]:
    """Return look and word of where a job stands."""
    if job.open and job.cancel_requested:
        return "warn", _("正在取消")
    return STATES[Job.State(job.state)], job.get_state_display()


def _rows(request: HttpRequest) -> QuerySet[Job]:
    actor = request.actor  # type: ignore[attr-defined]
    rows = Job.objects.all() if actor.may("job.manage") else own_jobs(actor)
    return rows.select_related("owner")


def _state(job: Job) -> Cell:
    look, word = state_of(job)
    percent = f"{job.percent}%" if job.state == Job.State.RUNNING and job.percent is not None else ""
    return Cell(word, state=look, sub=percent)


def _when(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _took(job: Job) -> str:
    if not (job.started_at and job.finished_at):
        return ""
    seconds = int((job.finished_at - job.started_at).total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _kinds(request: HttpRequest) -> list[tuple[str, Any]]:
    return sorted((one.kind, one.title) for one in handlers().values())


JOBS = Listing(
    key="jobs",
    title=_("任务"),
    rows=_rows,
    order="-created_at",
    columns=(
        Column("title", _("任务"), lambda job: Cell(job.title, url=reverse("jobs:job", args=[job.pk])), sort="title"),
        Column("state", _("状态"), _state, sort="state"),
        Column("owner", _("发起人"), lambda job: str(job.owner or _("系统"))),
        Column("created", _("提交时间"), lambda job: _when(job.created_at), sort="created_at"),
        Column("finished", _("结束时间"), lambda job: _when(job.finished_at)),
        Column("took", _("用时"), _took, unit=_("时:分:秒"), numeric=True),
        Column("number", _("编号"), lambda job: job.pk, numeric=True, hidden=True, sort="id"),
    ),
    filters=(
        Filter("state", _("状态"), lambda rows, value: rows.filter(state=value), lambda _: Job.State.choices),
        Filter("kind", _("类别"), lambda rows, value: rows.filter(kind=value), _kinds),
        Filter(
            "q",
            _("查找"),
            lambda rows, value: rows.filter(Q(title__icontains=value) | Q(owner__name__icontains=value)),
            hint=_("任务名称或发起人"),
        ),
    ),
    empty=_("还没有任务。导入、导出和验证这类费时的事在后台进行，进度和结果在这里看。"),
)
