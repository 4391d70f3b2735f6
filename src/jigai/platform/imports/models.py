"""Files that were handed in, and how their headers are to be understood."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Upload(Scoped):
    """A file handed in to become rows of a subject (上传): the original is kept, corrections stand beside it.

    ``mapping`` is header layout → header → attribute as the user settled it; ``corrections`` sheet → cell → text;
    ``context`` what holds for the whole file (its year). ``summary`` is what was recognised, ``result`` what came of
    accepting. ``content_hash`` finds the original in the file store; ``drafts`` are the files that stood in its place
    before the workbook was put right and handed in again, the oldest first, each with what the next one changed.
    """

    originals = ("content_hash", "drafts")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("核对中")
        REFUSED = "refused", _("没读成")
        ACCEPTING = "accepting", _("入库中")
        DONE = "done", _("已入库")
        WITHDRAWN = "withdrawn", _("已作废")

    subject = models.CharField(_("导入到"), max_length=80, db_index=True)
    file_name = models.CharField(_("文件"), max_length=200)
    content_hash = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("大小"))
    format = models.CharField(max_length=10, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_by_label = models.CharField(_("上传人"), max_length=150)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.OPEN)
    mapping: Any = models.JSONField(default=dict, blank=True)
    corrections: Any = models.JSONField(default=dict, blank=True)
    context: Any = models.JSONField(default=dict, blank=True)
    summary: Any = models.JSONField(default=dict, blank=True)
    result: Any = models.JSONField(default=dict, blank=True)
    drafts: Any = models.JSONField(default=list, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        ordering = ("-pk",)
        verbose_name = _("上传")

    def __str__(self) -> str:
        return self.file_name


class RememberedMapping(Scoped):
    """How an organisation wants the headers of one layout understood (认列习惯): settled once, used from then on."""

    subject = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=16)
    columns: Any = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(auto_now=True)
    recorded_by = models.CharField(max_length=150)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["org", "subject", "fingerprint"], name="layout_once"),)
        verbose_name = _("认列习惯")

    def __str__(self) -> str:
        return f"{self.subject} {self.fingerprint}"
