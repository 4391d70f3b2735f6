"""Work in the background: what is to be done, for whom, how far it is, and what came of it (D18)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Job(Scoped):
    """Something the server does in the background for a person (任务): an import, an export, a check.

    It runs in the scope of ``membership``, the post its owner held when asking for it; without an owner it is a
    command of the server. ``worker`` and ``attempt`` together tell who holds it now, until ``lease_until``.
    ``seen`` is the scope it ran in: its files are handed out only to someone who still sees as much.
    """

    class State(models.TextChoices):
        """How it stands."""

        QUEUED = "queued", _("排队")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(_("类别"), max_length=60, db_index=True)
    title = models.CharField(_("任务"), max_length=200)
    arguments: Any = models.JSONField(_("参数"), default=dict)
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发起人")
    )
    membership = models.ForeignKey(
        "accounts.Membership", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("身份")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveBigIntegerField(_("已完成"), default=0)
    total = models.PositiveBigIntegerField(_("总数"), null=True, blank=True)
    text = models.CharField(_("进展"), max_length=200, blank=True)
    cancel_requested = models.BooleanField(_("要求取消"), default=False)
    attempt = models.PositiveIntegerField(_("第几次运行"), default=0)
    worker = models.CharField(_("执行者"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("租约至"), null=True, blank=True)
    seen: Any = models.JSONField(_("运行时可见范围"), null=True, blank=True)
    result: Any = models.JSONField(_("结果"), null=True, blank=True)
    error = models.TextField(_("失败原因"), blank=True)
    dismissed = models.BooleanField(_("不再提示"), default=False)
    created_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["state", "created_at"], name="job_waiting"),
            models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
        )
        verbose_name = _("任务")

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self) -> int | None:
        """How far it is [%]; unknown where the total is."""
        return min(100, 100 * self.done // self.total) if self.total else None


class JobStep(models.Model):
    """A step of a job that is done, with everything it wrote; it is never done again."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        base_manager_name = "objects"
        constraints = (models.UniqueConstraint(fields=["job", "key"], name="step_once"),)
        verbose_name = _("任务步骤")

    def __str__(self) -> str:
        return self.key


class Chore(models.Model):
    """Something the workers do every so often (定时事务), one of them at a time: when it last ran, who holds it."""

    key = models.CharField(max_length=60, primary_key=True)
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("定时事务")

    def __str__(self) -> str:
        return self.key
