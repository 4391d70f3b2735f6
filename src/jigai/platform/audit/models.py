"""The audit trail: events as they are written, and the chain over them in which a change shows."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Event(Scoped):
    """Something that was done (审计记录): who, when, to what, before and after, and why where a reason is asked.

    Written in the transaction of what was done, so that neither stands without the other. ``number`` grows with
    time; the place in the chain is that of its ``Link``, made right after the transaction.
    """

    append_only = True

    number = models.BigIntegerField(_("编号"), primary_key=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.CharField(_("操作人"), max_length=150)
    actor_org = models.CharField(_("操作人单位"), max_length=120, blank=True)
    address = models.CharField(_("来访地址"), max_length=45, blank=True)
    action = models.CharField(_("操作"), max_length=60, db_index=True)
    object_type = models.CharField(_("对象类别"), max_length=60, blank=True)
    object_id = models.CharField(_("对象标识"), max_length=60, blank=True)
    object_name = models.CharField(_("对象"), max_length=200, blank=True)
    before: Any = models.JSONField(_("之前"), null=True, blank=True)
    after: Any = models.JSONField(_("之后"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=500, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-number",)
        indexes = (models.Index(fields=["object_type", "object_id"], name="event_of_object"),)
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    @property
    def word(self) -> str:
        """What was done, in the language of the page."""
        from jigai.platform.audit.actions import word

        return word(self.action)

    @property
    def who(self) -> str:
        """Who did it, in the language of the page."""
        from jigai.platform.audit.actions import who

        return who(self.actor)

    @property
    def kind(self) -> str:
        """What sort of record it was done to, in words, with its number."""
        model = self.model
        name = str(model._meta.verbose_name) if model else self.object_type
        return f"{name} {self.object_id}".strip()

    @property
    def model(self) -> type[models.Model] | None:
        """The model of the record, if this version still has it."""
        try:
            return apps.get_model(self.object_type)
        except (LookupError, ValueError):
            return None

    def label(self, field: str) -> str:
        """Return the label of a field of the record; its key where it is none."""
        model = self.model
        try:
            found = model._meta.get_field(field) if model else None
        except FieldDoesNotExist:
            found = None
        return str(getattr(found, "verbose_name", field))


class Link(models.Model):
    """One link of the chain (链节): the hash over an event and over the link before."""

    append_only = True

    position = models.BigIntegerField(_("链序号"), primary_key=True)
    # Not a foreign key: a deleted event must leave its link behind, for that is how the deletion shows.
    event_number = models.BigIntegerField(unique=True)
    previous_hash = models.CharField(max_length=72)
    hash = models.CharField(_("链值"), max_length=72)

    class Meta:
        base_manager_name = "objects"
        ordering = ("position",)
        verbose_name = _("审计链节")

    def __str__(self) -> str:
        return f"{self.position} {self.hash}"


class ChainHead(models.Model):
    """The newest link of the chain: one row, locked while further links are made.

    ``newest`` is the largest event number in the chain.
    """

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=72)
    newest = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("审计链头")

    def __str__(self) -> str:
        return str(self.position)


class Forwarding(models.Model):
    """How far the trail has been handed to the log collector (日志转发): one row, the outbox's mark."""

    position = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("审计日志转发")

    def __str__(self) -> str:
        return str(self.position)
