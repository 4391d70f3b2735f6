"""Entries of registers and everything that was ever recorded about each (登记册条目)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class EntryBase(models.Model):
    """One thing that a register lists. What it says stands in its versions; the entry only keeps who it is.

    ``identity`` is its key in the register, written one way; ``title`` what people call it.
    """

    register = models.CharField(_("登记册"), max_length=60, db_index=True)
    identity = models.CharField(_("标识"), max_length=400)
    title = models.CharField(_("名称"), max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class VersionBase(models.Model):
    """What was recorded about an entry at one moment (D16); later versions replace it, nothing is ever changed.

    ``values`` holds the columns of the register by name (days as ISO text). It is true from ``valid_from`` to
    ``valid_to``, and was taken for true from ``recorded_at`` until ``superseded_at``. ``removed`` ends the entry.
    ``basis`` names the dataset that computed columns rest on, ``source`` the upload or page it came by.
    """

    register = models.CharField(max_length=60)
    values: Any = models.JSONField(_("内容"), default=dict)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    due_on = models.DateField(_("到期日期"), null=True, blank=True)
    removed = models.BooleanField(_("已注销"), default=False)
    basis = models.CharField(max_length=120, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.register} {self.recorded_at:%Y-%m-%d}"


class RegisterEntry(EntryBase, Scoped):
    """An entry about an enterprise, a site, a park or a managing unit (登记册条目), seen by whoever may see that."""

    legal_person = models.ForeignKey(
        "enterprises.LegalPerson", models.PROTECT, null=True, blank=True, related_name="register_entries"
    )
    park = models.ForeignKey("places.Park", models.PROTECT, null=True, blank=True, related_name="register_entries")

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["register", "identity"], name="entry_once"),)
        verbose_name = _("登记册条目")


class RegisterVersion(VersionBase, Scoped):
    """One version of an entry that belongs to someone (登记册条目的一次记录)."""

    append_only = False  # superseded_at is set once, when the next row comes

    entry = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="versions")

    class Meta(Scoped.Meta):
        indexes = (
            models.Index(fields=["register", "superseded_at"], name="version_of_register"),
            models.Index(fields=["due_on"], name="version_due"),
        )
        verbose_name = _("登记记录")


class PublicEntry(EntryBase):
    """An entry that belongs to nobody in particular (公共登记册条目): a holiday, a city of the province."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "identity"], name="public_entry_once"),)
        verbose_name = _("公共登记册条目")


class PublicVersion(VersionBase):
    """One version of a public entry (公共登记册条目的一次记录)."""

    entry = models.ForeignKey(PublicEntry, models.PROTECT, related_name="versions")

    class Meta:
        indexes = (models.Index(fields=["register", "superseded_at"], name="public_version_of_register"),)
        verbose_name = _("公共登记记录")
