"""Packages of datasets, the changes people propose and decide, and every set of facts that was ever in use."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """One or more datasets handed in together (依据包), checked whole and never changed.

    ``content_hash`` is of the zip kept under it. ``datasets`` tells of each: id, titles, number, version, days in
    force, check, content hash, and ``replaces``, the hash of the dataset of that id then in use (empty: none).
    """

    append_only = True
    data_paths = ("path",)

    content_hash = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=200)
    file_name = models.CharField(_("文件"), max_length=200)
    title = models.CharField(_("名称"), max_length=300)
    datasets: Any = models.JSONField(default=list)
    sent_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    sent_by = models.CharField(_("上传人"), max_length=150)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("依据包")

    def __str__(self) -> str:
        return self.title


class ReferenceSet(models.Model):
    """Which facts the site judges by (在用依据), a row for every change; the newest holds.

    ``packages`` are the content hashes of the packages in use, a later one before an earlier one of the same dataset.
    ``set_hash`` is over everything held: shipped data, the city's own, the packages. Web, worker and commands refuse
    to judge by anything else.
    """

    append_only = True

    set_hash = models.CharField(max_length=64)
    packages: Any = models.JSONField(default=list, blank=True)
    release = models.CharField(_("软件版本"), max_length=40)
    why = models.CharField(max_length=12)
    change = models.ForeignKey("standards.Change", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("启用时间"), auto_now_add=True)
    made_by = models.CharField(_("启用人"), max_length=150)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("在用依据")

    def __str__(self) -> str:
        return self.set_hash[:12]


class Change(models.Model):
    """What one person proposes to change and another decides (依据变更).

    ``kind`` *activate*: a package comes into use; *restore*: the set ``back_to`` holds again. ``run_id`` is the
    rehearsal that shows whom it would hit. ``effective_on`` is the day the decider set.
    """

    class Kind(models.TextChoices):
        """What it does."""

        ACTIVATE = "activate", _("启用依据包")
        RESTORE = "restore", _("恢复以前的依据")

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("待审核")
        PLANNED = "planned", _("待生效")
        DONE = "done", _("已生效")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")

    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    package = models.ForeignKey(Package, models.PROTECT, null=True, blank=True, related_name="changes")
    back_to = models.ForeignKey(ReferenceSet, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    reason = models.CharField(_("理由"), max_length=200)
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    proposed_by = models.CharField(_("提出人"), max_length=150)
    proposer_id = models.BigIntegerField()
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.CharField(_("审核人"), max_length=150, blank=True)
    answer = models.CharField(_("审核意见"), max_length=200, blank=True)
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    run_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("依据变更")

    def __str__(self) -> str:
        if self.package_id:
            return str(self.package)
        day = timezone.localtime(self.back_to.made_at) if self.back_to else None
        return gettext("恢复 %(day)s 启用的依据") % {"day": f"{day:%Y-%m-%d %H:%M}" if day else ""}
