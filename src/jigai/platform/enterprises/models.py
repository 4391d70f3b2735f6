"""Legal person – site – line (D12), titles, the yearly above-scale list, annual figures and their sheets."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises.data import keyed
from jigai.platform.walls.models import Scoped


class LegalPerson(Scoped):
    """An enterprise before the law (企业法人), known by its unified social credit code.

    ``org`` is the organisation people act for. ``predecessors`` are credit codes it took over. ``initials`` are the
    pinyin initials of the name, kept by the services, so that it is found by typing them.
    """

    class Status(models.TextChoices):
        """Whether it produces; an archived enterprise is out of lists but keeps its history."""

        OPERATING = "operating", _("在产")
        STOPPED = "stopped", _("停产")
        CLOSED = "closed", _("已注销")
        ARCHIVED = "archived", _("已归档")

    name = models.CharField(_("企业名称"), max_length=120, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_index=True)
    industry_code = models.CharField(_("行业小类"), max_length=4, blank=True, db_index=True)
    park = models.ForeignKey("places.Park", models.PROTECT, null=True, blank=True, verbose_name=_("园区"))
    address = models.CharField(_("注册地址"), max_length=200, blank=True)
    registered_on = models.DateField(_("成立日期"), null=True, blank=True)
    predecessors = models.JSONField(_("前身信用代码"), default=list, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=Status, default=Status.OPERATING)
    sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Scoped.Meta):
        ordering = ("name", "pk")
        verbose_name = _("企业")

    def __str__(self) -> str:
        return self.name


class Site(Scoped):
    """A place where an enterprise produces (厂区): it lies in one county and answers to one managing unit.

    ``site`` points at the row itself, so that a person of one site sees only that one. Name and code of the legal
    person are kept beside, for a county that sees the site but not the legal person.
    """

    legal_person = models.ForeignKey(LegalPerson, models.PROTECT, related_name="sites", verbose_name=_("企业"))
    enterprise_name = models.CharField(_("企业名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    name = models.CharField(_("厂区名称"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    park = models.ForeignKey("places.Park", models.PROTECT, null=True, blank=True, verbose_name=_("园区"))
    industry_code = models.CharField(_("行业小类"), max_length=4, blank=True)
    active = models.BooleanField(_("在用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        ordering = ("enterprise_name", "name", "pk")
        verbose_name = _("厂区")

    def __str__(self) -> str:
        return self.name


class Line(Scoped):
    """A production line (产线): one product by one process, with capacity and energy per unit of product.

    ``capacity`` is per year in ``capacity_unit``; ``unit_energy`` in ``unit_energy_unit`` per unit of product.
    ``planned_exit`` is the day by which it is to be renewed or gone, ``planned_exit_note`` how (文件、方案). Figures of
    years are facts of the line (`Fact`).
    """

    name = models.CharField(_("产线名称"), max_length=120)
    product = models.CharField(_("产品"), max_length=80)
    process = models.CharField(_("工艺"), max_length=80, blank=True)
    capacity = models.DecimalField(_("年产能"), max_digits=18, decimal_places=4, null=True, blank=True)
    capacity_unit = models.CharField(_("产能单位"), max_length=20, blank=True)
    unit_energy = models.DecimalField(_("单位产品能耗"), max_digits=14, decimal_places=4, null=True, blank=True)
    unit_energy_unit = models.CharField(_("能耗单位"), max_length=20, blank=True)
    environmental_grade = models.CharField(_("环保绩效等级"), max_length=4, blank=True)
    commissioned = models.PositiveIntegerField(_("投产年份"), null=True, blank=True)
    retired = models.PositiveIntegerField(_("退出年份"), null=True, blank=True)
    planned_exit = models.DateField(_("计划改造或退出日期"), null=True, blank=True)
    planned_exit_note = models.CharField(_("改造或退出安排"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        ordering = ("site", "name", "pk")
        verbose_name = _("产线")

    def __str__(self) -> str:
        return self.name


class AboveScaleYear(models.Model):
    """The above-scale list of a year as a whole (年度规上名单): open, or frozen from a moment on."""

    year = models.PositiveIntegerField(_("年度"), primary_key=True)
    frozen_at = models.DateTimeField(_("定稿时间"), null=True, blank=True)
    frozen_by = models.CharField(_("定稿人"), max_length=80, blank=True)

    class Meta:
        ordering = ("-year",)
        verbose_name = _("年度规上名单")

    def __str__(self) -> str:
        return str(self.year)


class AboveScale(Scoped):
    """An enterprise on the above-scale list (规上) of one year; the list is yearly, not a flag.

    Rows are never deleted (D16): one taken off gets ``superseded_at``, by whom and why, so that the list of any day
    can be shown. The list of today is the rows without it.
    """

    legal_person = models.ForeignKey(LegalPerson, models.PROTECT, related_name="above_scale", verbose_name=_("企业"))
    year = models.PositiveIntegerField(_("年度"), db_index=True)
    recorded_at = models.DateTimeField(_("列入时间"), default=timezone.now)
    recorded_by = models.CharField(_("列入人"), max_length=80, blank=True)
    reason = models.CharField(_("列入原因"), max_length=200, blank=True)
    superseded_at = models.DateTimeField(_("移出时间"), null=True, blank=True)
    superseded_by = models.CharField(_("移出人"), max_length=80, blank=True)
    superseded_reason = models.CharField(_("移出原因"), max_length=200, blank=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["legal_person", "year"],
                condition=Q(superseded_at__isnull=True),
                name="above_scale_once_a_year",
            ),
        )
        ordering = ("-year", "legal_person")
        verbose_name = _("规上名单")

    def __str__(self) -> str:
        return f"{self.year} {self.legal_person_id}"


class Title(Scoped):
    """A title an enterprise holds (称号): specialised SME, champion, chain leader … with its years.

    ``kind`` is a key of ``titles.csv``. One entered by mistake is withdrawn (``withdrawn_at``), never deleted.
    """

    legal_person = models.ForeignKey(LegalPerson, models.PROTECT, related_name="titles", verbose_name=_("企业"))
    kind = models.CharField(_("称号"), max_length=40)
    level = models.CharField(_("级别"), max_length=20, blank=True)
    year = models.PositiveIntegerField(_("认定年份"))
    until = models.PositiveIntegerField(_("有效至"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-year", "kind")
        verbose_name = _("称号")

    def __str__(self) -> str:
        return keyed("titles").get(self.kind, {}).get("zh", self.kind)


class Fact(Scoped):
    """One annual figure of a legal person, a site or a line (年度数据), as recorded at one moment; never changed (D16).

    ``subject`` is *legal_person*, *site* or *line* (then ``site`` is that of the line), ``attribute`` a row of
    ``facts.csv``. ``value`` is text as entered and checked, ``number`` its value in the unit of the attribute. A later
    row of the same figure replaces this one from ``superseded_at`` on. ``status`` says how it came: *entered*, *same*
    as last year, *imported*, *corrected* after the sheet was confirmed. ``note`` is the filler's answer to the
    plausibility checks in ``warnings``.
    """

    append_only = False  # superseded_at is set once; the scope columns move when the enterprise moves

    legal_person = models.ForeignKey(LegalPerson, models.PROTECT, related_name="facts", verbose_name=_("企业"))
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="facts", verbose_name=_("产线"))
    subject = models.CharField(max_length=20)
    attribute = models.CharField(_("指标"), max_length=60)
    year = models.PositiveIntegerField(_("年度"))
    value = models.CharField(_("值"), max_length=200, blank=True)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    status = models.CharField(_("状态"), max_length=20, default="entered")
    reason = models.CharField(_("修改原因"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    warnings = models.JSONField(_("提示"), default=list, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=80)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["legal_person", "year", "attribute"],
                condition=Q(superseded_at__isnull=True, site__isnull=True),
                name="one_current_fact_of_enterprise",
            ),
            models.UniqueConstraint(
                fields=["site", "year", "attribute"],
                condition=Q(superseded_at__isnull=True, site__isnull=False, line__isnull=True),
                name="one_current_fact_of_site",
            ),
            models.UniqueConstraint(
                fields=["line", "year", "attribute"],
                condition=Q(superseded_at__isnull=True, line__isnull=False),
                name="one_current_fact_of_line",
            ),
        )
        indexes = (
            models.Index(fields=["legal_person", "year", "attribute"], name="fact_of_enterprise"),
            models.Index(fields=["attribute", "year"], name="fact_of_attribute"),
            models.Index(fields=["line", "year", "attribute"], name="fact_of_line"),
        )
        verbose_name = _("年度数据")

    def __str__(self) -> str:
        # Without the value: the name stands in the audit trail, whose readers may not see every figure.
        from jigai.platform.enterprises.attributes import attributes

        described = attributes().get(self.attribute)
        return f"{self.year} {described.zh if described else self.attribute}"


class SheetStep(Scoped):
    """One step of an enterprise's yearly sheet (年度填报): submitted, returned, confirmed, corrected (D16).

    Only ever added to: the state of a sheet on any day is that of the last step before it. ``step`` is a key of
    ``sheet_steps.csv``, ``state`` one of ``sheet_states.csv``.
    """

    append_only = False  # the scope columns move when the enterprise moves
    COMMENT: Final = 500

    legal_person = models.ForeignKey(LegalPerson, models.PROTECT, related_name="steps", verbose_name=_("企业"))
    year = models.PositiveIntegerField(_("年度"))
    step = models.CharField(_("步骤"), max_length=20)
    state = models.CharField(_("状态"), max_length=20)
    comment = models.CharField(_("意见"), max_length=COMMENT, blank=True)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=80)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["year", "legal_person", "id"], name="step_of_sheet"),)
        ordering = ("pk",)
        verbose_name = _("年度填报")

    def __str__(self) -> str:
        return f"{self.year} {self.state}"
