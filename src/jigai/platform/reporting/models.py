"""Forms the province asks for, what their cells are bound to, and each report made with them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Form(models.Model):
    """A form the province asks for (报表): its blank workbook, how often, until which day.

    ``blank_hash`` names the workbook in the store of originals. ``due_day`` is a day of the month after the period.
    """

    class Every(models.TextChoices):
        """How often it is asked for."""

        MONTH = "month", _("月报")
        QUARTER = "quarter", _("季报")
        YEAR = "year", _("年报")

    originals = ("blank_hash",)

    name = models.CharField(_("名称"), max_length=120)
    every = models.CharField(_("报告期"), max_length=10, choices=Every)
    issuer = models.CharField(_("制表机关"), max_length=120)
    due_day = models.PositiveSmallIntegerField(_("期后几日前报出"))
    blank_hash = models.CharField(max_length=64)
    blank_name = models.CharField(_("空白表"), max_length=200)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("报表")

    def __str__(self) -> str:
        return self.name


class Binding(models.Model):
    """What goes into a cell of a form, or from a row down (绑定); ``said`` has what its kind needs to know.

    A list has ``columns`` of letters, each with a key of ``options.csv``; everything else has none.
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="bindings")
    sheet = models.CharField(_("工作表"), max_length=60)
    address = models.CharField(_("单元格"), max_length=12)
    kind = models.CharField(_("填入"), max_length=10)
    label = models.CharField(_("叫法"), max_length=120)
    said: Any = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["form", "sheet", "address"], name="cell_bound_once"),)
        ordering = ("pk",)
        verbose_name = _("报表绑定")

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


class Report(models.Model):
    """A form filled for one period (报表填报); ``number`` counts its corrected versions, the first is 1.

    ``bindings`` and ``blank_hash`` are those it was filled with, ``typed`` and ``forced`` what people added, by the
    number of the binding; ``reasons`` say why figures of a corrected version are others, by place. ``last_hash`` is a
    workbook reported before the site was used, to compare with. Once it is frozen, ``data_hash`` and ``file_hash``
    name what was kept.
    """

    originals = ("blank_hash", "last_hash", "data_hash", "file_hash")

    form = models.ForeignKey(Form, models.PROTECT, related_name="reports")
    period = models.CharField(_("期间"), max_length=7)
    number = models.PositiveSmallIntegerField(_("第几稿"), default=1)
    state = models.CharField(_("状态"), max_length=12, default="draft")
    known_on = models.DateField(_("数据截止"), null=True, blank=True)
    blank_hash = models.CharField(max_length=64, blank=True)
    bindings: Any = models.JSONField(default=list, blank=True)
    typed: Any = models.JSONField(default=dict, blank=True)
    forced: Any = models.JSONField(default=dict, blank=True)
    last_hash = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reasons: Any = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("更正原因"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(_("封存时间"), null=True, blank=True)
    data_hash = models.CharField(max_length=64, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    started_at = models.DateTimeField(_("建立时间"))
    started_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["form", "period", "number"], name="report_once_a_period"),)
        ordering = ("-period", "-number")
        verbose_name = _("报表填报")

    def __str__(self) -> str:
        return f"{self.form} {self.period}"


class ReportValue(Scoped):
    """What a report has in one bound cell (报表数): of a managing unit, or of the city (no ``manager_code``).

    ``held`` is ``["n", "12.5"]``, ``["t", "words"]``, null, or rows of these for a list; ``about`` says what it
    rests on, ``warnings`` what to look at (keys of ``warnings.csv`` with what their sentences say).
    """

    append_only = False  # drawn anew while the report is not frozen

    report = models.ForeignKey(Report, models.PROTECT, related_name="values")
    binding = models.CharField(max_length=12)
    held: Any = models.JSONField(null=True)
    about: Any = models.JSONField(default=dict)
    warnings: Any = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["report", "binding"], name="value_once_a_report"),)
        ordering = ("pk",)
        verbose_name = _("报表数")

    def __str__(self) -> str:
        return f"{self.report_id} {self.binding}"


class Confirmation(Scoped):
    """A managing unit's word on its own figures (管理主体确认): agreed, or objected with the reason.

    ``content_hash`` names the figures it was about: other figures need another word.
    """

    append_only = True

    report = models.ForeignKey(Report, models.PROTECT, related_name="confirmations")
    agreed = models.BooleanField(_("确认"))
    reason = models.CharField(_("意见"), max_length=500, blank=True)
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta(Scoped.Meta):
        ordering = ("pk",)
        verbose_name = _("报表确认")

    def __str__(self) -> str:
        return f"{self.report_id} {self.manager_code}"


class ReportStep(models.Model):
    """Something that was done with a report (报表办理), by whom; ``name`` is how the person signs."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    kind = models.CharField(_("办理"), max_length=12)
    state = models.CharField(_("状态"), max_length=12)
    comment = models.CharField(_("意见"), max_length=500, blank=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("报表办理")

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"


class BulletinText(models.Model):
    """The text of the bulletin as the city changed it (通报模板); the newest holds, else the one shipped."""

    source = models.TextField(_("文字"))
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("通报模板")

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d}"
