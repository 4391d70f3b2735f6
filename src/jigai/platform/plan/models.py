"""Versions of the plan, and the figures it is judged by with what adds up to them (D21)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped

NOW = Q(known_on__isnull=True)
PLACES = 6
DIGITS = 38


class PlanVersion(models.Model):
    """A plan file as it was loaded (规划文件): what it says, the text it quotes, and whether figures go by it now."""

    title = models.CharField(_("名称"), max_length=200)
    content = models.TextField(_("规划文件"))
    text = models.TextField(_("规划原文"), blank=True)
    text_file = models.CharField(_("原文文件"), max_length=200, default="text.txt")
    content_hash = models.CharField(_("校验值"), max_length=64)
    loaded_at = models.DateTimeField(_("装入时间"))
    loaded_by = models.CharField(_("装入人"), max_length=150)
    in_force = models.BooleanField(_("在用"), default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="one_plan"),)
        ordering = ("-pk",)
        verbose_name = _("规划文件")

    def __str__(self) -> str:
        return self.title


class Contribution(Scoped):
    """What one adds to a figure (指标明细), the columns of ``jigai.plan.contributions``.

    ``known_on`` is the day as known on which it was computed, empty for what is known now; those are computed anew
    where something changed. Nobody enters them: they follow from the sources.
    """

    append_only = False  # derived, computed anew

    indicator = models.CharField(_("指标"), max_length=60)
    period = models.CharField(_("期间"), max_length=7)
    known_on = models.DateField(_("截至"), null=True, blank=True)
    kind = models.CharField(_("对象类别"), max_length=20)
    key = models.CharField(_("对象标识"), max_length=120)
    label = models.CharField(_("对象"), max_length=300, blank=True)
    legal_person = models.ForeignKey("enterprises.LegalPerson", models.PROTECT, null=True, blank=True, related_name="+")
    industry_code = models.CharField(_("行业小类"), max_length=4, blank=True)
    group = models.CharField(_("分组"), max_length=120, blank=True)
    numerator = models.DecimalField(_("分子"), max_digits=DIGITS, decimal_places=PLACES)
    denominator = models.DecimalField(_("分母"), max_digits=DIGITS, decimal_places=PLACES)
    should = models.BigIntegerField(_("应报"))
    reported = models.BigIntegerField(_("已报"))
    standing = models.CharField(_("状态"), max_length=40)
    data_date = models.DateField(_("数据日期"), null=True, blank=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "period", "kind", "key", "group"], condition=NOW, name="contribution_now"
            ),
            models.UniqueConstraint(
                fields=["indicator", "period", "known_on", "kind", "key", "group"],
                condition=~NOW,
                name="contribution_known",
            ),
        )
        indexes = (
            models.Index(fields=["indicator", "period", "known_on", "id"], name="contribution_page"),
            models.Index(fields=["indicator", "period", "known_on", "manager_code", "id"], name="contribution_of_unit"),
            models.Index(fields=["legal_person", "indicator", "period"], name="contribution_of_person"),
        )
        verbose_name = _("指标明细")

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.label}"


class IndicatorValue(models.Model):
    """The sums of a figure (指标数值) over the whole city or one part of a partition.

    ``partition`` is *city*, *manager* (管理主体), *place* (属地), *division* (行业大类) or *group* (the indicator's
    own breakdown), ``key`` the part. ``reason`` says why there is nothing to add up: a key of ``reasons.csv``, or the
    words of a source that does not exist yet.
    """

    indicator = models.CharField(_("指标"), max_length=60)
    partition = models.CharField(_("口径"), max_length=10)
    key = models.CharField(_("部分"), max_length=120, blank=True)
    period = models.CharField(_("期间"), max_length=7)
    known_on = models.DateField(_("截至"), null=True, blank=True)
    numerator = models.DecimalField(_("分子"), max_digits=DIGITS, decimal_places=PLACES)
    denominator = models.DecimalField(_("分母"), max_digits=DIGITS, decimal_places=PLACES)
    should = models.BigIntegerField(_("应报"))
    reported = models.BigIntegerField(_("已报"))
    data_date = models.DateField(_("数据日期"), null=True, blank=True)
    reason = models.CharField(_("没有数值的原因"), max_length=200, blank=True)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "period", "partition", "key"], condition=NOW, name="value_now"
            ),
            models.UniqueConstraint(
                fields=["indicator", "period", "known_on", "partition", "key"], condition=~NOW, name="value_known"
            ),
        )
        verbose_name = _("指标数值")

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.partition} {self.key}"


class Computing(models.Model):
    """How far the figures as known now are (指标计算): one row, locked while they are computed.

    What was recorded up to ``upto`` is in, as known on ``day``; ``basis`` is a hash of what else they rest on
    (software, plan, parameters, standards). ``checked_at`` and ``faults`` are of the last comparison with scratch.
    """

    upto = models.DateTimeField(_("计入截至"), null=True, blank=True)
    day = models.DateField(_("截至日"), null=True, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    faults = models.PositiveIntegerField(_("不一致"), default=0)

    class Meta:
        verbose_name = _("指标计算")

    def __str__(self) -> str:
        return f"{self.upto}"


class SavedScorecard(models.Model):
    """A scorecard of counties and zones as it was on a day (县区得分存档): never changed, never computed again.

    ``content`` is its canonical JSON (``jigai.plan.frozen``), ``content_hash`` the sha256 of it.
    """

    append_only = True

    plan = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+", verbose_name=_("规划文件"))
    period = models.CharField(_("期间"), max_length=7)
    known_on = models.DateField(_("截至"))
    content = models.TextField(_("内容"))
    content_hash = models.CharField(_("校验值"), max_length=64)
    reason = models.CharField(_("说明"), max_length=200)
    saved_at = models.DateTimeField(_("存档时间"))
    saved_by = models.CharField(_("存档人"), max_length=150)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("县区得分存档")

    def __str__(self) -> str:
        return f"{self.period} · {self.known_on}"


class PilotStep(models.Model):
    """A county recommended for the provincial pilot on the strength of a kept scorecard, or taken back (试点推荐).

    What holds of a unit is its newest row.
    """

    append_only = True

    scorecard = models.ForeignKey(SavedScorecard, models.PROTECT, related_name="pilots", verbose_name=_("得分存档"))
    unit = models.CharField(_("管理主体"), max_length=12)
    unit_name = models.CharField(_("名称"), max_length=80)
    recommended = models.BooleanField(_("推荐"))
    note = models.CharField(_("说明"), max_length=500)
    taken_at = models.DateTimeField(_("时间"))
    taken_by = models.CharField(_("办理人"), max_length=150)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("试点推荐")

    def __str__(self) -> str:
        return self.unit_name
