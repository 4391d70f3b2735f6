"""Where things lie and who manages them: two different questions (D13)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """An administrative division (行政区划) by its six-digit code: 属地, where a site lies."""

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("上级"))
    level = models.CharField(_("级别"), max_length=10)
    order = models.PositiveIntegerField(_("次序"), default=0)

    class Meta:
        ordering = ("order", "code")
        verbose_name = _("行政区划")

    def __str__(self) -> str:
        return self.name


class ManagingUnit(models.Model):
    """Who manages enterprises (管理主体): a county, or the high-tech zone inside counties (钒钛高新区)."""

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    short = models.CharField(_("简称"), max_length=20, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("对应区划"))
    order = models.PositiveIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("order", "code")
        verbose_name = _("管理主体")

    def __str__(self) -> str:
        return self.short or self.name


class Park(models.Model):
    """An industrial or chemical park (园区) in one managing unit."""

    name = models.CharField(_("名称"), max_length=80, unique=True)
    manager = models.ForeignKey(ManagingUnit, models.PROTECT, verbose_name=_("管理主体"))
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("属地"))
    chemical = models.BooleanField(_("化工园区"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("manager__order", "name")
        verbose_name = _("园区")

    def __str__(self) -> str:
        return self.name
