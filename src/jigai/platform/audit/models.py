"""The audit trail: each event carries the hash of the one before, so that a change shows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Event(Scoped):
    """Something that was done (审计记录): who, when, to what, before and after, and why where a reason is asked."""

    append_only = True

    number = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    actor = models.CharField(_("操作人"), max_length=150)
    actor_org = models.CharField(_("操作人单位"), max_length=120, blank=True)
    address = models.CharField(_("来访地址"), max_length=45, blank=True)
    action = models.CharField(_("操作"), max_length=60, db_index=True)
    object_type = models.CharField(_("对象类别"), max_length=60, blank=True)
    object_id = models.CharField(_("对象标识"), max_length=60, blank=True)
    object_name = models.CharField(_("对象"), max_length=200, blank=True)
    before = models.JSONField(_("之前"), null=True, blank=True)
    after = models.JSONField(_("之后"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    previous_hash = models.CharField(max_length=72)
    hash = models.CharField(_("链值"), max_length=72)

    class Meta(Scoped.Meta):
        ordering = ("-number",)
        indexes = (models.Index(fields=["object_type", "object_id"], name="event_of_object"),)
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class ChainHead(models.Model):
    """The newest link of the chain: one row, locked while the next link is made."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=72, default="")

    class Meta:
        verbose_name = _("审计链头")

    def __str__(self) -> str:
        return str(self.number)
